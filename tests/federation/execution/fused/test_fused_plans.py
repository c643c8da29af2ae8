"""Which plans are fused, when, and how many are kept."""

from __future__ import annotations

import pytest

from tests.federation.execution.fused.village import Village


def query(number: int) -> str:
    return f"{{ shops {{ name_{number}: name id }} }}"


async def test_a_plan_is_fused_once() -> None:
    village = Village()
    plan = village.plan(query(1))
    first = village.fused.of(plan)
    assert first is not None
    assert village.fused.of(plan) is first
    assert village.fused.counts == {"fuse": 1}


async def test_a_plan_is_fused_when_it_comes_often_enough() -> None:
    village = Village()
    village.fused.after_hits = 3
    plan = village.plan(query(1))
    assert [village.fused.of(plan) is not None for _ in range(4)] == [False, False, True, True]
    assert village.fused.counts == {"cold": 2, "fuse": 1}


@pytest.mark.parametrize(("max_plans", "max_fields", "kept"), [(3, 10_000, 3), (1_000, 100, 4), (1_000, 1, 1)])
async def test_the_least_lately_used_plans_leave(max_plans: int, max_fields: int, kept: int) -> None:
    village = Village()
    village.fused.max_plans, village.fused.max_fields = max_plans, max_fields
    plans = [village.plan(query(number)) for number in range(8)]
    for plan in plans:
        assert village.fused.of(plan) is not None
    assert len(village.fused) == kept
    assert village.fused.fields == 23 * kept  # three fields, and twenty for the plan itself
    village.fused.of(plans[-kept])  # still there
    assert village.fused.counts["fuse"] == 8
    village.fused.of(plans[0])
    assert village.fused.counts["fuse"] == 9


async def test_what_cannot_be_fused_is_not_tried_again() -> None:
    village = Village()
    plan = village.plan("{ __typename }")
    assert [village.fused.of(plan) for _ in range(3)] == [None, None, None]
    assert village.fused.counts == {"fuse": 1, "no-fetches": 3}
