"""The comparison with the ordinary executor finds a bug wherever one is planted in the fused code."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from federation.execution.fused import asked, joining, spots, views, writing
from tests.federation.execution.fused.differential import compare_graph
from tests.federation.execution.fused.locals import Faults

GRAPHS = 60

Plant = Callable[[pytest.MonkeyPatch], None]


def _values_of_the_wrong_entity(patch: pytest.MonkeyPatch) -> None:
    found = asked.joined

    def joined(run: Any, column: int, node: int, made: Any, missing: Any, places: list[int]) -> Any:
        return found(run, column, node, made, missing, places[::-1])

    patch.setitem(writing.NAMES, "joined", joined)


def _entities_told_apart_by_their_type_alone(patch: pytest.MonkeyPatch) -> None:
    def by_key(self: asked.Asked, typename: str, key: str, values: Any) -> list[int]:
        return self.whole([{"__typename": typename, key: value} for value in values[:1]]) * len(values)

    patch.setattr(asked.Asked, "by_key", by_key)


def _entities_that_were_not_found_moved_up(patch: pytest.MonkeyPatch) -> None:
    def spread(cells: Any, kinds: Any, node: int, made: Any, missing: Any) -> list[Any]:
        return [*made, *[missing] * (len(cells) - len(made))]

    patch.setattr(asked, "_spread", spread)


def _null_instead_of_an_entity_that_must_be_there(patch: pytest.MonkeyPatch) -> None:
    found = asked._spread
    patch.setattr(asked, "_spread", lambda *given: [None if one is asked.REQUIRED else one for one in found(*given)])


def _keys_in_the_order_of_the_subgraph(patch: pytest.MonkeyPatch) -> None:
    found = views._fields
    patch.setattr(views, "_fields", lambda *given: sorted(found(*given), key=lambda one: one.key))


def _aliases_forgotten(patch: pytest.MonkeyPatch) -> None:
    found = views._of_shape

    def of_shape(one: Any) -> Any:
        wanted = found(one)
        return joining.Wanted(one.name, wanted.held, wanted.constant, wanted.absent, wanted.required, wanted.below)

    patch.setattr(views, "_of_shape", of_shape)


def _every_type_taken_for_the_one_wanted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(spots.Spot, "is_one_of", lambda self, types: True)


PLANTS: tuple[tuple[Plant, Faults], ...] = (
    (_values_of_the_wrong_entity, Faults()),
    (_entities_told_apart_by_their_type_alone, Faults()),
    (_entities_that_were_not_found_moved_up, Faults(lost=10)),
    (_null_instead_of_an_entity_that_must_be_there, Faults(lost=10)),
    (_keys_in_the_order_of_the_subgraph, Faults()),
    (_aliases_forgotten, Faults()),
    (_every_type_taken_for_the_one_wanted, Faults()),
)


@pytest.mark.parametrize(("plant", "faults"), PLANTS, ids=[plant.__name__.lstrip("_") for plant, _ in PLANTS])
def test_a_planted_bug_is_caught(plant: Plant, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    for seed in range(GRAPHS):
        if asyncio.run(compare_graph(seed, 20, Counter(), faults)):
            return
    pytest.fail(f"{plant.__name__} was not noticed in {GRAPHS} graphs")
