"""Reads of the trail: the acts of a domain, upon what is one shop's or all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from models.feeds import Condition
from models.reading import Order, ReadRow
from models.scope import Owners, PrivateFeed

WHOLE = "mall"
"""The id of the trail that holds all acts."""


class TrailRow(ReadRow, frozen=True, gc=False):
    """A row of the trail."""

    id: str
    act: str
    viewer_id: str | None
    hat: str
    session_id: str | None
    at: datetime
    object_id: str
    shop_id: str | None
    before: str | None
    after: str | None
    result: str
    reason: str


@cache
def feed_of(domain: str) -> PrivateFeed[TrailRow]:
    """The acts of a domain, the newest first: ids ascend with time."""
    newest_first = Order(TrailRow, ("id",), descending=True)
    return PrivateFeed(domain, f"{domain}_audit", TrailRow, newest_first, Owners(shop="shop_id", audited=True))


def acts_like(
    trail_id: str,
    *,
    equal: Mapping[str, str | None] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Condition:
    """The acts of a trail whose columns have these values, where they are given, from `since` on and before `until`."""
    asked = {"shop_id": None if trail_id == WHOLE else trail_id, **(equal or {})}
    bounds = {"t.at >= ?": since, "t.at < ?": until}
    given = {**{f"t.{column} = ?": value for column, value in asked.items()}, **bounds}
    parts = [(sql, value) for sql, value in given.items() if value is not None]
    return Condition(" AND ".join(sql for sql, _ in parts) or "1 = 1", tuple(value for _, value in parts))
