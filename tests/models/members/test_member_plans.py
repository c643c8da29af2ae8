"""How SQLite finds what reads of members want: along an index, whatever there is of members and shops."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from kit.page import Page
from models.feeds import equal
from models.members import reads
from tests.support.databases import mysql_url
from tests.support.plans import SORTED, walks
from tests.support.statements import counted_statements

pytestmark = [
    pytest.mark.usefixtures("database"),
    pytest.mark.skipif(mysql_url() is not None, reason="the plans are SQLite's"),
]

# The sorts are of what one member has.
PLANS: dict[str, tuple[Callable[[], Awaitable[object]], list[str]]] = {
    "members": (lambda: reads.members_by_id(["mbr_a", "mbr_b"]), ["SEARCH t BY INDEX (id=?)"]),
    "memberships": (
        lambda: reads.memberships_of(["mbr_a"]),
        ["SEARCH m BY INDEX (member_id=?)", "SEARCH l BY INDEX (id=?)", SORTED],
    ),
    "count of memberships": (
        lambda: reads.count_memberships(["mbr_a", "mbr_b"]),
        ["SEARCH m BY INDEX (member_id=?)"],
    ),
    "viewings": (
        lambda: reads.VIEWINGS.pages([reads.VIEWINGS.part(equal(member_id="mbr_a"), Page(10))]),
        ["SEARCH t BY INDEX (member_id=?)"],
    ),
    "addresses": (
        lambda: reads.ADDRESSES.page(["mbr_a"], Page(10)),
        ["SEARCH t BY INDEX (member_id=?)", SORTED, SORTED],
    ),
}


@pytest.mark.parametrize("name", PLANS)
async def test_a_read_walks_an_index_in_one_statement(name: str) -> None:
    read, expected = PLANS[name]
    with counted_statements() as statements:
        await read()
    [text] = statements.texts
    assert await walks("members", text) == expected
