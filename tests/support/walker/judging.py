"""What was seen, held against the matrix, cell for cell."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.walker.operations import Seen

NOTHING, OWN, ALL = "-", "own", "all"
MATRIX = Path(__file__).parents[2] / "access.md"


def matrix() -> dict[str, dict[str, str]]:
    """The checked-in matrix: by hat, by field."""
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in MATRIX.read_text("utf-8").splitlines()
        if line.startswith("|") and not line.startswith("|---")
    ]
    (_, *hats), *fields = rows
    return {hat: {row[0]: row[number + 1] for row in fields} for number, hat in enumerate(hats)}


@dataclass(slots=True)
class Sights:
    """Which fields showed something on a row of the viewer's own, and which on one that is not."""

    own: set[str] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    def add(self, seen: Iterable[Seen], owned: Callable[[Seen], bool]) -> None:
        """Take in the fields of an answer; `owned` says whether one stands on a row of the viewer's."""
        for one in seen:
            self.asked.add(one.spot)
            if one.value is not None:
                (self.own if owned(one) else self.foreign).add(one.spot)


def leaks(cells: Mapping[str, str], sights: Sights) -> list[str]:
    """Where more was seen than the matrix says."""
    found = []
    for spot in sorted(sights.own | sights.foreign):
        cell = cells.get(spot, ALL if spot.startswith("Query._") else NOTHING)
        if cell == NOTHING:
            found.append(f"{spot} is closed, but was shown")
        elif cell == OWN and spot in sights.foreign:
            found.append(f"{spot} is for own rows, but was shown of another's")
    return found


def lacks(cells: Mapping[str, str], sights: Sights, silent: Mapping[str, str]) -> list[str]:
    """Where less was seen than the matrix says. `silent` are fields that may have nothing to show."""
    found = []
    for spot, cell in sorted(cells.items()):
        if cell == OWN and spot not in sights.own and spot not in silent:
            found.append(f"{spot} is for own rows, but was not shown of one")
        elif cell == ALL and spot not in sights.foreign and spot not in silent:
            found.append(f"{spot} is for all rows, but was not shown of one that is not the viewer's")
    return found


def tellings(data: Any, ids: Collection[str]) -> Iterator[str]:
    """What the pages of an answer tell beyond their rows: counts of more than is there, cursors that can be read."""
    if isinstance(data, list):
        for item in data:
            yield from tellings(item, ids)
    elif isinstance(data, dict):
        edges, info = data.get("edges"), data.get("pageInfo") or {}
        counted = None if edges is None or info.get("hasNextPage") is not False else data.get("totalCount")
        if counted not in (None, len(edges or ())):
            yield f"{data['__typename']} counts {counted} where it shows {len(edges or ())}"
        for name in ("cursor", "startCursor", "endCursor"):
            if isinstance(data.get(name), str) and is_readable(data[name], ids):
                yield f"{data['__typename']}.{name} can be read"
        for value in data.values():
            yield from tellings(value, ids)


def is_readable(cursor: str, ids: Collection[str]) -> bool:
    """Whether somebody without the key could read something out of a cursor."""
    raw = base64.b64decode(cursor, altchars=b"-_")
    if any(id_.encode() in raw for id_ in ids):
        return True
    try:
        json.loads(raw)
    except ValueError:
        return False
    return True


def differences(cells: Mapping[str, str], sights: Sights, silent: Mapping[str, str]) -> list[str]:
    """Where what was seen is not what the matrix says, cell for cell."""
    return [*leaks(cells, sights), *lacks(cells, sights, silent)]
