"""Writes `resolve`: level by level, all calls of a level at once, one for each field with all its rows.

What needs no call (attributes that hold objects) belongs to the level of its parent, so that a level is exactly one
wait.
"""

from __future__ import annotations

from graphql import get_nullable_type, is_list_type, is_non_null_type

from federation.execution.compiled.answers import Attribute
from federation.execution.compiled.fetching import Fetch, Reading
from federation.execution.compiled.kinds import Kinds
from federation.execution.compiled.source import Source, variable, write_locals
from federation.execution.compiled.tree import Field, Node


def write_resolve(source: Source, name: str, root: Node, *, by_class: bool) -> None:
    """Write the function `name`, which fills the columns, rows and kinds of a run from the root's row."""
    with source.block(f"async def {name}(run):"):
        write_locals(source, root)
        source.add(f"rows{root.number} = rows[{root.number}]")
        level = [root]
        while level:
            level = _write_level(source, level, by_class)
            source.add("if run.pace.late: await run.pace.pause()")


def _write_level(source: Source, level: list[Node], by_class: bool) -> list[Node]:
    """Write what the rows of these nodes can answer with one wait; the nodes whose rows come of it."""
    waiting: list[tuple[Node, Field]] = []
    for node in level:  # grows as it is gone through
        at_once, awaited = _columns_of(node)
        if at_once:
            source.add(f"# {node.type.name}")
        for field in at_once:
            _write_reading(source, node, field)
            level.extend(_write_rows(source, field, by_class))
        waiting += [(node, field) for field in awaited]
    _write_calls(source, waiting)
    return [child for _, field in waiting for child in _write_rows(source, field, by_class)]


def _columns_of(node: Node) -> tuple[list[Field], list[Field]]:
    """The fields with columns: those that are read at once, and those that must be awaited."""
    at_once: list[Field] = []
    awaited: list[Field] = []
    for field in node.fields:
        if field.answer and field.column is not None:
            (awaited if field.answer.waits else at_once).append(field)
    return at_once, awaited


def _rows(node: Node, field: Field) -> str:
    return f"rows{node.number} if on[{field.number}] else ()" if field.conditional else f"rows{node.number}"


def _write_reading(source: Source, node: Node, field: Field) -> None:
    assert field.answer
    if isinstance(field.answer.how, Attribute) and not field.answer.guard:
        depth = field.list_depth if field.children else 0
        call = f"read({_rows(node, field)}, {field.answer.how.name!r}, {depth})"
    else:
        call = f"{source.name(f'read_{variable(field)}', Reading(Fetch.of(field)))}(run, {_rows(node, field)})"
    source.add(f"columns[{field.column}] = {variable(field)} = {call}")
    if not isinstance(field.answer.how, Attribute):
        source.add("if run.pace.late: await run.pace.pause()")


def _write_calls(source: Source, waiting: list[tuple[Node, Field]]) -> None:
    if waiting:
        source.add(f"# {', '.join(dict.fromkeys(node.type.name for node, _ in waiting))}")
    calls = [
        f"{source.name(f'fetch_{variable(field)}', Fetch.of(field))}(run, {_rows(node, field)})"
        for node, field in waiting
    ]
    columns = ", ".join(f"columns[{field.column}]" for _, field in waiting)
    cells = ", ".join(variable(field) for _, field in waiting)
    if len(calls) == 1:
        source.add(f"{columns} = {cells} = await {calls[0]}")
    elif calls:
        with source.block(f"{columns} = {cells} = await together("):
            for call in calls:
                source.add(f"{call},")
        source.add(")")


def _write_rows(source: Source, field: Field, by_class: bool) -> list[Node]:
    """Write the rows of a field's nodes: its objects, one after the other."""
    if not field.children:
        return []
    found, type_ = variable(field), field.type
    while is_list_type(get_nullable_type(type_)):
        found = f"items(run, {found}, required={is_non_null_type(type_)})"
        type_ = get_nullable_type(type_).of_type  # type: ignore[union-attr]
    found = f"objects(run, {found}, required={is_non_null_type(type_)})"
    if field.typed:
        _write_kinds(source, field, found, by_class)
    else:
        (child,) = field.children
        source.add(f"rows[{child.number}] = rows{child.number} = {found}")
    return list(field.children)


def _write_kinds(source: Source, field: Field, found: str, by_class: bool) -> None:
    asked = source.name(f"kinds_of_{variable(field)}", Kinds(field, by_class))
    source.add(f"found{field.number} = {found}")
    source.add(f"kinds[{field.column}] = kinds{field.number} = {asked}(run, found{field.number})")
    for child in field.children:
        rows = f"of_kind({child.number}, found{field.number}, kinds{field.number})"
        source.add(f"rows[{child.number}] = rows{child.number} = {rows}")
