"""Gateways that keep parts of answers apart, on MariaDB and a real Redis: nothing that they show is older than a
second, whatever dies or freezes.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from itertools import product
from time import monotonic

import pytest

from kit.changes import TRUST_SECONDS
from kit.settings import DOMAINS, Settings
from kit.viewer import Viewer, name_of
from tests.factories import orders as make
from tests.journeys.test_many_workers import LIN, OFFERS, TAKE, remaining, rename, some_shop
from tests.support.databases import mysql_url
from tests.support.moments import NOON
from tests.support.servers import ROOT, environment_of, gateway, own_redis, process, services, subgraph_urls
from tests.support.tokens import token_of
from tests.support.workers import Worker, working

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(mysql_url() is None, reason="needs MariaDB and Redis (make test-services)"),
]

WATCHED_SECONDS = 2.5
"""What is kept too long is kept for two seconds at most: it ages."""
NAMES = [f"query Name{number}($id: ID!) {{ shop(id: $id) {{ name }} }}" for number in range(5)]
"""The same asked in several ways, each kept by itself."""
PLANT = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests/support/planting'}"}


def environment(settings: Settings, redis: str) -> dict[str, str]:
    return {**environment_of(settings), "REDIS_URL": redis, "JISHI_CLOCK": NOON.isoformat()}


@asynccontextmanager
async def two_gateways(known: Mapping[str, str], tokens: Mapping[Viewer, str]) -> AsyncIterator[Sequence[Worker]]:
    """Two gateways, to which viewers show their tokens."""

    def shows(viewer: Viewer) -> Mapping[str, str]:
        token = tokens.get(viewer)
        return {"authorization": f"Bearer {token}", "jishi-hat": name_of(viewer)} if token else {}

    with ExitStack() as stack:
        found = [stack.enter_context(gateway(known)) for _ in range(2)]
        async with working([Worker(url, process, shows) for url, process in found]) as workers:
            yield workers


@asynccontextmanager
async def two_split_gateways(
    known: Mapping[str, str],
) -> AsyncIterator[tuple[Sequence[Worker], Worker, subprocess.Popen[bytes]]]:
    """Two gateways over the service of shops, which is told of writes by the relay: both are given, too. No other
    service is asked for what tests ask here.
    """
    with ExitStack() as stack:
        relay = stack.enter_context(process("-m", "jobs", "worker", environment=known))
        members, shops = stack.enter_context(services(known, ["members", "shops"])).values()
        urls = subgraph_urls(dict.fromkeys(DOMAINS, members.url) | {"shops": shops.url})
        found = [stack.enter_context(gateway({**known, **urls})) for _ in range(2)]
        service, *workers = (
            Worker(url, process, lambda viewer: {})
            for url, process in [(shops.url.removesuffix("/graphql"), shops.process), *found]
        )
        async with working([service]):
            try:
                yield workers, service, relay
            finally:
                for worker in workers:
                    await worker.aclose()


async def hits(worker: Worker) -> float:
    """How often parts were used that it keeps."""
    return await worker.number("graphql_fragments_total", 'outcome="hit"')


async def warm(workers: Sequence[Worker], shop_id: str, name: str) -> None:
    """Let the workers keep what they say of the shop, each way from another moment on, and see that they do."""
    before = [await hits(worker) for worker in workers]
    for query in NAMES:
        for worker in [*workers] * 4:
            assert (await worker.ask(query, id=shop_id))["shop"]["name"] == name
        await asyncio.sleep(1 / len(NAMES))
    assert all([await hits(worker) > known for worker, known in zip(workers, before, strict=True)])


async def late(workers: Sequence[Worker], shop_id: str, name: str) -> list[float]:
    """Ask for a while for the shop, whose name has just been written: the seconds after which what was before was still
    shown, where they are more than promised."""
    written, found = monotonic(), []
    while monotonic() - written < WATCHED_SECONDS:
        for worker, query in product(workers, NAMES):
            since = monotonic() - written
            shown = (await worker.ask(query, id=shop_id))["shop"]["name"]
            if shown != name and since > TRUST_SECONDS:
                found.append(since)
    return found


async def are_off(workers: Sequence[Worker], shop_id: str) -> None:
    """See that nothing is used that was kept."""
    for worker in workers:
        before = await hits(worker)
        await worker.ask(NAMES[0], id=shop_id)
        assert await hits(worker) == before


async def test_what_a_mutation_wrote_its_viewer_and_others_see_at_once_through_every_gateway(
    database: Settings, noon: None
) -> None:
    offer = await make.offer(total=1_000, taken=0, per_member=100)
    tokens = {LIN: await token_of(database, LIN)}
    with own_redis() as (url, _):
        async with two_gateways(environment(database, url), tokens) as (one, two):
            for number in range(10):
                writer, other = (one, two) if number % 2 else (two, one)
                for worker in (one, two) * 3:
                    assert remaining(await worker.ask(OFFERS), offer.id) == 1_000 - number
                taken = await writer.ask(TAKE, LIN, offer=offer.id, key=f"key-{number}")
                assert taken["takeCoupon"]["errors"] == []
                for worker in (writer, other):
                    assert remaining(await worker.ask(OFFERS, LIN), offer.id) == 999 - number
                    assert remaining(await worker.ask(OFFERS), offer.id) == 999 - number
            assert min([await hits(one), await hits(two)]) > 20


async def shown_late_while_redis_is_frozen(settings: Settings, plant: Mapping[str, str]) -> list[float]:
    """See `late`. What comes after it, parts that come back, is asserted where nothing was late."""
    shop = await some_shop()
    with own_redis() as (url, redis):
        async with two_gateways({**environment(settings, url), **plant}, {}) as workers:
            await warm(workers, shop.id, shop.name)
            redis.send_signal(signal.SIGSTOP)
            await rename(shop.id, "冻住了")
            if found := await late(workers, shop.id, "冻住了"):
                return found
            await are_off(workers, shop.id)
            redis.send_signal(signal.SIGCONT)
            for worker in workers:
                await worker.is_trusted(True)
            await warm(workers, shop.id, "冻住了")
    return []


async def test_while_redis_is_frozen_parts_are_off_and_come_back(tiny_mall: Settings, noon: None) -> None:
    assert await shown_late_while_redis_is_frozen(tiny_mall, {}) == []


async def test_the_planted_bug_of_parts_that_do_not_ask_whether_they_stand_is_found(
    tiny_mall: Settings, noon: None
) -> None:
    assert await shown_late_while_redis_is_frozen(tiny_mall, PLANT)


async def test_without_the_relay_no_gateway_shows_what_is_older_than_a_second(tiny_mall: Settings, noon: None) -> None:
    shop = await some_shop()
    with own_redis() as (url, _):
        async with two_split_gateways(environment(tiny_mall, url)) as (workers, service, relay):
            await warm(workers, shop.id, shop.name)
            relay.kill()
            relay.wait()
            await rename(shop.id, "改了名")  # nobody is told
            assert await late(workers, shop.id, "改了名") == []
            await service.is_trusted(False)
            await are_off(workers, shop.id)
