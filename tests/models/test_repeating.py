"""What the database undoes for another's sake is done again: nothing of it twice, and not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from kit.errors import Unavailable
from kit.settings import Settings
from models.base import open_database, unit_of_work
from models.drivers import FASTEST_FIRST
from models.orders.stock import Quota
from models.reading import fetch
from models.repeating import PAUSE_SECONDS, TRIES, Undone, carry_out, repeated
from tests.support.databases import mysql_url

DRIVERS = FASTEST_FIRST if mysql_url() else ("sqlite",)
on_mariadb = pytest.mark.skipif(mysql_url() is None, reason="SQLite lets one transaction write at a time")


@pytest.fixture(params=DRIVERS)
async def database(request: pytest.FixtureRequest, empty_mall: Settings) -> AsyncIterator[None]:
    """An open mall without a row, by each driver: they tell of what was undone each in their own way."""
    async with open_database(replace(empty_mall, mysql_driver=request.param)):
        yield


class Unlucky:
    """Takes one from the quota, and is undone so many times before that stands."""

    def __init__(self, times: int) -> None:
        self.times, self.tried = times, 0

    async def take(self, quota_id: str) -> int:
        self.tried += 1
        taken = (await Quota.filter(id=quota_id).select_for_update().get()).taken + 1
        await Quota.filter(id=quota_id).update(taken=taken)
        if self.tried <= self.times:
            raise Undone("deadlock")
        return taken


async def quotas(*ids: str) -> None:
    for id_ in ids:
        await Quota.create(id=id_, shop_id="shp_1", total=1_000, taken=0)


async def taken() -> list[int]:
    return [quota.taken for quota in await Quota.all().order_by("id")]


async def test_what_was_undone_is_done_again_and_once(database: None) -> None:
    await quotas("pit_1")
    unlucky = Unlucky(TRIES - 1)
    assert await carry_out("orders", unlucky.take, "pit_1") == 1
    assert (unlucky.tried, await taken()) == (TRIES, [1])


async def test_what_is_undone_each_time_says_to_try_again_and_leaves_nothing(database: None) -> None:
    await quotas("pit_1")
    unlucky = Unlucky(TRIES)
    with pytest.raises(Unavailable, match="try again") as refusal:
        await carry_out("orders", unlucky.take, "pit_1")
    assert refusal.value.extensions() == {"code": "UNAVAILABLE", "reason": "database.busy"}
    assert (unlucky.tried, await taken()) == (TRIES, [0])


async def test_other_failures_are_not_tried_again(database: None) -> None:
    tried: list[int] = []

    async def fail() -> None:
        tried.append(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await carry_out("orders", fail)
    assert tried == [1]


async def test_pauses_are_random_and_grow() -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async def undone() -> None:
        raise Undone("deadlock")

    with pytest.raises(Unavailable):
        await repeated(undone, chance=iter([1.0, 0.5, 0.25]).__next__, sleep=sleep)
    assert pauses == [PAUSE_SECONDS] * 3


@on_mariadb
async def test_two_that_lock_each_other_out_both_end_well(database: None) -> None:
    await quotas("pit_1", "pit_2")
    both_hold_one = asyncio.Barrier(2)
    tried: list[str] = []

    async def take(first: str, second: str) -> None:
        tried.append(first)
        await Quota.filter(id=first).update(taken=7)
        if len(tried) <= 2:
            await both_hold_one.wait()
        await Quota.filter(id=second).update(taken=8)

    await asyncio.gather(carry_out("orders", take, "pit_1", "pit_2"), carry_out("orders", take, "pit_2", "pit_1"))
    assert len(tried) == 3
    assert sorted(await taken()) == [7, 8]


@on_mariadb
async def test_whoever_waits_for_a_lock_too_long_tries_again(database: None) -> None:
    await quotas("pit_1")
    tried: list[int] = []
    held, let_go = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with unit_of_work("orders"):
            await Quota.filter(id="pit_1").update(taken=7)
            held.set()
            await let_go.wait()

    async def take() -> None:
        tried.append(1)
        if len(tried) == 2:
            let_go.set()
        await fetch("orders", "SET SESSION innodb_lock_wait_timeout = 1")
        await Quota.filter(id="pit_1").update(taken=8)

    holder = asyncio.create_task(hold())
    await held.wait()
    await asyncio.gather(holder, carry_out("orders", take))
    assert (len(tried), await taken()) == (2, [8])
