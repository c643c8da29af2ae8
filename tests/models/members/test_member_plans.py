"""How SQLite finds what reads of members want: along an index, whatever there is of members and shops."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from kit.page import Page
from models.feeds import Condition, equal
from models.members import reads
from models.scope import PrivateFeed, Scope
from tests.support.databases import mysql_url
from tests.support.plans import SORTED, walks
from tests.support.statements import counted_statements

pytestmark = [
    pytest.mark.usefixtures("database"),
    pytest.mark.skipif(mysql_url() is not None, reason="the plans are SQLite's"),
]

LIN = Scope("mbr_lin")

# The sorts are of what one member has.
PLANS: dict[str, tuple[Callable[[], Awaitable[object]], list[str]]] = {
    "members": (lambda: reads.members_by_id(["mbr_a", "mbr_b"]), ["SEARCH t BY INDEX (id=?)"]),
    "memberships": (
        lambda: reads.memberships_of([(LIN, "mbr_lin")]),
        ["SEARCH m BY INDEX (member_id=?)", "SEARCH l BY INDEX (id=?)", SORTED],
    ),
    "viewings": (
        lambda: page(reads.VIEWINGS, equal(member_id="mbr_lin")),
        ["SEARCH t BY INDEX (member_id=?)"],
    ),
    "addresses": (
        lambda: page(reads.ADDRESSES, equal(member_id="mbr_lin")),
        ["SEARCH t BY INDEX (member_id=?)", SORTED],
    ),
}


async def page(feed: PrivateFeed[Any], of: Condition) -> None:
    await feed.pages([feed.part(feed.within(LIN, of), Page(10))])


@pytest.mark.parametrize("name", PLANS)
async def test_a_read_walks_an_index_in_one_statement(name: str) -> None:
    read, expected = PLANS[name]
    with counted_statements() as statements:
        await read()
    [text] = statements.texts
    assert await walks("members", text) == expected
