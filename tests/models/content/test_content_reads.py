"""Reads of content: what they bring, in which order, in how many statements and along which index."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal

import pytest

from kit.errors import Invalid
from kit.page import Page, cursor_of
from models.content.reads import (
    BEST_FIRST,
    EntryList,
    Owned,
    Shelf,
    count_owned,
    count_shelves,
    entries_by_id,
    lists_of_entries,
    owned_entries,
)
from models.content.rows import BannerRow, EntryRow, LinkedProduct, LiveRoomRow, NoteRow, VideoRow, ZoneRow
from models.reading import cut, fetch
from models.states import EntryKind, EntryState
from tests.factories import content as make
from tests.support.databases import mysql_url
from tests.support.moments import HOUR, MINUTE, NOON
from tests.support.statements import Statements, counted_statements

NOTES = Shelf(EntryKind.NOTE, EntryState.PUBLISHED, running=True)
LIVE = Shelf(EntryKind.LIVE_ROOM, EntryState.LIVE, running=True)
PLANNED = Shelf(EntryKind.LIVE_ROOM, EntryState.PLANNED)
BANNERS = Shelf(EntryKind.BANNER, EntryState.PUBLISHED, running=True)
ZONES = Shelf(EntryKind.ZONE, EntryState.PUBLISHED, running=True)
VIDEOS = Shelf(EntryKind.VIDEO, EntryState.PUBLISHED, running=True)

pytestmark = pytest.mark.usefixtures("database", "noon")

Owner = Literal["shop_id", "author_id", "product_id"]


def listed(shelf: Shelf, page: Page) -> EntryList:
    return EntryList(shelf, cut(BEST_FIRST, page))


async def owned(owner: Owner, shelf: Shelf, page: Page, *owners: str) -> list[list[EntryRow]]:
    wanted = Owned(owner, shelf), cut(BEST_FIRST, page)
    return await owned_entries([(wanted, one) for one in owners])


async def counted(owner: Owner, shelf: Shelf, *owners: str) -> list[int]:
    return await count_owned([(Owned(owner, shelf), one) for one in owners])


async def ids_of(shelf: Shelf, page: Page) -> list[str]:
    return [entry.id for entry in (await lists_of_entries([listed(shelf, page)]))[0]]


async def test_the_best_come_first_and_equal_ranks_by_newest_id() -> None:
    for id_, score in (("nte_a", 5), ("nte_b", 9), ("nte_c", 5), ("nte_d", 7)):
        await make.note(id=id_, score=score)
    assert await ids_of(NOTES, Page(10)) == ["nte_b", "nte_d", "nte_c", "nte_a"]


async def test_pages_follow_one_another_and_say_by_one_row_more_that_there_is_more() -> None:
    for number in range(7):
        await make.note(id=f"nte_{number}", score=number // 3)
    after, seen = None, []
    while True:
        found = (await lists_of_entries([listed(NOTES, Page(2, after))]))[0]
        seen += [entry.id for entry in found[:2]]
        if len(found) <= 2:
            break
        after = cursor_of(BEST_FIRST.key_of(found[1]))
    assert seen == ["nte_6", "nte_5", "nte_4", "nte_3", "nte_2", "nte_1", "nte_0"]


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "listed"),
    [
        (NOON - HOUR, None, True),
        (NOON, None, True),
        (NOON + MINUTE, None, False),
        (NOON - HOUR, NOON + MINUTE, True),
        (NOON - HOUR, NOON, False),
    ],
)
async def test_an_entry_is_listed_from_its_start_until_its_end(
    starts_at: datetime, ends_at: datetime | None, listed: bool
) -> None:
    await make.note(id="nte_a", starts_at=starts_at, ends_at=ends_at)
    assert await ids_of(NOTES, Page(1)) == (["nte_a"] if listed else [])
    assert await count_shelves([NOTES]) == [int(listed)]


async def test_a_shelf_holds_its_kind_and_its_state_alone() -> None:
    await make.live_room(id="liv_now")
    await make.live_room(id="liv_soon", state=EntryState.PLANNED, starts_at=NOON + HOUR)
    await make.live_room(id="liv_over", state=EntryState.ENDED, ends_at=NOON - MINUTE)
    await make.note(id="nte_gone", state=EntryState.WITHDRAWN)
    assert await ids_of(LIVE, Page(5)) == ["liv_now"]
    assert await ids_of(PLANNED, Page(5)) == ["liv_soon"]
    assert await ids_of(NOTES, Page(5)) == []
    assert await count_shelves([LIVE, PLANNED, NOTES]) == [1, 1, 0]


async def test_many_lists_are_one_statement_and_each_kind_has_its_row() -> None:
    await make.banner(id="bnr_1")
    await make.zone(id="zon_1")
    await make.live_room(id="liv_1")
    await make.video(id="vid_1")
    await make.note(id="nte_1")
    shelves = (BANNERS, ZONES, LIVE, VIDEOS, NOTES, PLANNED)
    with counted_statements() as statements:
        found = await lists_of_entries([listed(shelf, Page(3)) for shelf in shelves])
    assert [[type(entry) for entry in entries] for entries in found] == [
        [BannerRow],
        [ZoneRow],
        [LiveRoomRow],
        [VideoRow],
        [NoteRow],
        [],
    ]
    assert statements.by_domain == {"content": 1}


async def test_an_entry_brings_its_products_by_position_and_equal_positions_by_id() -> None:
    await make.note(id="nte_a", products=["prd_z", "prd_a"])
    (found,) = await entries_by_id(["nte_a"])
    assert found is not None
    assert found.links == [LinkedProduct(1, "prd_z"), LinkedProduct(2, "prd_a")]
    await make.linked("nte_a", "prd_b", position=1)
    (found,) = await entries_by_id(["nte_a"])
    assert found is not None
    assert [link.product_id for link in found.links] == ["prd_b", "prd_z", "prd_a"]


async def test_a_row_holds_every_column_as_it_was_written() -> None:
    await make.video(
        id="vid_a",
        title="采茶",
        body="清明前",
        image="https://img.example/a.jpg",
        media=[{"url": "https://img.example/a.mp4", "seconds": 12}],
        shop_id="shp_tea",
        author_id="mbr_lin",
        author_name="小林",
        author_avatar="https://img.example/lin.jpg",
        likes=8,
        viewers=90,
        score=70,
        starts_at=NOON - HOUR,
        ends_at=NOON + HOUR,
    )
    assert await entries_by_id(["vid_a", "vid_b"]) == [
        VideoRow(
            id="vid_a",
            kind="VIDEO",
            state="PUBLISHED",
            title="采茶",
            body="清明前",
            image="https://img.example/a.jpg",
            media=[{"url": "https://img.example/a.mp4", "seconds": 12}],
            shop_id="shp_tea",
            author_id="mbr_lin",
            author_name="小林",
            author_avatar="https://img.example/lin.jpg",
            target_kind=None,
            target_id=None,
            likes=8,
            viewers=90,
            score=70,
            starts_at=NOON - HOUR,
            ends_at=NOON + HOUR,
            linked=None,
        ),
        None,
    ]


async def test_a_banner_brings_the_live_room_it_leads_to_with_the_same_statement() -> None:
    await make.live_room(id="liv_a", title="夜场", products=["prd_a"], score=1)
    await make.banner(id="bnr_room", target_kind="LIVE_ROOM", target_id="liv_a", score=3)
    await make.banner(id="bnr_none", target_kind="LIVE_ROOM", target_id="liv_gone", score=2)
    await make.banner(id="bnr_shop", target_kind="SHOP", target_id="liv_a", score=1)
    with counted_statements() as statements:
        (banners,) = await lists_of_entries([listed(BANNERS, Page(3))])
    assert statements.by_domain == {"content": 1}
    led = {banner.id: banner.room and (banner.room.title, banner.room.links) for banner in banners}
    assert led == {"bnr_room": ("夜场", [LinkedProduct(1, "prd_a")]), "bnr_none": None, "bnr_shop": None}


async def test_each_owner_has_a_page_of_its_own_from_one_statement() -> None:
    for number in range(3):
        await make.note(id=f"nte_{number}", score=number, author_id="mbr_a", products=["prd_x", "prd_y"])
    await make.note(id="nte_9", score=9, author_id="mbr_b", products=["prd_y"])
    await make.note(id="nte_gone", author_id="mbr_a", state=EntryState.WITHDRAWN, products=["prd_x"])
    with counted_statements() as statements:
        by_author = await owned("author_id", NOTES, Page(1), "mbr_a", "mbr_none", "mbr_b")
        by_product = await owned("product_id", NOTES, Page(5), "prd_y", "prd_x")
    assert statements.by_domain == {"content": 2}
    assert [[note.id for note in notes] for notes in by_author] == [["nte_2", "nte_1"], [], ["nte_9"]]
    assert [[note.id for note in notes] for notes in by_product] == [
        ["nte_9", "nte_2", "nte_1", "nte_0"],
        ["nte_2", "nte_1", "nte_0"],
    ]
    assert [link.product_id for link in by_product[1][0].links] == ["prd_x", "prd_y"]
    assert await counted("author_id", NOTES, "mbr_a", "mbr_none", "mbr_b") == [3, 0, 1]
    assert await counted("product_id", NOTES, "prd_x", "prd_y") == [3, 4]


async def test_an_owners_second_page_continues_after_its_first() -> None:
    for number in range(4):
        await make.live_room(id=f"liv_{number}", score=number, shop_id="shp_a")
    (first,) = await owned("shop_id", LIVE, Page(2), "shp_a")
    (second,) = await owned("shop_id", LIVE, Page(2, cursor_of(BEST_FIRST.key_of(first[1]))), "shp_a")
    assert [room.id for room in second] == ["liv_1", "liv_0"]


@pytest.mark.parametrize("after", ["", "nonsense", cursor_of((1,)), cursor_of(("nte_a", 1)), cursor_of((2**63, "a"))])
def test_a_cursor_of_another_list_is_refused(after: str) -> None:
    with pytest.raises(Invalid) as refused:
        listed(NOTES, Page(3, after))
    assert refused.value.code == "page.after"


READS: dict[str, Callable[[], Awaitable[object]]] = {
    "lists": lambda: lists_of_entries([listed(shelf, Page(10)) for shelf in (BANNERS, ZONES, LIVE, NOTES)]),
    "of shops": lambda: owned("shop_id", LIVE, Page(10), "shp_1", "shp_2"),
    "of authors": lambda: owned("author_id", NOTES, Page(10), "mbr_1", "mbr_2"),
    "of products": lambda: owned("product_id", NOTES, Page(10), "prd_1", "prd_2"),
    "by id": lambda: entries_by_id(["nte_1", "nte_2"]),
    "counts": lambda: count_shelves([NOTES, LIVE]),
}


@pytest.mark.skipif(mysql_url() is not None, reason="reads SQLite's plans")
@pytest.mark.parametrize("name", READS)
async def test_no_read_scans_a_table(name: str) -> None:
    with counted_statements() as statements:
        await READS[name]()
    assert await scans(statements) == []


async def scans(statements: Statements) -> list[str]:
    (text,) = statements.texts
    plan = await fetch("content", f"EXPLAIN QUERY PLAN {text}", ["x"] * text.count("?"))
    steps = [row[3] for row in plan]
    return [
        step
        for step in steps
        if step.split()[:2] in [["SCAN", table] for table in ("entry", "entry_product", "l", "t")]
    ]


@pytest.mark.skipif(mysql_url() is not None, reason="reads SQLite's plans")
async def test_a_scan_would_be_seen() -> None:
    with counted_statements() as statements:
        await fetch("content", "SELECT title FROM entry WHERE likes > 5")
    assert await scans(statements) == ["SCAN entry"]
