"""Writes `complete`: one loop for each node, which makes its objects from rows and columns in the order of the query.

It runs from the leaves up, so that an object finds those below it done. It is a generator that pauses after each slice
of a loop: a long answer lets others have the process in between. It knows no errors: whatever is not as it should be
raises, and the exact completer takes over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from graphql import GraphQLOutputType, get_named_type, is_list_type, is_non_null_type

from federation.execution.compiled.answers import Attribute
from federation.execution.compiled.leaves import coercion, listed, unusual
from federation.execution.compiled.source import Source, variable, write_locals
from federation.execution.compiled.tree import Field, Node

SLICE = 250
"""Objects that are completed without a pause: at most a millisecond of work for a wide selection."""


def slices(rows: Sequence[Any], *columns: Sequence[Any]) -> Iterator[Iterator[Any]]:
    """The rows with their cells, `SLICE` at a time."""
    source = zip(rows, *columns, strict=False) if columns else iter(rows)
    for _ in range(0, len(rows), SLICE):
        yield islice(source, SLICE)


def arranged(done: list[dict[str, Any]], keys: tuple[str, ...] | None) -> list[dict[str, Any]]:
    """The objects with the keys that a run has, in its order; None for those of the code."""
    return done if keys is None else [{key: one[key] for key in keys if key in one} for one in done]


def write_complete(source: Source, name: str, root: Node) -> None:
    """Write the generator function `name`, which returns the completed root object."""
    with source.block(f"def {name}(run):"):
        write_locals(source, root)
        _write_node(source, root)
        source.add(f"return done{root.number}[0]")


def _write_node(source: Source, node: Node) -> None:
    for field in node.fields:
        for child in field.children:
            _write_node(source, child)
    source.add(f"# {node.type.name}")
    for field in node.fields:
        if field.children:
            source.add(f"each{field.number} = iter({_done(field)})")
    source.add(f"done{node.number} = []")
    source.add(f"add = done{node.number}.append")
    columns = [field for field in node.fields if field.column is not None]
    arguments = ", ".join([f"rows[{node.number}]", *map(_column, columns)])
    with source.block(f"for part in slices({arguments}):"):
        with source.block(f"for {', '.join(['row', *map(variable, columns)])} in part:"):
            for field in node.fields:
                _write_field(source, field)
            _write_object(source, node)
        source.add("yield")
    if node.varies:
        source.add(f"done{node.number} = arranged(done{node.number}, run.keys[{node.number}])")


def _column(field: Field) -> str:
    column = f"columns[{field.column}]"
    return f"{column} if on[{field.number}] else absent" if field.conditional else column


def _done(field: Field) -> str:
    """The completed objects of a field, in the order in which they were found."""
    if len(field.children) == 1:
        return f"done{field.children[0].number}"
    done = ", ".join(f"{child.number}: done{child.number}" for child in field.children)
    return f"merged(kinds[{field.column}], {{{done}}})"


def _write_field(source: Source, field: Field) -> None:
    """Write how a field's value in one object comes to be, into the field's variable."""
    if field.answer is None:
        return
    if not field.conditional:
        _write_value(source, field)
        return
    if field.column is None:
        source.add(f"{variable(field)} = None")
    with source.block(f"if on[{field.number}]:"):
        _write_value(source, field)


def _write_value(source: Source, field: Field) -> None:
    value = variable(field)
    if field.column is None:
        assert field.answer
        assert isinstance(field.answer.how, Attribute)
        source.add(f"{value} = row.{field.answer.how.name}")
    if field.children:
        source.add(f"{value} = {_nested(field.type, value, field.number)}")
    else:
        source.name(_coercion(field), coercion(field.named))  # type: ignore[arg-type]
        _write_leaf(source, field, value)


def _coercion(field: Field) -> str:
    return f"{field.named.name}_"


def _write_leaf(source: Source, field: Field, value: str) -> None:
    type_ = field.type
    if field.list_depth:
        source.add(f"{value} = {_leaf(type_, value)}")
        return
    required = is_non_null_type(type_)
    test = unusual(get_named_type(type_), value)  # type: ignore[arg-type]
    if test is None:
        condition = "" if required else f"if {value} is not None: "
    elif required:
        condition = f"if {test}: "
    else:
        condition = f"if {value} is not None and ({test}): "
    source.add(f"{condition}{value} = {_coercion(field)}({value})")


def _leaf(type_: GraphQLOutputType, value: str, depth: int = 1) -> str:
    """The expression of a value of lists of leaves."""
    if not is_non_null_type(type_):
        return f"None if {value} is None else {_leaf_there(type_, value, depth)}"
    return _leaf_there(type_.of_type, value, depth)


def _leaf_there(type_: GraphQLOutputType, value: str, depth: int) -> str:
    if is_list_type(type_):
        return f"[{_leaf(type_.of_type, f'x{depth}', depth + 1)} for x{depth} in listed({value})]"
    coerced = f"{get_named_type(type_).name}_({value})"
    test = unusual(type_, value)  # type: ignore[arg-type]
    return f"{coerced} if {test} else {value}" if test else coerced


def _nested(type_: GraphQLOutputType, value: str, number: int, depth: int = 1) -> str:
    """The expression that puts the next completed objects where the value has its objects."""
    if not is_non_null_type(type_):
        return f"None if {value} is None else {_nested_there(type_, value, number, depth)}"
    return _nested_there(type_.of_type, value, number, depth)


def _nested_there(type_: GraphQLOutputType, value: str, number: int, depth: int) -> str:
    if not is_list_type(type_):
        return f"next(each{number})"
    item = type_.of_type
    if is_non_null_type(item) and not is_list_type(item.of_type):
        return f"list(islice(each{number}, len({value})))"
    return f"[{_nested(item, f'x{depth}', number, depth + 1)} for x{depth} in {value}]"


def _write_object(source: Source, node: Node) -> None:
    with source.block("add({"):
        for field in node.fields:
            value = repr(node.type.name) if field.answer is None else variable(field)
            source.add(f"{field.key!r}: {value},")
    source.add("})")


NAMES = {"islice": islice, "slices": slices, "listed": listed, "arranged": arranged}
"""What the written code calls."""
