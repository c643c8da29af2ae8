"""The representations of one entity call: each once, and where those of each object stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from federation.execution.compiled.running import Deoptimized, Run
from federation.execution.entities import Object, identity_of

Places = list[int]
"""For each object at a spot the place of its representation among those of the call."""

REQUIRED: Any = object()
"""Stands for the values of an entity that must not be missing."""


class Asked:
    """What one entity call asks for."""

    def __init__(self) -> None:
        self.representations: list[Object] = []
        self._keys: dict[tuple[str, str], dict[Any, int]] = {}
        self._known: dict[Any, int] = {}

    def by_key(self, typename: str, key: str, values: Sequence[Any]) -> Places:
        """Add entities that their key alone represents: by its values, which are texts or whole numbers."""
        known, representations = self._keys.setdefault((typename, key), {}), self.representations
        places = []
        for value in values:
            place = known.get(value)
            if place is None:
                place = known[value] = len(representations)
                representations.append({"__typename": typename, key: value})
            places.append(place)
        return places

    def whole(self, representations: Sequence[Object], key: str = "") -> Places:
        """Add entities by their whole representations. Where `key` alone nearly always tells them apart, the rest is
        compared only of those that have it in common."""
        if not key:
            return [self._place(one) for one in representations]
        known, asked = self._keys.setdefault(("", key), {}), self.representations
        places = []
        for one in representations:
            place = known.setdefault(one[key], len(asked))
            if place == len(asked):
                asked.append(one)
            places.append(place if asked[place] == one else self._place(one))
        return places

    def _place(self, representation: Object) -> int:
        identity = identity_of(representation)
        place = self._known.get(identity)
        if place is None:
            place = self._known[identity] = len(self.representations)
            self.representations.append(representation)
        return place


def joined(run: Run, column: int, node: int, made: Sequence[Any], missing: Any, places: Places) -> list[Any]:
    """What was made of the entities of an `_entities` column, for each of the objects that asked for them.

    `made` has it for those of one node; for an entity that was not found it is `missing`.
    """
    (cells,) = run.columns[column]
    if len(made) == len(cells):
        return list(map(made.__getitem__, places))
    spread = _spread(cells, run.kinds[column], node, made, missing)
    found = [spread[place] for place in places]
    if any(one is REQUIRED for one in found):
        raise Deoptimized
    return found


def _spread(cells: Sequence[Any], kinds: Sequence[Any], node: int, made: Sequence[Any], missing: Any) -> list[Any]:
    """What was made, at the places of the entities in their call; REQUIRED at those of other nodes."""
    kind, take = iter(kinds), iter(made)
    return [missing if cell is None else next(take) if next(kind) == node else REQUIRED for cell in cells]
