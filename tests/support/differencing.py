"""An attack on what the platform is told: whatever overlaps is subtracted, and the rest is held against each secret.

The attacker is somebody of the platform who asks the gateway, as often as they like, for all that it tells. The secrets
are what each shop took and what each buyer paid.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

import httpx

from gateway import mall_gateway
from kit.clock import SHANGHAI
from kit.settings import Settings
from kit.viewer import Viewer
from models import bulk
from models.orders.order import ShopOrder
from models.states import OrderState, Trade
from services.orders.disclosure import FEWEST, MARGIN
from subgraphs.mall import Mall
from tests.factories import shops as make_shop
from tests.factories.ids import fresh
from tests.support.tokens import token_of

CITIES = ("上海", "北京", "成都", "杭州", "广州", "深圳")
SHOPS, BUYERS, SALES = 200, 250, 700
OPERATOR = Viewer.platform_staff("pst_operator", "OPERATOR")
CELLS = """query ($month: String!, $after: String) { market(first: 50, month: $month, after: $after) {
  edges { node { trade city shops buyers orders amount { amount } } } pageInfo { hasNextPage endCursor }
} }"""
BANDS = "query ($id: ID!) { shop(id: $id) { bands(first: 50) { edges { node { month tier score trend } } } } }"

Path = tuple[str, ...]
Cells = Mapping[tuple[str, Path], Mapping[str, int]]
"""The numbers of each cell, by month and path: () is the market, (trade,), (trade, city)."""


@dataclass(frozen=True, slots=True)
class Sale:
    """One paid order: what nobody of the platform is to learn."""

    month: str
    path: Path
    shop_id: str
    member_id: str
    amount: int


def month_of(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m}"


async def opened(dice: random.Random) -> dict[str, Path]:
    """Shops of all trades, most of them in a few cities: where each one is."""
    places = {}
    for number in range(SHOPS):
        trade, city = dice.choice(list(Trade)), CITIES[int(len(CITIES) * dice.random() ** 2)]
        shop = await make_shop.shop(id=f"shp_{number}", trade=trade, city=city)
        places[shop.id] = (trade.value, city)
    return places


def sale(dice: random.Random, places: Mapping[str, Path], month: str) -> Sale:
    """Few shops sell much, a few orders are large."""
    shop_id = f"shp_{int(SHOPS * dice.random() ** 2)}"
    amount = int(dice.paretovariate(1.2) * 1_000)
    return Sale(month, places[shop_id], shop_id, f"mbr_{dice.randrange(BUYERS)}", amount)


async def paid(sales: Iterable[Sale], at: datetime) -> None:
    """The orders are paid at a moment of their month."""
    moments = {"placed_at": at, "paid_at": at, "completed_at": at}
    rest = {"discount": 0, "freight": 0, "state": OrderState.COMPLETED, "branch_id": None}
    rows = (
        {"id": fresh("ord"), "trade_id": fresh("trd"), "member_id": one.member_id, "shop_id": one.shop_id}
        | {"goods": one.amount, "payable": one.amount, **rest, **moments}
        for one in sales
    )
    await bulk.insert(ShopOrder, rows)


@asynccontextmanager
async def at_the_gateway(settings: Settings) -> AsyncIterator[Attacker]:
    """The attacker, at the gateway of the open mall as it is now."""
    transport = httpx.ASGITransport(app=mall_gateway(Mall(settings)))
    headers = {"authorization": f"Bearer {await token_of(settings, OPERATOR)}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://mall", headers=headers) as client:
        yield Attacker(client)


class Attacker:
    """Somebody of the platform at the gateway."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors, now."""
        answer = await self._client.post("/graphql", json={"query": query, "variables": variables})
        assert "errors" not in answer.json(), answer.text
        return answer.json()["data"]

    async def cells(self, months: Iterable[str]) -> dict[tuple[str, Path], dict[str, int]]:
        """Every cell that is told of these months now."""
        found = {}
        for month in months:
            after, more = None, True
            while more:
                page = (await self.ask(CELLS, month=month, after=after))["market"]
                for node in (edge["node"] for edge in page["edges"]):
                    path = tuple(part for part in (node.pop("trade"), node.pop("city")) if part)
                    found[month, path] = node | {"amount": node["amount"]["amount"]}
                after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        return found


def overlapping(cells: Cells) -> Iterator[tuple[str, Path, tuple[Path, ...]]]:
    """Cells of a month with what is taken away from them: nothing, each one below, every two children, all children."""
    for month, path in cells:
        below = [other for known, other in cells if known == month and other[: len(path)] == path and other != path]
        children = [other for other in below if len(other) == len(path) + 1]
        for inner in {(), tuple(children), *((one,) for one in below), *combinations(children, 2)}:
            yield month, path, inner


def secrets_of(sales: Sequence[Sale]) -> dict[str, set[int]]:
    """What each shop and each buyer brought, by the number of a cell that would tell it."""
    amounts: dict[str, int] = defaultdict(int)
    orders: dict[str, int] = defaultdict(int)
    for one in sales:
        for subject in (one.shop_id, one.member_id):
            amounts[subject] += one.amount
            orders[subject] += 1
    return {"amount": set(amounts.values()), "orders": set(orders.values())}


def recovered(difference: Mapping[str, int], sales: Sequence[Sale]) -> list[str]:
    """The numbers of a difference that give one subject's value to `MARGIN` percent, or tell of fewer than `FEWEST`."""
    secrets = secrets_of(sales)
    found = [
        name
        for name, values in secrets.items()
        if any(abs(value - difference[name]) * 100 < value * MARGIN for value in values)
    ]
    return found + ["shops"] * (0 < difference["shops"] < FEWEST)


def subtracted(cells: Cells, sales: Sequence[Sale]) -> tuple[int, list[str]]:
    """How many overlapping pairs there are, and what they tell."""
    by_month: dict[str, list[Sale]] = defaultdict(list)
    for one in sales:
        by_month[one.month].append(one)
    pairs, told = 0, []
    for month, path, inner in overlapping(cells):
        rest = [
            one
            for one in by_month[month]
            if one.path[: len(path)] == path and not any(one.path[: len(part)] == part for part in inner)
        ]
        difference = {
            name: value - sum(cells[month, part][name] for part in inner) for name, value in cells[month, path].items()
        }
        pairs += bool(inner)
        told += [f"{month} {path} - {inner}: {name}" for name in recovered(difference, rest)]
    return pairs, told


def from_day_to_day(before: Cells, now: Cells, sold: Sequence[Sale]) -> tuple[int, list[str]]:
    """How many cells were told on both of two days, and what their differences tell of what was sold between."""
    shared = before.keys() & now.keys()
    told = []
    for month, path in shared:
        difference = {name: value - before[month, path][name] for name, value in now[month, path].items()}
        if any(difference.values()):
            told += [f"{month} {path}: {name}" for name in recovered(difference, sold)]
    return len(shared), told
