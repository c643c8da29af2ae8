"""The comparison with answers without fragments finds a bug wherever one is planted in the splicing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from federation.execution.spliced import fragments, parts, splicing
from tests.federation.execution.fused.locals import Faults
from tests.federation.execution.spliced.differential import compare_graph

GRAPHS = 40

Plant = Callable[[pytest.MonkeyPatch], None]


def _what_guests_get_shown_to_everybody(patch: pytest.MonkeyPatch) -> None:
    found = splicing.divide
    patch.setattr(splicing, "divide", lambda *given: parts.Divided(*[found(*given).anonymous] * 2))


def _what_nobody_shares_kept(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(parts, "fewest", lambda levels: "everybody")


def _entities_of_other_fetches_forgotten(patch: pytest.MonkeyPatch) -> None:
    found = parts.fewest
    patch.setattr(parts, "fewest", lambda levels: found([*levels][:1]))


def _shown_after_a_write(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fragments.Kept, "stands", property(lambda self: self.record is not None))


def _null_kept_where_a_part_failed(patch: pytest.MonkeyPatch) -> None:
    found = splicing.Splicer._made

    async def made(self: Any, *given: Any) -> fragments.Kept:
        kept = await found(self, *given)
        return kept if kept.json else fragments.Kept.of({given[0].key: b"null"}, given[-1])

    patch.setattr(splicing.Splicer, "_made", made)


def _one_part_for_another(patch: pytest.MonkeyPatch) -> None:
    found = fragments.Fragments.get
    patch.setattr(fragments.Fragments, "get", lambda self, key: found(self, (key[0] // 2 * 2, key[1])))


def _parts_before_what_is_the_viewers_own(patch: pytest.MonkeyPatch) -> None:
    found = splicing.Division

    def ordered(keys: Any, own: Any, rest: Any) -> Any:
        return found(tuple(sorted(keys, key=lambda key: key not in {one.key for one in own})), own, rest)

    patch.setattr(parts, "Division", ordered)


PLANTS: tuple[tuple[Plant, Faults], ...] = (
    (_what_guests_get_shown_to_everybody, Faults()),
    (_what_nobody_shares_kept, Faults()),
    (_entities_of_other_fetches_forgotten, Faults()),
    (_shown_after_a_write, Faults()),
    (_null_kept_where_a_part_failed, Faults(failed=5)),
    (_one_part_for_another, Faults()),
    (_parts_before_what_is_the_viewers_own, Faults()),
)


@pytest.mark.parametrize(("plant", "faults"), PLANTS, ids=[plant.__name__.lstrip("_") for plant, _ in PLANTS])
def test_a_planted_bug_is_caught(plant: Plant, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    for seed in range(GRAPHS):
        try:
            difference = asyncio.run(compare_graph(seed, 6, Counter(), faults))
        except Exception as failed:  # what a bug makes of a run may be anything
            difference = repr(failed)
        if difference:
            return
    pytest.fail(f"{plant.__name__} was not noticed in {GRAPHS} graphs")
