"""`@context` and `@fromContext` (Federation 2.8): what a context gives must be there, once, of the right type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphql import FieldNode, GraphQLError, InlineFragmentNode, SelectionNode

from federation.composition.contexts import parse_context_selection
from federation.composition.facts import fields_of
from federation.composition.fieldsets import parsed
from federation.composition.model import ABSENT, COMPOSITE, Argument, Field, Kind, Schema, Subgraph, Type, named
from federation.errors import CompositionError

_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9]*$")

Problem = tuple[str, str]


def context_names_are_valid(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Letters and digits only: the underscore separates a context from its subgraph in the supergraph."""
    for owner in subgraph.types.values():
        for context in owner.all("context"):
            if not _NAME.match(str(context["name"])):
                message = f'[{subgraph.name}] context "{context["name"]}" of "{owner.name}": letters and digits only'
                yield CompositionError(
                    "CONTEXT_NAME_INVALID", message, subgraphs=(subgraph.name,), coordinate=owner.name
                )


def contexts_are_used_rightly(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Every @fromContext stands on an argument of an entity's field and selects one value from every setting type."""
    for owner, field in fields_of(subgraph.schema):
        for argument in field.arguments.values():
            use = Use(subgraph.schema, owner, field, argument)
            for applied in argument.all("fromContext"):
                for code, reason in _problems(use, applied["field"]):
                    message = f'[{subgraph.name}] @fromContext on "{use.coordinate}": {reason}'
                    yield CompositionError(code, message, subgraphs=(subgraph.name,), coordinate=use.coordinate)


@dataclass(frozen=True, slots=True)
class Use:
    """An argument that takes its value from a context."""

    schema: Schema
    owner: Type
    field: Field
    argument: Argument

    @property
    def coordinate(self) -> str:
        return f"{self.owner.name}.{self.field.name}({self.argument.name}:)"


def _problems(use: Use, text: object) -> Iterator[Problem]:
    if use.owner.kind is not Kind.OBJECT:
        yield "CONTEXT_NOT_SET", "only fields of objects take values from a context"
        return
    yield from _misplaced(use)
    context, selection = parse_context_selection(text)
    if context is None or selection is None:
        yield "NO_CONTEXT_IN_SELECTION", f'"{text}" is not "$context {{ selection }}"'
        return
    setting = [one for one in use.schema.types.values() if any(by["name"] == context for by in one.all("context"))]
    if setting:
        yield from (("CONTEXT_INVALID_SELECTION", reason) for reason in _wrong_selection(use, setting, selection))
    else:
        yield "CONTEXT_NOT_SET", f'no type sets context "{context}"'
    if not any(key["resolvable"] is not False for key in use.owner.all("key")):
        yield "CONTEXT_NO_RESOLVABLE_KEY", f'"{use.owner.name}" has no resolvable key'


def _misplaced(use: Use) -> Iterator[Problem]:
    for name in use.owner.interfaces:
        interface = use.schema.types.get(name)
        if interface is not None and use.field.name in interface.fields:
            yield "CONTEXT_NOT_SET", f'the field implements "{name}.{use.field.name}", whose callers know no context'
    if use.argument.default is not ABSENT:
        yield "CONTEXT_NOT_SET", "an argument from a context cannot have a default"


def _wrong_selection(use: Use, setting: Sequence[Type], text: str) -> Iterator[str]:
    """What keeps the selection from being one value of the argument's type for every type that sets the context."""
    try:
        selections = parsed(text).selections
    except GraphQLError as error:
        yield error.message
        return
    conditions = [_condition(node) for node in selections]
    if isinstance(selections[0], FieldNode):
        if len(selections) > 1:
            yield "more than one field is selected"
            return
        for one in setting:
            yield from _wrong_field(use, one.name, selections[0])
        return
    if not all(isinstance(node, InlineFragmentNode) for node in selections):
        yield "either one field is selected, or one inline fragment for each type"
    elif None in conditions or len(set(conditions)) < len(conditions):
        yield "each inline fragment must be on a type of its own"
    else:
        yield from _wrong_fragments(use, setting, [node for node in selections if isinstance(node, InlineFragmentNode)])


def _condition(node: SelectionNode) -> str | None:
    if isinstance(node, InlineFragmentNode) and node.type_condition is not None:
        return node.type_condition.name.value
    return None


def _wrong_fragments(use: Use, setting: Sequence[Type], fragments: Sequence[InlineFragmentNode]) -> Iterator[str]:
    used: set[str | None] = set()
    for one in setting:
        possible = use.schema.runtime_types(one.name)
        fitting = [fragment for fragment in fragments if _condition(fragment) in possible]
        used.update(_condition(fragment) for fragment in fitting)
        if not fitting:
            yield f'no inline fragment is on a type that "{one.name}" can be'
        for fragment in fitting:
            inner = fragment.selection_set.selections
            if len(inner) != 1 or not isinstance(inner[0], FieldNode):
                yield "more than one field is selected"
            else:
                yield from _wrong_field(use, str(_condition(fragment)), inner[0])
    for fragment in fragments:
        if _condition(fragment) not in used:
            yield f'nothing that sets the context can be a "{_condition(fragment)}"'


def _wrong_field(use: Use, parent: str, node: FieldNode) -> Iterator[str]:
    if node.alias is not None or node.directives:
        yield "aliases and directives have no meaning here"
    found = _selected_type(use.schema, parent, node)
    if found is None:
        yield f'"{parent}.{node.name.value}" does not select exactly one value'
    elif use.argument.type != found:
        yield f'it selects a "{found}", but the argument is a "{use.argument.type}"'


def _selected_type(schema: Schema, parent: str, node: FieldNode) -> str | None:
    """The type of the one value that a field selects, with the lists around it; without `!`, as it may be missing."""
    owner = schema.types.get(parent)
    field = owner.fields.get(node.name.value) if owner and not owner.has("interfaceObject") else None
    if field is None:
        return None
    outer, name = field.type.replace("!", ""), named(field.type)
    if node.selection_set is None:
        return None if name in schema.types and schema.types[name].kind in COMPOSITE else outer
    types = {
        _selected_type(schema, name, one) if isinstance(one, FieldNode) else None
        for one in node.selection_set.selections
    }
    inner = types.pop() if len(types) == 1 else None
    return outer.replace(name, inner) if inner else None
