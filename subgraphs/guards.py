"""Who may have the rows of a type at all, in a built schema: printed, and judged wherever such a row comes out.

A query scoped by the viewer brings nobody else's rows. This is asked besides: a row that came by a forgotten scope is
refused at the field, the payload, the page or the entity that was about to show it.
"""

import logging
from collections.abc import Callable, Sequence
from inspect import isawaitable
from typing import Any

from graphql import GraphQLField, GraphQLResolveInfo, get_named_type, is_object_type
from strawberry.federation.schema_directives import Authenticated, RequiresScopes
from strawberry.schema import Schema
from strawberry.types.base import StrawberryObjectDefinition

from kit.viewer import Viewer
from resolvers.context import Context
from schema.access import RULE
from schema.entity import ROWS
from schema.rules import ANYONE, Rule

_log = logging.getLogger("jishi.subgraph")


def check_declared(schema: Schema) -> None:
    """Refuse a schema with a field that does not say who may read it."""
    for name, known in schema.schema_converter.type_map.items():
        fields = getattr(known.definition, "fields", ()) if not getattr(known.definition, "is_input", True) else ()
        for one in fields:
            if not name.startswith("_") and RULE not in one.metadata and not one.python_name.startswith("_"):
                raise TypeError(f"{name}.{one.python_name} does not declare who may read it: use shown(to=...)")


def rules_of_rows(schema: Schema) -> dict[str, Rule]:
    """The rule of each type whose rows are not for everybody, by its name."""
    rules = {
        name: getattr(known.definition.origin, ROWS, ANYONE)
        for name, known in schema.schema_converter.type_map.items()
        if isinstance(known.definition, StrawberryObjectDefinition)
    }
    return {name: rule for name, rule in rules.items() if not rule.is_open}


def rules_of_pages(schema: Schema) -> dict[str, Rule]:
    """The rule of each page and edge of such rows: that of the rows."""
    found: dict[str, Rule] = {}
    for name, known in schema.schema_converter.type_map.items():
        definition = known.definition
        if isinstance(definition, StrawberryObjectDefinition) and definition.concrete_of:
            for inner in definition.type_var_map.values():
                if not getattr(inner, ROWS, ANYONE).is_open:
                    found[name] = getattr(inner, ROWS)
    return found


def print_on_pages(schema: Schema) -> None:
    """Write the rows' rule on their pages and edges too: nobody learns how many they may not have."""
    for name, rule in rules_of_pages(schema).items():
        definition = schema.schema_converter.type_map[name].definition
        assert isinstance(definition, StrawberryObjectDefinition)
        definition.directives = [*(definition.directives or ()), *_directives(rule)]


def _directives(rule: Rule) -> list[object]:
    printed = rule.federated()
    if "authenticated" in printed:
        return [Authenticated()]
    return [RequiresScopes(scopes=printed["requires_scopes"])]


def guard_rows(schema: Schema) -> None:
    """Let the schema's own execution judge what its fields bring."""
    rules = rules_of_rows(schema)
    for type_ in schema._schema.type_map.values():
        if is_object_type(type_) and not type_.name.startswith("_"):
            for name, field in type_.fields.items():
                if rule := rules.get(get_named_type(field.type).name):
                    _guard(field, rule, name)


def _guard(field: GraphQLField, rule: Rule, name: str) -> None:
    resolve = field.resolve
    assert resolve is not None, "strawberry gives every field a resolver"

    def guarded(source: Any, info: GraphQLResolveInfo[Context], **arguments: Any) -> Any:
        found = resolve(source, info, **arguments)
        return later(found, info) if isawaitable(found) else judged(found, info)

    async def later(found: Any, info: GraphQLResolveInfo[Context]) -> Any:
        return judged(await found, info)

    def judged(found: Any, info: GraphQLResolveInfo[Context]) -> Any:
        (cell,) = kept(rule, info.context.viewer, [found], name)
        if isinstance(cell, Exception):
            raise cell
        return cell

    field.resolve = guarded


def kept(rule: Rule, viewer: Viewer, cells: Sequence[Any], what: str) -> list[Any]:
    """The cells, an error in place of each that holds a row which is not for the viewer. A cell may be a list."""
    rows = [row for cell in cells for row in _rows(cell)]
    found = rule.refusals(viewer, rows, what)
    if not any(found):
        return list(cells)
    refusals = iter(found)
    judged = []
    for cell in cells:
        refused = next((found for found in [next(refusals) for _ in _rows(cell)] if found), None)
        if refused:
            _log.error("%s was about to show a row that is not the viewer's: its read lacks a scope", what)
        judged.append(refused or cell)
    return judged


def _rows(cell: Any) -> list[Any]:
    if isinstance(cell, list):
        return [row for row in cell if row is not None and not isinstance(row, Exception)]
    return [] if cell is None or isinstance(cell, Exception) else [cell]


def judge_of_attribute(rule: Rule, attribute: str, what: str) -> Callable[[Sequence[Any], Context], list[Any]]:
    """Judges rows by what they hold in `attribute`."""

    def judge(rows: Sequence[Any], context: Context) -> list[Exception | None]:
        cells = kept(rule, context.viewer, [getattr(row, attribute) for row in rows], what)
        return [cell if isinstance(cell, Exception) else None for cell in cells]

    return judge
