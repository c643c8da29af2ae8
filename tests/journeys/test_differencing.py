"""The differencing attack through the gateway: over a thousand pairs tell of no shop and of no buyer."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type

from federation.supergraph import Supergraph
from jobs.market import publish_months
from kit import clock
from kit.clock import SHANGHAI
from kit.settings import Settings
from models.orders.market import MarketCell, MarketMonth, ShopBand
from models.states import ShopTier, ShopTrend
from services.orders import disclosure, market
from subgraphs.mall import SCHEMA
from tests.support.differencing import (
    BANDS,
    SALES,
    SHOPS,
    Sale,
    at_the_gateway,
    from_day_to_day,
    month_of,
    opened,
    paid,
    sale,
    subtracted,
)
from tests.support.walker.judging import NOTHING, matrix

FIRST = datetime(2024, 10, 5, 12, tzinfo=SHANGHAI)
"""A moment of the first month."""
MONTHS, DAYS = 24, 16
DAY = timedelta(days=1)


class World:
    """A market that sells, is published and is attacked."""

    def __init__(self, seed: int, settings: Settings) -> None:
        self.dice, self.settings = random.Random(seed), settings
        self.sales: list[Sale] = []
        self.now = FIRST

    async def lives(self, months: int) -> None:
        """As many months go by."""
        self.places = await opened(self.dice)
        for _ in range(months):
            await self.sells(SALES)
            self.now = (self.now.replace(day=1) + 32 * DAY).replace(day=5)

    async def sells(self, count: int) -> list[Sale]:
        """As much is sold now."""
        sold = [sale(self.dice, self.places, month_of(self.now)) for _ in range(count)]
        await paid(sold, self.now)
        self.sales += sold
        return sold

    def months(self) -> list[str]:
        """The months in which something was sold, and this one."""
        return sorted({one.month for one in self.sales} | {month_of(self.now)})

    async def told(self, months: list[str]) -> dict[Any, Any]:
        """What the platform is told of these months, after what is due was published."""
        with clock.at(self.now):
            await publish_months()
            async with at_the_gateway(self.settings) as attacker:
                return await attacker.cells(months)


async def attacked_by_overlap(database: Settings, months: int, seed: int = 1) -> tuple[int, list[str]]:
    world = World(seed, database)
    await world.lives(months)
    return subtracted(await world.told(world.months()), world.sales)


async def attacked_by_day(database: Settings, days: int) -> tuple[int, list[str]]:
    """One order a day, and whatever is told on two days that follow each other, across the end of a month."""
    world, pairs, found = World(2, database), 0, []
    await world.lives(4)
    world.now = world.now.replace(day=24)
    await world.sells(SALES)
    before = await world.told(world.months())
    for _ in range(days):
        world.now += DAY
        sold = await world.sells(1)
        now = await world.told(world.months())
        shared, told = from_day_to_day(before, now, sold)
        pairs, found, before = pairs + shared, found + told, now
    return pairs, found


async def test_a_thousand_pairs_of_overlapping_cells_tell_of_nobody(database: Settings) -> None:
    pairs, told = await attacked_by_overlap(database, MONTHS)
    assert told == []
    assert pairs >= 1_000


async def test_a_thousand_pairs_of_neighbouring_days_tell_of_nobody(database: Settings) -> None:
    pairs, told = await attacked_by_day(database, DAYS)
    assert told == []
    assert pairs >= 1_000


async def test_of_a_shop_nothing_is_told_but_bands(database: Settings) -> None:
    world = World(3, database)
    await world.lives(2)
    await world.told([])
    with clock.at(world.now):
        async with at_the_gateway(database) as attacker:
            bands = [await attacker.ask(BANDS, id=f"shp_{number}") for number in range(0, SHOPS, 10)]
    told = [edge["node"] for one in bands for edge in one["shop"]["bands"]["edges"]]
    assert len(told) > 20
    assert {one["tier"] for one in told} <= {tier.value for tier in ShopTier}
    assert {one["trend"] for one in told} <= {None, *(trend.value for trend in ShopTrend)}
    assert {one["score"] for one in told} <= {None, *range(0, 101, 10)}


@pytest.mark.parametrize("month", ["2026-01-15", "2026-1", "2026-01 ", "2026", "2026-01/2026-02", "2026-00"])
async def test_no_other_time_can_be_asked_for_than_a_month(database: Settings, month: str) -> None:
    async with at_the_gateway(database) as attacker:
        with pytest.raises(AssertionError, match="month is written as 2026-10"):
            await attacker.cells([month])


def shown_whatever_is_left(children: Any, by_path: Any) -> list[disclosure.Path]:
    return [one for one in children if disclosure.is_safe(by_path[one])]


@pytest.mark.parametrize(
    ("hole", "planted"),
    [
        ("_shown", shown_whatever_is_left),
        ("is_safe", lambda _: True),
        ("_is_blurred", lambda _: True),
        ("FEWEST", 3),
    ],
)
async def test_the_attack_finds_a_hole_in_what_is_kept_back(
    database: Settings, hole: str, planted: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disclosure, hole, planted)
    _, told = await attacked_by_overlap(database, 2)
    assert told != []


async def running_month_again() -> list[str]:
    """The month that is not over, as if it had never been published."""
    month = month_of(clock.now())
    for model in (MarketMonth, MarketCell, ShopBand):
        await model.filter(month=month).delete()
    return [month]


async def test_the_attack_finds_sums_that_are_told_again(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market, "due_months", running_month_again)
    _, told = await attacked_by_day(database, 3)
    assert told != []


UNDER_A_CASE = {"CaseOrder", "OrderLine", "OversightCase"}
"""What is read of one shop, on record, after a second person approved (break-glass)."""


def test_every_number_that_the_platform_alone_is_told_is_attacked() -> None:
    """A metric that is added must be added to the attack, and so must a filter."""
    api = Supergraph.parse((SCHEMA / "supergraph.graphql").read_text("utf-8")).api_schema
    hats = [hat for hat in matrix() if hat.startswith("platform")]
    open_ = {spot for hat in hats for spot, cell in matrix()[hat].items() if cell != NOTHING}
    numbers = {"Int", "Long", "Float", "Money"}
    found, filters = set(), set()
    for spot in sorted(open_ - {spot for spot, cell in matrix()["guest"].items() if cell != NOTHING}):
        type_name, _, name = spot.partition(".")
        declared = api.type_map[type_name]
        if not isinstance(declared, GraphQLObjectType) or type_name in UNDER_A_CASE or name == "totalCount":
            continue
        field = declared.fields[name]
        if get_named_type(field.type).name in numbers:
            found.add(spot)
        if get_named_type(field.type).name in {"MarketCellConnection", "ShopBandConnection"}:
            filters |= {f"{spot}({argument})" for argument in field.args}
    assert found == {f"MarketCell.{name}" for name in ("shops", "buyers", "orders", "amount")} | {"ShopBand.score"}
    assert filters == {
        *(f"Query.market({name})" for name in ("first", "after", "month")),
        *(f"Shop.bands({name})" for name in ("first", "after")),
    }
