"""How a list of a feed is answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.page import Connection, Page
from models.feeds import Condition, Feed
from models.scope import PrivateFeed, Scope, Within
from resolvers.context import Loads
from resolvers.lists import shown


async def listed(feed: Feed[Any], lists: Sequence[Condition], page: Page, loads: Loads) -> list[Connection[Any]]:
    """A page of each list; all lists of the feed that one request asks for are one statement."""
    return await _listed(feed, lists, page, loads)


async def listed_within(
    scope: Scope, feed: PrivateFeed[Any], lists: Sequence[Condition], page: Page, loads: Loads
) -> list[Connection[Any]]:
    """The same of rows that belong to somebody: those that lie within the scope."""
    return await _listed(feed, [feed.within(scope, of) for of in lists], page, loads)


async def _listed(feed: Any, lists: Sequence[Condition | Within], page: Page, loads: Loads) -> list[Connection[Any]]:
    found = await loads.many(feed.pages, [feed.part(of, page) for of in lists])
    return [shown(rows, page, feed.order, feed.counts, of) for of, rows in zip(lists, found, strict=True)]
