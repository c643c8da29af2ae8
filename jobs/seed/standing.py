"""Levels and memberships: points are the yuan that a member spent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from jobs.seed.dice import Dice
from jobs.seed.plans import LevelPlan, MemberPlan, ShopPlan

_PLATFORM = (
    ("普通会员", 100, 0),
    ("银卡会员", 99, 500),
    ("金卡会员", 98, 2_000),
    ("铂金会员", 97, 6_000),
    ("钻石会员", 95, 20_000),
)


def plan_platform_levels(dice: Dice, at: datetime) -> tuple[LevelPlan, ...]:
    """The platform's levels, lowest first."""
    return tuple(
        LevelPlan(dice.id("lvl", at), name, rank, percent, threshold)
        for rank, (name, percent, threshold) in enumerate(_PLATFORM, start=1)
    )


def level_rows(platform: Sequence[LevelPlan], shops: Sequence[ShopPlan]) -> Iterator[dict[str, Any]]:
    """Rows of `Level`."""
    sets: list[tuple[str | None, Sequence[LevelPlan]]] = [(None, platform), *((shop.id, shop.levels) for shop in shops)]
    for shop_id, levels in sets:
        for level in levels:
            yield {
                "id": level.id,
                "shop_id": shop_id,
                "name": level.name,
                "rank": level.rank,
                "percent": level.percent,
                "threshold": level.threshold,
            }


def membership_rows(
    member: MemberPlan,
    spent: Mapping[str | None, int],
    levels: Mapping[str | None, Sequence[LevelPlan]],
    dice: Dice,
) -> Iterator[dict[str, Any]]:
    """Rows of `Membership`: everybody's on the platform, and in each shop with levels where the member bought."""
    for shop_id in (None, *(shop_id for shop_id in spent if shop_id is not None)):
        if ladder := levels.get(shop_id):
            points = spent.get(shop_id, 0) // 100
            yield {
                "id": dice.id("mem", member.joined_at),
                "member_id": member.id,
                "shop_id": shop_id,
                "level_id": level_at(ladder, points).id,
                "points": points,
                "since": member.joined_at,
            }


def level_at(ladder: Sequence[LevelPlan], points: int) -> LevelPlan:
    """The highest level that `points` reach."""
    return [level for level in ladder if level.threshold <= points][-1]
