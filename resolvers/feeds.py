"""How a list of a feed is answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.page import Connection, Page, connection
from models.feeds import Condition, Feed
from resolvers.context import Loads
from resolvers.lists import Counted


async def listed(feed: Feed[Any], lists: Sequence[Condition], page: Page, loads: Loads) -> list[Connection[Any]]:
    """A page of each list; all lists of the feed that one request asks for are one statement."""
    found = await loads.many(feed.pages, [feed.part(of, page) for of in lists])
    return [
        connection(rows, page, key=feed.order.key_of, of=Counted(feed.counts, of))
        for of, rows in zip(lists, found, strict=True)
    ]
