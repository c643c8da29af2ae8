"""What a transaction changed, for caches to drop: read off its statements, so that no writer can forget to tell.

A table says by which columns its changes are told (`Row.told_by`), as caches know rows by them. Where a statement does
not name the values of such a column (`UPDATE sku ... WHERE shop_id = ?` names no id), any row may have changed. Of what
follows from facts (`Row.untold`), such as units sold, nothing is told: caches show it as late as they keep it. The
connections of `models.sqlite` and `models.mysql` note each write, and put what a transaction changed into the outbox
of its domain before they commit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kit.cache import Changed
from kit.changes import Change
from kit.ids import new_id

KIND = "Changed"
"""Of the outbox rows that tell of changes; all others are facts."""
MOST_VALUES = 500
"""Of one column in one transaction; more than that is any."""

_READS = ("SELECT", "EXPLAIN", "PRAGMA", "SAVEPOINT", "ANALYZE")
_WRITE = re.compile(
    r"\b(INSERT(?:\s+IGNORE)?\s+INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE\s+TABLE)\s+[`\"]?(\w+)[`\"]?",
    re.IGNORECASE,
)
_MARK = re.compile(r"%s|\?")
_INSERTED = re.compile(r"\(([^()]*)\)\s*VALUES\s*\(((?:\s*(?:%s|\?)\s*,?)+)\)\s*", re.IGNORECASE)
_EQUAL = re.compile(r"(?:[`\"]?(\w+)[`\"]?\.)?[`\"]?(\w+)[`\"]?\s*(?:=\s*(?:%s|\?)|IN\s*\([%s?,\s]+\))", re.IGNORECASE)
_ASSIGNED = re.compile(r"(?:^SET\s+|,\s*)[`\"]?(\w+)[`\"]?\s*=", re.IGNORECASE)
_WORD = re.compile(r"[()]|\b(?:AND|OR|XOR|BETWEEN|WHERE|ORDER\s+BY|LIMIT)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """A table whose changes are told: its domain, and the columns by which caches know its rows.

    An update of the columns `untold` alone is not told.
    """

    domain: str
    columns: tuple[str, ...]
    untold: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Written:
    """A table that a statement writes: for each column by which it is told the places of its values among those of the
    statement; None where it does not name them all."""

    table: str
    told: Told
    places: Mapping[str, tuple[int, ...] | None]


_watched: dict[str, Told] = {}


def watch(tables: Mapping[str, Told]) -> None:
    """From now on tell of changes of `tables`."""
    _watched.update(tables)
    writes_in.cache_clear()


def is_read(statement: str) -> bool:
    """Whether the statement surely writes nothing: what most do, at the cost of a glance."""
    return statement.startswith(_READS)


@lru_cache(maxsize=2_000)
def writes_in(statement: str) -> tuple[Written, ...]:
    """What the statement writes of the tables that are watched."""
    if is_read(statement):
        return ()
    found = [match for match in _WRITE.finditer(statement) if match[2].lower() in _watched]
    alone = len(found) == 1 and found[0].start() == len(statement) - len(statement.lstrip())
    return tuple(_written(match, statement, alone=alone) for match in found if not (alone and _is_quiet(match)))


def _is_quiet(match: re.Match[str]) -> bool:
    """Whether an update assigns nothing that is told."""
    untold = _watched[match[2].lower()].untold
    if not untold or match[1].upper() != "UPDATE":
        return False
    assigned = _split(match.string[match.end() :].strip(), "WHERE")[0]
    names = {name.lower() for name in _ASSIGNED.findall(assigned)}
    return bool(names) and names <= untold and "(" not in assigned


def _written(match: re.Match[str], statement: str, *, alone: bool) -> Written:
    table = match[2].lower()
    told = _watched[table]
    clear = alone and "'" not in statement
    named = _named(match[1].upper(), table, statement[match.end() :].strip()) if clear else {}
    return Written(table, told, {column: named.get(column) for column in told.columns})


def _named(verb: str, table: str, rest: str) -> Mapping[str, tuple[int, ...]]:
    """The columns of which the rest of a statement names all values that its rows have, or had, with their places."""
    if verb.startswith("INSERT"):
        return _inserted(rest)
    assigned, *conditions = _split(rest, "WHERE")
    if len(conditions) != 1 or assigned[:4].upper() != ("SET " if verb == "UPDATE" else ""):
        return {}
    required = _required(conditions[0], table, len(_MARK.findall(assigned)))
    return {column: places for column, places in required if not re.search(rf"\b{column}\b", assigned)}


def _inserted(rest: str) -> Mapping[str, tuple[int, ...]]:
    """One row of values; that it may turn into an update of another row, as with ON DUPLICATE KEY, is not read."""
    match = _INSERTED.fullmatch(rest)
    if match is None:
        return {}
    columns = [column.strip(' `"\n') for column in match[1].split(",")]
    return {column: (place,) for place, column in enumerate(columns)} if match[2].count(",") == len(columns) - 1 else {}


def _required(condition: str, table: str, place: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The columns that must have one of the values at these places, for a row to meet the condition."""
    condition = _split(_split(condition, "ORDER BY")[0], "LIMIT")[0]
    if any(len(_split(condition, word)) > 1 for word in ("OR", "XOR", "BETWEEN")):
        return
    for part in _split(condition, "AND"):
        marks = len(_MARK.findall(part))
        match = _EQUAL.fullmatch(part.strip())
        if match and (match[1] or table).lower() == table:
            yield match[2].lower(), tuple(range(place, place + marks))
        place += marks


def _split(text: str, word: str) -> list[str]:
    """The text between the occurrences of `word` that stand in no parentheses."""
    parts, depth, begin = [], 0, 0
    for match in _WORD.finditer(text):
        if match[0] in "()":
            depth += 1 if match[0] == "(" else -1
        elif depth == 0 and re.sub(r"\s+", " ", match[0]).upper() == word:
            parts.append(text[begin : match.start()])
            begin = match.end()
    return [*parts, text[begin:]]


class Changes:
    """What a transaction has changed so far."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, dict[str, set[Any] | None]]] = {}

    def note(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """The transaction executes `statement` with each of `rows` as its values."""
        if is_read(statement):
            return
        for written in writes_in(statement):
            known = self._tables.setdefault(written.told.domain, {}).setdefault(written.table, {})
            for column, places in written.places.items():
                values = None if places is None else {row[place] for row in rows for place in places}
                before = known.get(column, set())
                both = None if values is None or before is None else before | values
                known[column] = both if both is None or len(both) <= MOST_VALUES else None

    def taken(self) -> list[Change]:
        """All of it, by domain; nothing is left."""
        tables, self._tables = self._tables, {}
        return [Change(new_id("chg"), domain, _plain(changed)) for domain, changed in tables.items()]


def _plain(changed: Mapping[str, Mapping[str, set[Any] | None]]) -> Changed:
    return {
        table: {column: sorted(values) if values is not None else None for column, values in columns.items()}
        for table, columns in changed.items()
    }
