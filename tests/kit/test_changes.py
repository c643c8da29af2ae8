"""The stream of changes: who follows it hears all, knows that, and is waited for."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from time import monotonic
from typing import Any, ClassVar

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisGone

from kit import cache as cache_module
from kit import changes
from kit.cache import Cache, Shelf
from kit.changes import Announcer, Change, Follower, add, beat, followed, now_in
from kit.redis import connect


@pytest.fixture
async def redis(worker_id: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Redis]:
    """The in-process Redis, or the one of `make test-services`; with streams of this pytest process's own."""
    client = connect(os.environ.get("REDIS_URL", "memory://"), timeout=changes.TRUST_SECONDS)
    monkeypatch.setattr(changes, "STREAM", f"test:{worker_id}:changes")
    monkeypatch.setattr(changes, "FOLLOWERS", f"test:{worker_id}:followers")
    await client.delete(changes.STREAM, changes.FOLLOWERS)
    yield client
    for one in Reader.all:
        await one.follower.leave()
    Reader.all.clear()
    await client.delete(changes.STREAM, changes.FOLLOWERS)
    await client.aclose()


class Reader:
    """A process that caches prices by product, and follows."""

    all: ClassVar[list[Reader]] = []

    def __init__(self, redis: Redis, name: str = "one") -> None:
        self.cache = Cache(1_000, 10**9)
        self.shelf: Shelf[str, int] = self.cache.shelf("prices", by={"product": "id"}, max_age=1_000)
        self.follower = Follower(redis, self.cache, name)
        self.all.append(self)
        self.price = 1

    async def ask(self) -> int:
        async def read(ids: Sequence[str]) -> list[int]:
            return [self.price for _ in ids]

        return (self.shelf.found(["a"]) or await self.shelf.through(read, ["a"]))[0]


async def reader(redis: Redis, name: str = "one") -> Reader:
    """One that is trusted."""
    made = Reader(redis, name)
    await made.follower.join()
    await beat(redis, await now_in(redis))
    await made.follower.step()
    assert made.cache.trusted
    return made


PRICE: Any = {"product": {"id": ["a"]}}
CHANGE = Change("chg_1", "products", PRICE)


async def test_who_follows_drops_what_changed(redis: Redis) -> None:
    one = await reader(redis)
    assert await one.ask() == 1
    one.price = 2
    assert await one.ask() == 1
    await add(redis, [CHANGE])
    await one.follower.step()
    assert await one.ask() == 2


async def test_without_a_heartbeat_there_is_no_trust(redis: Redis) -> None:
    one = Reader(redis)
    await beat(redis, await now_in(redis))  # before it came: not for it
    await one.follower.join()
    await add(redis, [CHANGE])
    await one.follower.step()
    assert not one.cache.trusted


@pytest.mark.parametrize(("age", "trusted"), [(0, True), (900_000, True), (1_000_000, False), (10**7, False)])
async def test_a_heartbeat_counts_from_when_the_outbox_was_read_not_from_when_it_comes(
    redis: Redis, age: int, trusted: bool
) -> None:
    one = Reader(redis)
    await one.follower.join()
    await beat(redis, await now_in(redis) - age)
    await one.follower.step()
    assert one.cache.trusted is trusted


async def test_trust_ends_a_second_after_the_outbox_was_read(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    one = await reader(redis)
    assert 0 < one.cache.trusted_until - monotonic() <= changes.TRUST_SECONDS
    assert await one.ask() == 1
    ahead = one.cache.trusted_until
    monkeypatch.setattr(cache_module, "monotonic", lambda: ahead)
    one.price = 2
    assert await one.ask() == 2
    await beat(redis, await now_in(redis))
    await one.follower.step()
    assert len(one.shelf) == 0  # it begins empty


async def test_an_older_heartbeat_does_not_shorten_trust(redis: Redis) -> None:
    one = await reader(redis)
    until = one.cache.trusted_until
    await beat(redis, await now_in(redis) - 500_000)  # another relay's, which is slower
    await one.follower.step()
    assert one.cache.trusted_until >= until - 0.05


async def test_heartbeats_do_not_pile_up(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    now = await now_in(redis)
    for second in range(400):
        await redis.xadd(changes.STREAM, {"as_of": 1}, id=f"{now // 1000 - 500_000 + second * 1000}-1")
    await redis.zadd(changes.FOLLOWERS, {"gone": (now - 10**8)})
    for _ in range(150):
        await beat(redis, now)
    assert await redis.xlen(changes.STREAM) < 400
    assert await redis.zrange(changes.FOLLOWERS, 0, -1) == []


async def test_a_commit_waits_for_every_trusted_follower_and_for_no_other(redis: Redis) -> None:
    one, two = await reader(redis, "one"), await reader(redis, "two")
    await one.follower.step()
    await redis.zadd(changes.FOLLOWERS, {"died": await now_in(redis) - 1_500_000})
    position = await add(redis, [CHANGE])
    waiting = asyncio.ensure_future(followed(redis, position, by_others_than="writer"))
    await one.follower.step()
    await asyncio.sleep(0.02)
    assert not waiting.done()
    await two.follower.step()
    await waiting


async def test_a_commit_waits_no_longer_than_a_follower_may_be_trusted(redis: Redis) -> None:
    one = await reader(redis)
    position = await add(redis, [CHANGE])
    await followed(redis, position, by_others_than="writer")
    assert not one.cache.trusted


async def test_a_follower_is_trusted_only_after_it_said_how_far_it_is(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Reader(redis)
    await one.follower.join()
    seen: list[Any] = []
    trust = one.cache.trust

    def asked(until: float) -> None:
        seen.append(until)
        trust(until)

    monkeypatch.setattr(one.cache, "trust", asked)
    await beat(redis, await now_in(redis))
    execute = type(redis.pipeline()).execute

    async def noted(self: Any, raise_on_error: bool = True) -> Any:
        assert seen == []
        return await execute(self, raise_on_error)

    monkeypatch.setattr(type(redis.pipeline()), "execute", noted)
    await one.follower.step()
    assert len(seen) == 1
    assert await redis.zcard(changes.FOLLOWERS) == 1


async def test_who_loses_redis_drops_everything_and_comes_back_empty(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await reader(redis)
    await one.ask()
    monkeypatch.setattr(changes, "RETRY_SECONDS", 0.01)
    lost = asyncio.Event()

    async def gone(*_: Any, **__: Any) -> Any:
        lost.set()
        raise RedisGone("gone")

    with monkeypatch.context() as away:
        away.setattr(one.follower._redis, "xread", gone)
        following = asyncio.ensure_future(one.follower.follow())
        await lost.wait()
        await asyncio.sleep(0)
        assert (one.cache.trusted, len(one.shelf)) == (False, 0)
    while not one.cache.trusted:
        await beat(redis, await now_in(redis))
        await asyncio.sleep(0.01)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


async def test_who_commits_tells_at_once_and_returns_when_all_have_heard(redis: Redis) -> None:
    here, there = await reader(redis, "here"), await reader(redis, "there")
    await here.follower.step()
    await here.ask()
    await there.ask()
    tasks = [asyncio.ensure_future(one.follower.follow()) for one in (here, there)]
    await beat(redis, await now_in(redis))
    while not (here.cache.trusted and there.cache.trusted):
        await asyncio.sleep(0.01)
    await there.ask()
    there.price = 2
    await Announcer(redis, here.cache, "here").announce([Change("chg_9", "products", PRICE)])
    assert await there.ask() == 2
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_who_is_alone_waits_for_nobody(redis: Redis) -> None:
    here = await reader(redis, "here")
    await Announcer(redis, here.cache, "here").announce([CHANGE])
    assert here.cache.trusted
    assert await redis.xlen(changes.STREAM) == 2


async def test_what_is_committed_meanwhile_is_told_together(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    here = await reader(redis, "here")
    groups: list[list[str]] = []

    async def noted(redis: Redis, some: Sequence[Change]) -> bytes:
        groups.append([change.id for change in some])
        return await add(redis, some)

    monkeypatch.setattr(changes, "add", noted)
    announcer = Announcer(redis, here.cache, "here")
    made = [Change(f"chg_{number}", "products", PRICE) for number in range(50)]
    first = asyncio.ensure_future(announcer.announce(made[:1]))
    while not groups:
        await asyncio.sleep(0)
    await asyncio.gather(first, *(announcer.announce([one]) for one in made[1:]))
    assert groups == [["chg_0"], [f"chg_{number}" for number in range(1, 50)]]


async def test_who_gives_up_waiting_takes_nobody_along(redis: Redis) -> None:
    here, there = await reader(redis, "here"), await reader(redis, "there")
    await here.follower.step()
    announcer = Announcer(redis, here.cache, "here")
    first, second = (
        asyncio.ensure_future(announcer.announce([Change(f"chg_{number}", "products", PRICE)])) for number in (1, 2)
    )
    await asyncio.sleep(0.01)
    first.cancel()
    await there.follower.step()
    await second
    assert first.cancelled()


async def test_where_caches_are_off_nothing_is_told_or_waited_for(redis: Redis) -> None:
    await Announcer(redis, Cache(10, 10), "here").announce([Change("chg_9", "products", PRICE)])
    assert await redis.xlen(changes.STREAM) == 0


async def test_who_leaves_is_not_waited_for(redis: Redis) -> None:
    one = await reader(redis)
    await one.follower.leave()
    Reader.all.clear()
    assert (await redis.zcard(changes.FOLLOWERS), one.cache.trusted) == (0, False)


def test_places_ascend_as_positions_do() -> None:
    positions = [b"1795358972094-0", b"1795358972094-7", b"1795358972095-0"]
    places = [changes.place_of(position) for position in positions]
    assert places == sorted(set(places))
    assert all(float(place) == place for place in places)
