"""A pool is bounded, lets everybody have a turn, and hands out no connection that it cannot trust."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from models.pool import Pool, PoolExhausted


@dataclass(eq=False)
class Line:
    """A connection to nowhere."""

    number: int
    usable: bool = True
    closed: bool = False

    def close(self) -> None:
        self.closed = True

    async def ensure_closed(self) -> None:
        self.closed = True


@dataclass
class Lines:
    """Makes connections; `failing` says how many of the next ones fail."""

    made: list[Line] = field(default_factory=list)
    failing: int = 0

    async def connect(self) -> Line:
        await asyncio.sleep(0)
        if self.failing:
            self.failing -= 1
            raise ConnectionRefusedError
        self.made.append(Line(len(self.made)))
        return self.made[-1]

    def pool(self, most: int = 2, patience: float = 5.0, idle: float = 60.0) -> Pool:
        return Pool(self.connect, lambda line: line.usable, most, patience, idle)


async def test_a_connection_is_used_again_the_last_one_first() -> None:
    pool = Lines().pool()
    first, second = await pool.acquire(), await pool.acquire()
    pool.release(first)
    pool.release(second)
    assert await pool.acquire() is second
    assert await pool.acquire() is first


async def test_never_more_than_the_most_are_open_and_each_in_use_by_one() -> None:
    lines, used, seen = Lines(), set[int](), list[int]()
    pool = lines.pool(most=3)

    async def use(turns: int) -> None:
        line = await pool.acquire()
        assert line.number not in used
        used.add(line.number)
        seen.append(len(used))
        for _ in range(turns):
            await asyncio.sleep(0)
        used.remove(line.number)
        pool.release(line)

    await asyncio.gather(*(use(number % 5) for number in range(100)))
    assert (len(lines.made), max(seen), len(seen)) == (3, 3, 100)


async def test_who_waits_too_long_is_told_that_the_database_is_busy() -> None:
    pool = Lines().pool(most=1, patience=0.01)
    line = await pool.acquire()
    with pytest.raises(PoolExhausted) as busy:
        await pool.acquire()
    assert busy.value.code == "database.busy"
    pool.release(line)
    assert await pool.acquire() is line


async def test_who_waits_comes_in_turn_also_where_a_broken_connection_comes_back() -> None:
    lines = Lines()
    pool = lines.pool(most=1)
    line = await pool.acquire()
    waiting = [asyncio.ensure_future(pool.acquire()) for _ in range(2)]
    await asyncio.sleep(0)
    pool.release(line, clean=False)
    second = await waiting[0]
    assert line.closed
    assert second is lines.made[1]
    assert not waiting[1].done()
    second.usable = False
    pool.release(second)
    assert await waiting[1] is lines.made[2]
    assert second.closed


async def test_who_gives_up_waiting_takes_nothing_with_him() -> None:
    pool = Lines().pool(most=1)
    line = await pool.acquire()
    gives_up, stays = (asyncio.ensure_future(pool.acquire()) for _ in range(2))
    await asyncio.sleep(0)
    pool.release(line)
    gives_up.cancel()
    assert await stays is line


async def test_a_connection_that_broke_or_aged_while_unused_is_closed_not_handed_out() -> None:
    lines = Lines()
    pool = lines.pool()
    first = await pool.acquire()
    pool.release(first)
    first.usable = False
    second = await pool.acquire()
    assert (first.closed, second is first) == (True, False)
    old = lines.pool(idle=0.0)
    third = await old.acquire()
    old.release(third)
    assert (await old.acquire() is third, third.closed) == (False, True)


async def test_a_server_that_refuses_takes_no_turn() -> None:
    lines = Lines(failing=3)
    pool = lines.pool(most=1)
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            await pool.acquire()
    assert await pool.acquire() is lines.made[0]


async def test_a_closed_pool_closes_what_comes_back() -> None:
    pool = Lines().pool()
    unused, used = await pool.acquire(), await pool.acquire()
    pool.release(unused)
    await pool.close()
    assert (unused.closed, used.closed) == (True, False)
    pool.release(used)
    assert used.closed
