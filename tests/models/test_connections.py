"""Connections under cancellation and load: nothing leaks, no half answer is handed on; on MariaDB with each driver."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from contextvars import copy_context
from dataclasses import replace
from typing import Any

import pytest
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError

from kit.settings import Settings
from models.base import connection_name, open_database, unit_of_work
from models.drivers import FASTEST_FIRST
from models.orders.stock import Quota
from models.pool import PoolExhausted
from models.reading import fetch
from tests.support.databases import mysql_url

DRIVERS = FASTEST_FIRST if mysql_url() else ("sqlite",)
TURNS = 60
"""Turns of the loop after which something is cancelled; a statement takes fewer, a transaction of two about as many."""
on_mariadb = pytest.mark.skipif(mysql_url() is None, reason="SQLite has one connection")


@pytest.fixture(params=DRIVERS)
async def orders(request: pytest.FixtureRequest, empty_mall: Settings) -> AsyncIterator[Any]:
    """The client of the domain's connections."""
    async with open_database(replace(empty_mall, mysql_driver=request.param)):
        yield get_connections().get(connection_name("orders"))


async def cancelled_after(turns: int, work: asyncio.Future[Any]) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def numbers(*wanted: int) -> list[int]:
    """What concurrent statements bring: each must bring its own."""
    found = await asyncio.gather(*(fetch("orders", "SELECT ?", [number]) for number in wanted))
    return [int(rows[0][0]) for rows in found]


async def take(count: int) -> None:
    async with unit_of_work("orders"):
        await Quota.filter(id="pit_1").update(taken=count)
        await Quota.filter(id="pit_2").update(taken=count)


async def taken() -> set[int]:
    return {quota.taken for quota in await Quota.all()}


def turns_left(client: Any) -> int:
    """How many more connections may be in use at once."""
    return int(client._pool._turns._value)


async def test_a_cancelled_statement_leaves_no_half_answer(orders: Any) -> None:
    for turns in range(TURNS):
        many = " UNION ALL ".join(f"SELECT {number}, '{'x' * 200}'" for number in range(200))
        await cancelled_after(turns, asyncio.ensure_future(fetch("orders", many)))
        assert await asyncio.wait_for(numbers(turns, -turns), 10) == [turns, -turns]


@on_mariadb
async def test_statements_cancelled_while_the_server_works_give_their_connections_back(orders: Any) -> None:
    await numbers(1)
    for _ in range(3):
        sleeping = [asyncio.ensure_future(fetch("orders", "SELECT SLEEP(20)")) for _ in range(15)]
        await asyncio.sleep(0.05)
        for one in sleeping:
            one.cancel()
        await asyncio.gather(*sleeping, return_exceptions=True)
        assert turns_left(orders) == orders.pool_maxsize
    assert await asyncio.wait_for(numbers(*range(20)), 10) == list(range(20))


async def test_a_transaction_that_is_cancelled_anywhere_happens_whole_or_not_and_the_next_one_can_begin(
    orders: Any,
) -> None:
    for number in (1, 2):
        await Quota.create(id=f"pit_{number}", shop_id="shp_1", total=1_000, taken=0)
    for turns in range(TURNS):
        await cancelled_after(turns, asyncio.ensure_future(take(turns + 1)))
        assert len(await asyncio.wait_for(taken(), 10)) == 1
    await asyncio.wait_for(take(7), 10)
    assert await taken() == {7}
    if mysql_url():
        assert turns_left(orders) == orders.pool_maxsize


@on_mariadb
async def test_when_all_connections_are_in_use_one_waits_then_hears_that_the_database_is_busy(orders: Any) -> None:
    (await orders.pool()).patience = 0.05
    async with AsyncExitStack() as held:
        for _ in range(orders.pool_maxsize):
            await held.enter_async_context(orders.acquire_connection())
        with pytest.raises(PoolExhausted):
            await numbers(1)
    orders._pool.patience = 10
    assert await numbers(*range(50)) == list(range(50))
    assert orders._pool.free == orders.pool_maxsize


@on_mariadb
async def test_a_connection_that_the_server_dropped_is_replaced(orders: Any) -> None:
    rows = await fetch("orders", "SELECT CONNECTION_ID()")
    with pytest.raises(OperationalError, match="Connection was killed"):
        await fetch("orders", f"KILL {rows[0][0]}")
    await asyncio.sleep(0.05)
    assert await numbers(3) == [3]


async def test_reads_inside_a_unit_of_work_see_it_and_others_do_not_yet(orders: Any) -> None:
    async def total() -> list[tuple[Any, ...]]:
        return list(await fetch("orders", "SELECT id, total FROM quota"))

    outside = copy_context()
    async with unit_of_work("orders"):
        await Quota.create(id="pit_1", shop_id="shp_1", total=9, taken=0)
        assert await total() == [("pit_1", 9)]
        async with unit_of_work("orders"):
            await Quota.filter(id="pit_1").update(total=8)
            assert await total() == [("pit_1", 8)]
        if mysql_url():  # SQLite lets nobody in before it is over
            assert await asyncio.create_task(total(), context=outside) == []
    assert await total() == [("pit_1", 8)]
