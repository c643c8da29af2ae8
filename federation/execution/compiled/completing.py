"""Writes `complete`: one loop for each unit, which makes its objects from rows and columns in the order of the query.

It runs from the leaves up, so that an object finds those below it done. It is a generator that pauses after each slice
of a loop: a long answer lets others have the process in between. It knows no errors: whatever is not as it should be
raises, and the exact completer takes over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from graphql import (
    GraphQLOutputType,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
)

from federation.execution.compiled.answers import Attribute
from federation.execution.compiled.kinds import merged
from federation.execution.compiled.leaves import coercion, listed, unusual
from federation.execution.compiled.running import Deoptimized
from federation.execution.compiled.source import Source, variable, write_locals
from federation.execution.compiled.tree import Field, Node
from federation.execution.compiled.units import Entry, Unit, unit_of

SLICE = 250
"""Objects that are completed without a pause: at most a millisecond of work for a wide selection."""


def slices(rows: Sequence[Any], *columns: Sequence[Any]) -> Iterable[Iterable[Any]]:
    """The rows with their cells, `SLICE` at a time."""
    source = zip(rows, *columns, strict=False) if columns else rows
    return (source,) if len(rows) <= SLICE else _slices(iter(source), len(rows))


def _slices(source: Iterator[Any], length: int) -> Iterator[Iterable[Any]]:
    for _ in range(0, length, SLICE):
        yield islice(source, SLICE)


def arranged(done: list[dict[str, Any]], keys: tuple[str, ...] | None) -> list[dict[str, Any]]:
    """The objects with the keys that a run has, in its order; None for those of the code."""
    return done if keys is None else [{key: one[key] for key in keys if key in one} for one in done]


def write_complete(source: Source, name: str, root: Node) -> None:
    """Write the generator function `name`, which returns the completed root object."""
    with source.block(f"def {name}(run):"):
        write_locals(source, root)
        unit = unit_of(root)
        write_units(source, unit, set())
        source.add(f"return done{unit.number}[0]")


def write_units(source: Source, unit: Unit, written: set[int]) -> None:
    """Write the loops of a unit and of those that it takes from, but for those whose numbers are `written` already."""
    for taken in (*(below for entry in unit.read for below in entry.below), *(join.unit for join in unit.joins)):
        write_units(source, taken, written)
    if unit.number not in written:
        written.add(unit.number)
        _write_unit(source, unit)


def _write_unit(source: Source, unit: Unit) -> None:
    source.add(f"# {unit.title}")
    for entry in unit.read:
        if entry.field and entry.field.holds_objects:
            source.add(f"each{entry.field.number} = iter({_done(unit, entry.field, entry.below)})")
    source.add(f"done{unit.number} = []")
    source.add(f"add = done{unit.number}.append")
    for entry in unit.read:
        if entry.field and _is_enum(entry.field):
            source.add(f"seen{entry.field.number} = told{entry.field.number} = unseen")
    cells, names = _zipped(unit)
    with source.block(f"for part in slices({', '.join(cells)}):"):
        with source.block(f"for {', '.join(names)} in part:"):
            for entry in unit.read:
                _write_field(source, unit, entry)
            _write_checks(source, unit)
            _write_made(source, unit)
        source.add("yield")
    if unit.node and unit.node.varies:
        source.add(f"done{unit.number} = arranged(done{unit.number}, run.keys[{unit.node.number}])")


def _zipped(unit: Unit) -> tuple[list[str], list[str]]:
    """What a loop goes through side by side, and the names of its values: the row, its cells, and what joins bring."""
    columns = [entry.field for entry in unit.read if entry.field and entry.field.column is not None]
    cells = [unit.rows, *(_column(unit, one) for one in columns), *(join.rows for join in unit.joins)]
    return cells, ["row", *map(variable, columns), *(join.target for join in unit.joins)]


def _column(unit: Unit, field: Field) -> str:
    return f"{unit.column(field)} if on[{field.number}] else absent" if field.conditional else unit.column(field)


def _done(unit: Unit, field: Field, below: tuple[Unit, ...]) -> str:
    """What was made of the objects of a field, in the order in which they were found."""
    if len(below) == 1:
        return f"done{below[0].number}"
    done = ", ".join(f"{child.number}: done{one.number}" for child, one in zip(field.children, below, strict=True))
    return f"merged({unit.kinds(field)}, {{{done}}})"


def _write_field(source: Source, unit: Unit, entry: Entry) -> None:
    """Write how a field's value in one object comes to be, into the field's variable."""
    field = entry.field
    assert field
    if not field.conditional:
        _write_value(source, unit, field)
        return
    if field.column is None:
        source.add(f"{variable(field)} = None")
    with source.block(f"if on[{field.number}]:"):
        _write_value(source, unit, field)


def _write_value(source: Source, unit: Unit, field: Field) -> None:
    value = variable(field)
    if field.column is None:
        assert field.answer
        assert isinstance(field.answer.how, Attribute)
        source.add(f"{value} = row.{field.answer.how.name}")
    if field.holds_objects:
        source.add(f"{value} = {_nested(field.type, value, field.number)}")
    else:
        coerce = source.name(unit.coercion(field), coercion(field.named))  # type: ignore[arg-type]
        _write_leaf(source, field, value, coerce)


def _write_checks(source: Source, unit: Unit) -> None:
    for entry in unit.entries:
        if entry.required:
            source.add(f"if {unit.value(entry)} is None: raise Deoptimized")


def _write_leaf(source: Source, field: Field, value: str, coerce: str) -> None:
    type_ = field.type
    if field.list_depth:
        source.add(f"{value} = {_leaf(type_, value, coerce)}")
        return
    required = is_non_null_type(type_)
    if _is_enum(field):
        _write_enum(source, field, value, coerce)
        return
    test = unusual(get_named_type(type_), value)  # type: ignore[arg-type]
    if test is None:
        condition = "" if required else f"if {value} is not None: "
    elif required:
        condition = f"if {test}: "
    else:
        condition = f"if {value} is not None and ({test}): "
    source.add(f"{condition}{value} = {coerce}({value})")


def _is_enum(field: Field) -> bool:
    return is_enum_type(get_nullable_type(field.type))


def _write_enum(source: Source, field: Field, value: str, coerce: str) -> None:
    """An enum's value is often that of the row before, which is told by looking whether it is the same object."""
    seen, told = f"seen{field.number}", f"told{field.number}"
    condition = "" if is_non_null_type(field.type) else f"{value} is not None and "
    source.add(f"if {condition}{value} is not {seen}: {seen}, {told} = {value}, {coerce}({value})")
    source.add(f"{value} = {told}" if is_non_null_type(field.type) else f"if {value} is not None: {value} = {told}")


def _leaf(type_: GraphQLOutputType, value: str, coerce: str, depth: int = 1) -> str:
    """The expression of a value of lists of leaves."""
    if not is_non_null_type(type_):
        return f"None if {value} is None else {_leaf_there(type_, value, coerce, depth)}"
    return _leaf_there(type_.of_type, value, coerce, depth)


def _leaf_there(type_: GraphQLOutputType, value: str, coerce: str, depth: int) -> str:
    if is_list_type(type_):
        return f"[{_leaf(type_.of_type, f'x{depth}', coerce, depth + 1)} for x{depth} in listed({value})]"
    test = unusual(type_, value)  # type: ignore[arg-type]
    return f"{coerce}({value}) if {test} else {value}" if test else f"{coerce}({value})"


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


def _write_made(source: Source, unit: Unit) -> None:
    """Write what the loop makes of its values."""
    values = [unit.value(entry) for entry in unit.entries]
    if unit.form != "object":
        source.add(f"add({values[0]})" if unit.form == "value" else f"add(({', '.join(values)},))")
        return
    with source.block("add({"):
        for entry, value in zip(unit.entries, values, strict=True):
            source.add(f"{entry.key!r}: {value},")
    source.add("})")


NAMES = {
    "Deoptimized": Deoptimized,
    "alone": (None,),
    "arranged": arranged,
    "islice": islice,
    "listed": listed,
    "merged": merged,
    "slices": slices,
    "unseen": object(),
}
"""What the written code calls."""
