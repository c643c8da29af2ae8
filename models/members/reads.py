"""The reads of members: each is one statement for any number of keys."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from models.feeds import Feed
from models.members.rows import AddressRow, LevelRow, MemberRow, MembershipRow, ViewingRow
from models.reading import Order, OwnedRows, by_id, fetch, grouped, marks, moment

ADDRESSES = OwnedRows("members", "address", "member_id", AddressRow, Order(AddressRow, ("id",)))
MEMBERSHIPS_IN_ORDER = Order(MembershipRow, ("id",))
VIEWINGS = Feed("members", "viewing", ViewingRow, Order(ViewingRow, ("at", "id"), descending=True))


async def members_by_id(ids: Sequence[str]) -> list[MemberRow | None]:
    return await by_id("members", "member", MemberRow, ids)


async def memberships_of(member_ids: Sequence[str]) -> list[list[MembershipRow]]:
    """All memberships of each member with their levels, by id."""
    sql = (
        "SELECT m.id, m.member_id, m.shop_id, m.points, m.since,"
        " l.id AS level_id, l.name AS level_name, l.rank AS level_rank, l.percent AS level_percent"
        f" FROM membership m JOIN level l ON l.id = m.level_id WHERE m.member_id IN ({marks(member_ids)}) ORDER BY m.id"
    )
    rows = await fetch("members", sql, member_ids)
    return grouped(member_ids, map(_membership, rows), attrgetter("member_id"))


async def count_memberships(member_ids: Sequence[str]) -> list[int]:
    """How many memberships each member has."""
    sql = (
        "SELECT m.member_id, COUNT(*) AS held FROM membership m"
        f" WHERE m.member_id IN ({marks(member_ids)}) GROUP BY m.member_id"
    )
    held = {row["member_id"]: row["held"] for row in await fetch("members", sql, member_ids)}
    return [held.get(member_id, 0) for member_id in member_ids]


def _membership(row: dict[str, Any]) -> MembershipRow:
    level = LevelRow(row["level_id"], row["level_name"], row["level_rank"], row["level_percent"])
    return MembershipRow(row["id"], row["member_id"], row["shop_id"], row["points"], moment(row["since"]), level)
