"""Field sets against a schema: which fields does `"id organization { id }"` name?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from graphql import FieldNode, GraphQLError, InlineFragmentNode, SelectionSetNode, print_ast

from federation.composition.model import Field, Kind, Schema, named
from federation.spec import parse_field_set

TYPENAME = "__typename"


@dataclass(frozen=True, slots=True)
class Selected:
    """One field of a field set, seen from the type that it is selected on. `field` is None where there is none."""

    parent: str
    node: FieldNode
    field: Field | None

    @property
    def coordinate(self) -> str:
        return f"{self.parent}.{self.node.name.value}"


@lru_cache(maxsize=4096)
def parsed(text: str) -> SelectionSetNode:
    """The selections of a field set; raises GraphQLSyntaxError."""
    return parse_field_set(text)


def selected(schema: Schema, parent: str, selection: SelectionSetNode) -> Iterator[Selected]:
    """Every field of a selection, outer before inner; what lies under an unknown field is skipped."""
    owner = schema.types.get(parent)
    for node in selection.selections:
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition.name.value if node.type_condition else parent
            yield from selected(schema, condition, node.selection_set)
        elif isinstance(node, FieldNode):
            field = owner.fields.get(node.name.value) if owner else None
            yield Selected(parent, node, field)
            if field is not None and node.selection_set is not None:
                yield from selected(schema, named(field.type), node.selection_set)


def target_fields(schema: Schema, parent: str, text: object, *, implementations: bool) -> Iterator[str]:
    """Coordinates of the fields that a field set names, as far as it is right.

    With `implementations`, a field of an interface stands for that of each of its object types too.
    """
    try:
        chosen = list(selected(schema, parent, parsed(str(text))))
    except GraphQLError:
        return
    for one in chosen:
        if one.field is None:
            continue
        yield one.coordinate
        if implementations and schema.types[one.parent].kind is Kind.INTERFACE:
            yield from (f"{name}.{one.field.name}" for name in schema.runtime_types(one.parent))


def normalized(text: str) -> str:
    """One spelling for field sets that select the same: sorted, without insignificant spaces."""
    try:
        return _sorted_text(parsed(text))
    except GraphQLError:
        return text


def _sorted_text(selection: SelectionSetNode) -> str:
    parts = []
    for node in selection.selections:
        inner = getattr(node, "selection_set", None)
        head = print_ast(node).partition("{")[0].strip() if inner else print_ast(node)
        parts.append(f"{head} {{ {_sorted_text(inner)} }}" if inner else head)
    return " ".join(sorted(dict.fromkeys(parts)))
