"""Columns and the rows that come of them: what the generated code calls while it resolves.

A column holds one cell for each row of a node: a value, a list of values, None, or an exception where the cell failed.
Whatever is unusual in it sets `run.exact`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from graphql.pyutils import UndefinedType, is_iterable

from federation.execution.compiled.running import Run

Cells = Sequence[Any]

_NONE = type(None)
LISTS = frozenset({list, tuple})
_LISTS_OR_NONE = LISTS | {_NONE}
_NO_OBJECTS = (_NONE, UndefinedType, Exception)
_OBJECTS: set[type] = set()
"""Classes of rows that were seen: no null, and no failure."""


def read(rows: Cells, name: str, depth: int) -> Cells:
    """The attribute `name` of each row, with `depth` lists around its values."""
    get = attrgetter(name)
    try:
        return as_lists(list(map(get, rows)), depth)
    except Exception:
        return as_lists([_attempt(get, row) for row in rows], depth)


def _attempt(get: Callable[[Any], Any], row: Any) -> Any:
    try:
        return get(row)
    except Exception as error:
        return error


def as_lists(column: Cells, depth: int) -> Cells:
    """The column with each iterable of its `depth` outermost levels as a list, which can be gone through twice."""
    if depth == 0 or (depth == 1 and _LISTS_OR_NONE.issuperset(map(type, column))):
        return column
    return [_as_list(cell, depth) for cell in column]


def _as_list(cell: Any, depth: int) -> Any:
    if depth == 0 or not is_iterable(cell):
        return cell
    if depth == 1 and type(cell) in LISTS:
        return cell
    try:
        return [_as_list(item, depth - 1) for item in cell]
    except Exception as error:
        return error


def items(run: Run, column: Cells, *, required: bool) -> Cells:
    """The items of a column of lists, one list after the other."""
    if LISTS.issuperset(map(type, column)):
        return list(chain.from_iterable(column))
    if required or not _LISTS_OR_NONE.issuperset(map(type, column)):
        run.exact = True
    return [item for cell in column if type(cell) in LISTS for item in cell]


def objects(run: Run, cells: Cells, *, required: bool) -> Cells:
    """The cells that are objects: neither null nor failed."""
    if _OBJECTS.issuperset(map(type, cells)):
        return cells
    kinds = set(map(type, cells))
    missing = [kind for kind in kinds if issubclass(kind, _NO_OBJECTS)]
    if not missing:
        _OBJECTS.update(kinds)
        return cells
    if missing == [_NONE]:
        run.exact |= required
        return [cell for cell in cells if cell is not None]
    run.exact = True
    return [cell for cell in cells if is_object(cell)]


def is_object(cell: Any) -> bool:
    return not isinstance(cell, _NO_OBJECTS)


def of_kind(number: int, found: Cells, kinds: list[int | Exception]) -> Cells:
    """The objects whose node has this number."""
    matching = kinds.count(number)
    if matching == len(kinds):
        return found
    if not matching:
        return ()
    return [row for row, kind in zip(found, kinds, strict=True) if kind == number]
