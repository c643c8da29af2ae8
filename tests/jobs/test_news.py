"""Facts travel from an outbox over the stream to their reactions, at least once, and each has one effect."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import orjson
import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisGone

from jobs import listener, reactions, relay
from kit import changes, clock
from kit.redis import connect
from kit.settings import DOMAINS, Settings
from models.base import unit_of_work
from models.orders.news import OrdersOutbox
from models.outbox import Untold, untold
from services.events import CouponTaken, Fact, fact_id, publish
from tests.factories import orders as make


@pytest.fixture
async def redis(worker_id: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Redis]:
    """The in-process Redis, or the one of `make test-services`; with streams of this pytest process's own."""
    client = connect(os.environ.get("REDIS_URL", "memory://"))
    stream, dead = f"test:{worker_id}:facts", f"test:{worker_id}:facts:dead"
    for room in (relay, listener):
        monkeypatch.setattr(room, "STREAM", stream)
    monkeypatch.setattr(listener, "DEAD", dead)
    monkeypatch.setattr(changes, "STREAM", f"test:{worker_id}:changes")
    await client.delete(stream, dead, changes.STREAM)
    await listener.join(client)
    yield client
    await client.delete(stream, dead, changes.STREAM)
    await client.aclose()


def coupon_taken() -> CouponTaken:
    return CouponTaken(fact_id(), "cpn_1", "cof_1", None, "mbr_1", clock.now())


async def say(count: int) -> list[Fact]:
    facts: list[Fact] = [coupon_taken() for _ in range(count)]
    async with unit_of_work("orders"):
        for fact in facts:
            await publish("orders", fact)
    return facts


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> list[Fact]:
    """What a reaction to CouponTaken was given."""
    heard: list[Fact] = []

    async def remember(fact: Fact) -> None:
        heard.append(fact)

    monkeypatch.setattr(reactions, "REACTIONS", {CouponTaken: (remember,)})
    return heard


async def test_a_fact_reaches_its_reaction_as_it_was_said(
    database: Settings, redis: Redis, followed: list[Fact]
) -> None:
    said = await say(3)
    assert await relay.tell(redis, "orders") == 3
    assert await listener.hear(redis, "test") == 3
    assert followed == said
    assert await untold("orders", 10) == []
    assert await listener.hear(redis, "test") == 0


async def test_a_fact_of_a_transaction_that_failed_was_never_said(database: Settings, redis: Redis) -> None:
    async def fail() -> None:
        async with unit_of_work("orders"):
            await publish("orders", coupon_taken())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await relay.tell(redis, "orders") == 0


async def test_while_redis_is_away_facts_wait(
    database: Settings, redis: Redis, followed: list[Fact], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await say(2)
    with monkeypatch.context() as away:
        away.setattr(redis, "pipeline", lambda **_: (_ for _ in ()).throw(RedisGone("away")))
        with pytest.raises(RedisGone):
            await relay.tell(redis, "orders")
    assert [fact.id for fact in await untold("orders", 10)] == [fact.id for fact in said]
    await relay.tell(redis, "orders")
    await listener.hear(redis, "test")
    assert followed == said


async def test_a_failed_reaction_is_tried_again_and_then_laid_aside(
    database: Settings, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    async def fail(fact: Fact) -> None:
        nonlocal tries
        tries += 1
        raise RuntimeError("not today")

    monkeypatch.setattr(reactions, "REACTIONS", {CouponTaken: (fail,)})
    monkeypatch.setattr(listener, "RETRY_MILLISECONDS", 0)
    said = await say(1)
    await relay.tell(redis, "orders")
    for _ in range(listener.PATIENCE + 3):
        await listener.hear(redis, "test")
    assert tries == listener.PATIENCE
    dead = await redis.xrange(listener.DEAD)
    assert [entry[b"id"].decode() for _, entry in dead] == [said[0].id]


async def test_a_listener_that_died_leaves_its_facts_to_the_next(
    database: Settings, redis: Redis, followed: list[Fact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "RETRY_MILLISECONDS", 0)
    said = await say(2)
    await relay.tell(redis, "orders")
    await redis.xreadgroup(listener.GROUP, "died", {relay.STREAM: ">"})
    assert followed == []
    await listener.hear(redis, "next")
    assert followed == said


async def told_to_caches(redis: Redis) -> list[dict[bytes, bytes]]:
    return [entry for _, entry in await redis.xrange(changes.STREAM)]


async def test_changes_go_to_caches_and_not_to_reactions(
    database: Settings, redis: Redis, followed: list[Fact]
) -> None:
    async with unit_of_work("orders"):
        await make.quota("pit_a", total=9, taken=1)
    said = await say(1)
    assert await relay.tell(redis, "orders") == 2
    await listener.hear(redis, "test")
    assert followed == said
    (entry,) = await told_to_caches(redis)
    assert orjson.loads(entry[b"body"]) == {"quota": {"id": ["pit_a"]}}
    assert await untold("orders", 10) == []
    assert [row.kind for row in await OrdersOutbox.all()] == ["CouponTaken"]  # told facts are kept, changes are not


async def test_the_relays_heart_beats_only_when_every_outbox_was_found_empty(
    database: Settings, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await changes.now_in(redis)
    assert await relay.round_of(redis, DOMAINS) == 0
    (beat,) = await told_to_caches(redis)
    assert before <= int(beat[b"as_of"]) <= await changes.now_in(redis)
    monkeypatch.setattr(relay, "BATCH", 2)
    await say(3)
    assert await relay.round_of(redis, DOMAINS) == 2
    assert await told_to_caches(redis) == [beat]
    await relay.round_of(redis, DOMAINS)
    assert len(await told_to_caches(redis)) == 2


async def test_a_heartbeat_vouches_for_no_moment_after_which_an_outbox_was_read(
    database: Settings, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_at: list[int] = []

    async def noted(redis: Redis, domain: str) -> int:
        read_at.append(await changes.now_in(redis))
        return 0

    monkeypatch.setattr(relay, "tell", noted)
    await relay.round_of(redis, DOMAINS)
    (beat,) = await told_to_caches(redis)
    assert int(beat[b"as_of"]) <= read_at[0]
    assert len(read_at) == len(DOMAINS)


async def test_a_heartbeat_stands_behind_the_changes_of_its_round(database: Settings, redis: Redis) -> None:
    await make.quota("pit_a", total=9, taken=1)
    await relay.round_of(redis, DOMAINS)
    assert [sorted(entry) for entry in await told_to_caches(redis)] == [[b"body", b"id"], [b"as_of"]]


async def test_there_is_no_heartbeat_where_one_outbox_could_not_be_read(
    database: Settings, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, found = [], relay.untold

    async def unread(domain: str, most: int) -> list[Untold]:
        read.append(domain)
        if domain == DOMAINS[0]:
            raise OSError("away")
        return await found(domain, most)

    monkeypatch.setattr(relay, "untold", unread)
    with pytest.raises(OSError, match="away"):
        await relay.round_of(redis, DOMAINS)
    assert sorted(read) == sorted(DOMAINS)
    assert await told_to_caches(redis) == []
