"""Reads of shops: what they bring, in which order, in how many statements and along which index."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from kit.errors import Invalid
from kit.page import Page, cursor_of
from models.base import connection_of
from models.feeds import equal
from models.reading import Cut, OwnedRows, cut, fetch
from models.scope import Scope
from models.shops.reads import (
    BEST_FIRST,
    BRANCHES,
    MILLIMETRES_PER_STEP,
    SHOPS,
    STAFF,
    Near,
    branches_by_id,
    branches_near,
    open_shops,
    shops_by_id,
)
from models.shops.rows import BranchRow, NearbyRow, ShopRow, StaffRow
from models.states import ShopState, Trade
from tests.factories import shops as make
from tests.factories.shops import PEOPLES_SQUARE
from tests.support.databases import mysql_url
from tests.support.moments import DAY, NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database")

METRES_PER_MINUTE = 190
FIRST_FIFTY = Page(50)
PROGRESS = 100
DEGREE_STEP_EAST = round(MILLIMETRES_PER_STEP * math.cos(math.radians(PEOPLES_SQUARE[0] / 1e6)))
"""Millimetres of a millionth of a degree east at People's Square."""


async def found_near(page: Page, minutes: int = 30) -> list[NearbyRow]:
    wanted = Cut(page.key(int, str), page.limit())
    (rows,) = await branches_near([Near(*PEOPLES_SQUARE, minutes, METRES_PER_MINUTE, wanted)])
    return rows


async def best_shops(trade: str | None, city: str | None, page: Page) -> list[ShopRow]:
    (rows,) = await SHOPS.pages([SHOPS.part(open_shops(trade, city), page)])
    return rows


async def owned(of: OwnedRows[Any], page: Page, *owners: str) -> list[list[Any]]:
    wanted = cut(of.order, page)
    return await of.pages([(wanted, owner) for owner in owners])


async def near(page: Page = FIRST_FIFTY, minutes: int = 30) -> list[tuple[str, int]]:
    """The shop of each branch near People's Square, and its distance in millimetres."""
    rows = await found_near(page, minutes)
    return [(row.shop.id, math.isqrt(row.millimetres_squared)) for row in rows]


async def steps_of(read: Callable[[], Awaitable[object]]) -> int:
    """Steps of SQLite's machine that a read takes."""
    steps = 0

    def progressed() -> int:
        nonlocal steps
        steps += PROGRESS
        return 0

    async with connection_of("shops").acquire_connection() as connection:
        await connection.set_progress_handler(progressed, PROGRESS)
    await read()
    async with connection_of("shops").acquire_connection() as connection:
        await connection.set_progress_handler(None, PROGRESS)
    return steps


def north(metres: int) -> int:
    """The latitude that far north of People's Square."""
    return PEOPLES_SQUARE[0] + metres * 1000 // MILLIMETRES_PER_STEP


async def test_a_row_holds_every_column_as_it_was_written() -> None:
    await make.shop(id="shp_a")
    await make.branch("shp_a", id="brn_a", delivers=False, opening_hours=[])
    assert await shops_by_id(["shp_none", "shp_a"]) == [
        None,
        ShopRow(
            id="shp_a",
            name="一叶茶铺",
            slogan="好茶，慢慢喝",
            trade="RETAIL",
            city="上海",
            logo="https://img.example/logo.png",
            rating=4.8,
            rating_count=120,
            followers=900,
            decoration={
                "theme_color": "#1d6b3a",
                "cover": "https://img.example/cover.jpg",
                "notice": "满 99 元包邮",
                "template": "plain",
            },
            opened_at=NOON - 400 * DAY,
        ),
    ]
    assert await branches_by_id(["brn_a", "brn_none"]) == [
        BranchRow(
            id="brn_a",
            shop_id="shp_a",
            name="人民广场店",
            city="上海",
            district="黄浦",
            address="西藏中路 268 号",
            phone="021-63500000",
            latitude=31_230_400,
            longitude=121_473_700,
            opening_hours=[],
            delivers=False,
            delivery_metres=3_000,
            delivery_minimum=2_000,
            delivery_fee=500,
            preparation_minutes=10,
        ),
        None,
    ]


async def test_open_shops_come_by_rating_and_equal_ratings_by_newest_id() -> None:
    for id_, rating in (("shp_a", 450), ("shp_b", 490), ("shp_c", 450), ("shp_d", 470)):
        await make.shop(id=id_, rating=rating)
    await make.shop(id="shp_closed", rating=500, state=ShopState.CLOSED)
    await make.shop(id="shp_resting", rating=500, state=ShopState.RESTING)
    first = await best_shops(None, None, Page(2))
    assert [shop.id for shop in first] == ["shp_b", "shp_d", "shp_c"]
    second = await best_shops(None, None, Page(2, cursor_of(BEST_FIRST.key_of(first[1]))))
    assert [shop.id for shop in second] == ["shp_c", "shp_a"]


async def test_shops_are_chosen_and_counted_by_trade_and_city() -> None:
    await make.shop(id="shp_a")
    await make.shop(id="shp_b", city="杭州")
    await make.shop(id="shp_c", trade=Trade.HOTEL)
    await make.shop(id="shp_d", state=ShopState.CLOSED)
    filters = [(None, None), ("RETAIL", None), (None, "杭州"), ("HOTEL", "上海"), ("HOTEL", "杭州")]
    chosen = [[shop.id for shop in await best_shops(trade, city, Page(9))] for trade, city in filters]
    assert chosen == [["shp_c", "shp_b", "shp_a"], ["shp_b", "shp_a"], ["shp_b"], ["shp_c"], []]
    with counted_statements() as statements:
        assert await SHOPS.counts([open_shops(*wanted) for wanted in filters]) == [len(shops) for shops in chosen]
    assert statements.by_domain == {"shops": 1}


async def staff_of(scope: Scope, *shops: str) -> list[list[StaffRow]]:
    return await STAFF.pages([STAFF.part(STAFF.within(scope, equal(shop_id=shop)), Page(2)) for shop in shops])


async def test_branches_and_staff_come_by_shop_from_one_statement_each() -> None:
    for number in range(3):
        await make.branch("shp_a", id=f"brn_{number}")
    await make.staff("shp_b", id="stf_b")
    with counted_statements() as statements:
        branches = await owned(BRANCHES, Page(2), "shp_b", "shp_a")
        staff = await staff_of(Scope(shop_id="shp_b"), "shp_b", "shp_a")
        assert await BRANCHES.counts(["shp_b", "shp_a"]) == [0, 3]
    assert statements.by_domain == {"shops": 3}
    assert [[branch.id for branch in of] for of in branches] == [[], ["brn_0", "brn_1", "brn_2"]]
    assert [[person.id for person in of] for of in staff] == [["stf_b"], []]
    assert await staff_of(Scope(shop_id="shp_a"), "shp_b") == [[]]
    (rest,) = await owned(BRANCHES, Page(2, cursor_of(("brn_1",))), "shp_a")
    assert [branch.id for branch in rest] == ["brn_2"]


async def test_each_shop_nearby_is_shown_once_by_its_nearest_branch() -> None:
    await make.shop(id="shp_a")
    await make.branch("shp_a", id="brn_far", latitude=north(900))
    await make.branch("shp_a", id="brn_near", latitude=north(400))
    await make.shop(id="shp_b")
    await make.branch("shp_b", latitude=north(600))
    rows = await found_near(Page(9))
    assert [(row.shop.id, math.isqrt(row.millimetres_squared) // 1000) for row in rows] == [
        ("shp_a", 399),
        ("shp_b", 599),
    ]
    assert rows[0].branch.id == "brn_near"


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        ({}, True),
        ({"delivers": False}, False),
        ({"delivery_metres": 1_000, "latitude": north(990)}, True),
        ({"delivery_metres": 1_000, "latitude": north(1_010)}, False),
        ({"preparation_minutes": 30}, True),
        ({"preparation_minutes": 30, "latitude": north(5)}, False),
        ({"preparation_minutes": 31}, False),
        ({"preparation_minutes": 20, "latitude": north(1_890)}, True),
        ({"preparation_minutes": 20, "latitude": north(1_910)}, False),
    ],
)
async def test_a_branch_is_near_where_it_delivers_in_time(columns: dict[str, object], shown: bool) -> None:
    await make.shop(id="shp_a")
    await make.branch("shp_a", **columns)
    assert [shop_id for shop_id, _ in await near()] == (["shp_a"] if shown else [])


@pytest.mark.parametrize("state", [ShopState.RESTING, ShopState.CLOSED])
async def test_a_shop_that_is_not_open_is_not_near(state: ShopState) -> None:
    await make.shop(id="shp_a", state=state)
    await make.branch("shp_a")
    assert await near() == []


@pytest.mark.parametrize("seed", range(3))
async def test_nearby_shops_are_those_that_a_plain_count_over_all_branches_finds(seed: int) -> None:
    dice = random.Random(seed)
    expected: dict[str, tuple[int, str]] = {}
    for number in range(12):
        shop_id = (await make.shop(id=f"shp_{number:02}")).id
        for _ in range(dice.randrange(4)):
            up, right = dice.randint(-40_000, 40_000), dice.randint(-40_000, 40_000)
            minutes, radius = dice.randint(0, 25), dice.choice((500, 2_000, 4_000))
            branch = await make.branch(
                shop_id,
                latitude=PEOPLES_SQUARE[0] + up,
                longitude=PEOPLES_SQUARE[1] + right,
                preparation_minutes=minutes,
                delivery_metres=radius,
            )
            squared = (up * MILLIMETRES_PER_STEP) ** 2 + (right * DEGREE_STEP_EAST) ** 2
            reach = min((30 - minutes) * METRES_PER_MINUTE, radius) * 1000
            if squared <= reach**2:
                expected[shop_id] = min(expected.get(shop_id, (squared, branch.id)), (squared, branch.id))
    ranked = sorted((squared, branch_id, shop_id) for shop_id, (squared, branch_id) in expected.items())
    assert [shop_id for shop_id, _ in await near()] == [shop_id for *_, shop_id in ranked]
    after, seen = None, []
    while page := (await near(Page(2, after)))[:2]:
        seen += page
        last = next(key for key in ranked if key[2] == page[-1][0])
        after = cursor_of(last[:2])
    assert [shop_id for shop_id, _ in seen] == [shop_id for *_, shop_id in ranked]


@pytest.mark.skipif(mysql_url() is not None, reason="counts SQLite's steps")
async def test_a_page_of_nearby_shops_costs_no_more_where_the_city_is_bigger() -> None:
    for number in range(8):
        await make.shop(id=f"shp_{number}")
        await make.branch(f"shp_{number}", latitude=north(20 * number))
    await near(Page(5))
    few = await steps_of(lambda: near(Page(5)))
    for number in range(100):
        shop = await make.shop()
        await make.branch(shop.id, latitude=north(700 + 40 * number))
    many = await steps_of(lambda: near(Page(5)))
    assert many <= few + PROGRESS


@pytest.mark.parametrize("after", ["", "nonsense", cursor_of(("brn_a", 1)), cursor_of((1,))])
async def test_a_cursor_of_another_list_is_refused(after: str) -> None:
    for read in (best_shops(None, None, Page(3, after)), near(Page(3, after))):
        with pytest.raises(Invalid) as refused:
            await read
        assert refused.value.code == "page.after"


READS: dict[str, tuple[Callable[[], Awaitable[object]], list[str]]] = {
    "best": (lambda: best_shops(None, None, Page(10)), ["SEARCH t (state=?)"]),
    "near": (
        near,
        [
            *[
                "SEARCH x (delivers=? AND latitude>? AND latitude<?)",
                "SEARCH x (shop_id=?)",
                "SEARCH s (id=?)",
                "SCAN r",
            ]
            * 5,
            *["SCAN n", "SEARCH b (id=?)", "SEARCH s (id=?)"],
        ],
    ),
    "branches": (lambda: owned(BRANCHES, Page(10), "shp_a", "shp_b"), ["SEARCH t (shop_id=?)", "SCAN t"]),
    "staff": (lambda: staff_of(Scope(shop_id="shp_a"), "shp_a"), ["SEARCH t (shop_id=?)"]),
    "by id": (lambda: shops_by_id(["shp_a", "shp_b"]), ["SEARCH t (id=?)"]),
}


@pytest.mark.skipif(mysql_url() is not None, reason="reads SQLite's plans")
@pytest.mark.parametrize("name", READS)
async def test_a_read_searches_an_index_and_scans_only_what_it_found(name: str) -> None:
    read, searched = READS[name]
    with counted_statements() as statements:
        await read()
    (text,) = statements.texts
    plan = await fetch("shops", f"EXPLAIN QUERY PLAN {text}", [1] * text.count("?"))
    steps = [re.sub(r"USING (COVERING )?INDEX \w+ ", "", row[3]) for row in plan]
    assert [step for step in steps if step.startswith("SEARCH") or re.match(r"SCAN \w", step)] == searched
