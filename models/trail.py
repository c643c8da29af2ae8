"""Reads of the trail: the acts of a domain, upon what is one shop's or all of them."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from models.feeds import Condition, equal
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


def acts_of(trail_id: str) -> Condition:
    """The acts of a trail."""
    return Condition("1 = 1", ()) if trail_id == WHOLE else equal(shop_id=trail_id)
