"""Workers that cache apart on MariaDB and a real Redis: what one commits all show, whatever dies or freezes.

What is asked for here is kept for a minute where nothing drops it: whoever shows a write has heard of it, or is off.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from typing import Any

import pytest

from kit.contexts import GATEWAY, HEADER, ContextWriter
from kit.processes import own_key
from kit.settings import Settings
from kit.viewer import Viewer
from models.base import unit_of_work
from models.shops.tables import Shop
from tests.factories import orders as make
from tests.support.databases import mysql_url
from tests.support.moments import NOON
from tests.support.servers import environment_of, own_redis, process, services
from tests.support.workers import PATIENCE_SECONDS, Worker, working

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(mysql_url() is None, reason="needs MariaDB and Redis (make test-services)"),
]

OFFERS = "{ couponOffers(first: 50) { edges { node { id remaining } } } }"
TAKE = """mutation($offer: ID!, $key: ID!) {
  takeCoupon(input: { offerId: $offer }, idempotencyKey: $key) { result { id } errors { __typename } }
}"""
SHOP = "query($id: ID!) { shop(id: $id) { name } }"
LIN = Viewer.member("mbr_lin")


@asynccontextmanager
async def two_workers(
    settings: Settings, name: str, redis: str
) -> AsyncIterator[tuple[Worker, Worker, subprocess.Popen[bytes]]]:
    """Two processes of a subgraph that ask members of tokens, and the process of the relay."""
    environment = {**environment_of(settings), "REDIS_URL": redis, "JISHI_CLOCK": NOON.isoformat()}
    with ExitStack() as stack:
        relay = stack.enter_context(process("-m", "jobs", "worker", environment=environment))
        members = stack.enter_context(services(environment, ["members"]))["members"]
        environment |= {"MEMBERS_URL": members.url}
        writer = ContextWriter(GATEWAY, own_key(settings.process_keys, GATEWAY))
        found = [stack.enter_context(services(environment, [name]))[name] for _ in range(2)]
        shows = partial(_context_of, writer, name)
        async with working([Worker(one.url.removesuffix("/graphql"), one.process, shows) for one in found]) as workers:
            yield workers[0], workers[1], relay


def _context_of(writer: ContextWriter, name: str, viewer: Viewer) -> dict[str, str]:
    return {HEADER: writer.write(viewer, name)}


def remaining(data: Any, offer_id: str) -> int | None:
    found = [edge["node"] for edge in data["couponOffers"]["edges"] if edge["node"]["id"] == offer_id]
    return found[0]["remaining"] if found else None


async def test_what_a_mutation_wrote_its_viewer_and_others_see_at_once_through_every_worker(
    database: Settings, noon: None
) -> None:
    offer = await make.offer(total=1_000, taken=0, per_member=100)
    with own_redis() as (url, _):
        async with two_workers(database, "orders", url) as (one, two, _):
            for number in range(20):
                writer, other = (one, two) if number % 2 else (two, one)
                for worker in (one, two, one, two):
                    assert remaining(await worker.ask(OFFERS), offer.id) == 1_000 - number
                taken = await writer.ask(TAKE, LIN, offer=offer.id, key=f"key-{number}")
                assert taken["takeCoupon"]["errors"] == []
                assert remaining(await other.ask(OFFERS), offer.id) == 999 - number
                assert remaining(await other.ask(OFFERS, LIN), offer.id) == 999 - number
                assert remaining(await writer.ask(OFFERS), offer.id) == 999 - number
            hits = [await worker.number("cache_lookups_total") for worker in (one, two)]
            assert min(hits) > 40


async def rename(shop_id: str, name: str) -> None:
    """A write by a process that follows no stream, such as a command's."""
    async with unit_of_work("shops"):
        await Shop.filter(id=shop_id).update(name=name)


async def shows(worker: Worker, shop_id: str, name: str) -> None:
    """Wait until the worker shows the name."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await worker.ask(SHOP, id=shop_id))["shop"]["name"] != name:
            await asyncio.sleep(0.02)


async def warm(worker: Worker, shop_id: str, name: str) -> None:
    """Let the worker keep the shop, and see that it did."""
    await worker.ask(SHOP, id=shop_id)
    before = await worker.number("cache_lookups_total")
    assert (await worker.ask(SHOP, id=shop_id))["shop"]["name"] == name
    assert await worker.number("cache_lookups_total") == before + 1


async def some_shop() -> Shop:
    return await Shop.all().order_by("id").first()  # type: ignore[return-value]


async def test_a_write_of_another_process_comes_by_the_relay(tiny_mall: Settings, noon: None) -> None:
    shop = await some_shop()
    with own_redis() as (url, _):
        async with two_workers(tiny_mall, "shops", url) as (one, two, _):
            for worker in (one, two):
                await warm(worker, shop.id, shop.name)
            await rename(shop.id, "新店名")
            for worker in (one, two):
                await shows(worker, shop.id, "新店名")


async def test_without_the_relay_caches_turn_off_and_answers_stay_right(tiny_mall: Settings, noon: None) -> None:
    shop = await some_shop()
    with own_redis() as (url, _):
        async with two_workers(tiny_mall, "shops", url) as (one, two, relay):
            for worker in (one, two):
                await warm(worker, shop.id, shop.name)
            relay.kill()
            relay.wait()
            await rename(shop.id, "改了名")  # nobody is told
            for worker in (one, two):
                await shows(worker, shop.id, "改了名")
                await worker.is_trusted(False)
                passed = await worker.number("cache_untrusted_total")
                await worker.ask(SHOP, id=shop.id)
                assert await worker.number("cache_untrusted_total") == passed + 1


async def test_while_redis_is_frozen_caches_are_off_and_come_back_empty(tiny_mall: Settings, noon: None) -> None:
    shop = await some_shop()
    with own_redis() as (url, redis):
        async with two_workers(tiny_mall, "shops", url) as (one, two, _):
            for worker in (one, two):
                await warm(worker, shop.id, shop.name)
            redis.send_signal(signal.SIGSTOP)
            await rename(shop.id, "冻住了")
            for worker in (one, two):
                await shows(worker, shop.id, "冻住了")
                await worker.is_trusted(False)
            await rename(shop.id, "又改了")
            for worker in (one, two):
                assert (await worker.ask(SHOP, id=shop.id))["shop"]["name"] == "又改了"
            redis.send_signal(signal.SIGCONT)
            for worker in (one, two):
                await worker.is_trusted(True)
                assert await worker.number("cache_values") == 0
                await warm(worker, shop.id, "又改了")


async def test_a_mutation_is_answered_while_redis_is_frozen_or_gone(database: Settings, noon: None) -> None:
    offer = await make.offer(total=1_000, taken=0, per_member=100)
    with own_redis() as (url, redis):
        async with two_workers(database, "orders", url) as (one, two, _):
            left = 1_000
            for stopped in (signal.SIGSTOP, signal.SIGKILL):
                for worker in (one, two):
                    assert remaining(await worker.ask(OFFERS), offer.id) == left
                redis.send_signal(stopped)
                for writer, other in ((one, two), (two, one)):
                    await writer.ask(TAKE, LIN, offer=offer.id, key=f"key-{left}")
                    left -= 1
                    assert remaining(await other.ask(OFFERS), offer.id) == left


async def test_a_worker_that_is_frozen_holds_nobody_up_for_longer_than_it_may_be_trusted(
    database: Settings, noon: None
) -> None:
    offer = await make.offer(total=1_000, taken=0, per_member=100)
    with own_redis() as (url, _):
        async with two_workers(database, "orders", url) as (one, two, _):
            assert remaining(await two.ask(OFFERS), offer.id) == 1_000
            two.process.send_signal(signal.SIGSTOP)
            await one.ask(TAKE, LIN, offer=offer.id, key="key-1")
            await one.ask(TAKE, LIN, offer=offer.id, key="key-2")
            two.process.send_signal(signal.SIGCONT)
            assert remaining(await two.ask(OFFERS), offer.id) == 998
