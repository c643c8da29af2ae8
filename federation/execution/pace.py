"""Long work gives the event loop back every few moments, and long works take turns: a short request never waits for
more than one slice of one of them at each turn of the loop, however many there are. Of those that wait for their turn
the one that has had least goes on (least attained service), so that many long works do not delay a shorter one.

Only some begin at each turn: with hundreds at once a turn would take so long that the worker missed its own heartbeats.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from operator import attrgetter
from time import perf_counter
from typing import Any
from weakref import WeakKeyDictionary

from federation.execution.eager import in_turn

SLICE_SECONDS = 0.001
"""Work after which others have the loop."""
FIRST_COME = 8
"""Of so many turns one goes to the work that waits longest, so that none waits forever."""
PART = 250
"""Rows that a function is given at once."""
BEGINNINGS = 8
"""Works that begin at each turn of the loop."""


class Pace:
    """The pace of one piece of work: `late` once it has kept the loop for a slice without a break. `spent` are the
    seconds that its whole slices have taken so far.
    """

    __slots__ = ("_began", "_turned", "spent")

    def __init__(self, spent: float = 0.0) -> None:
        self.spent = spent
        self._begin()

    def _begin(self) -> None:
        self._turned = False
        self._began = perf_counter()
        asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        """The loop has turned: the work waited for something, and others have had the loop."""
        self._turned = True

    @property
    def late(self) -> bool:
        """Should others have the loop now?"""
        if self._turned:
            self._begin()
            return False
        return perf_counter() - self._began >= SLICE_SECONDS

    async def pause(self) -> None:
        """Let others have the loop; go on when it is this work's turn."""
        self.spent += perf_counter() - self._began
        await _turns_of(asyncio.get_running_loop()).next(self.spent)
        self._begin()

    async def breathe(self) -> None:
        """Pause if it is late."""
        if self.late:
            await self.pause()

    async def drive(self, steps: Generator[None, None, Any]) -> Any:
        """Run a generator that yields every now and then to its end; what it returns."""
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return end.value
            if self.late:
                await self.pause()


async def in_parts(
    rows: Sequence[Any], call: Callable[[Sequence[Any]], Awaitable[Sequence[Any]]], pace: Pace
) -> Sequence[Any]:
    """What `call` gives for rows, a value for each; it is given very many part by part, and others have the loop in
    between. Parts that wait, wait together: they share what they read. Raises RuntimeError for a wrong number.
    """

    async def ended(part: Sequence[Any]) -> Sequence[Any]:
        found = await call(part)
        if len(found) != len(part):
            raise RuntimeError(f"{len(found)} values for {len(part)} rows")
        return found

    if len(rows) <= PART:
        return await ended(rows)
    parts = [rows[start : start + PART] for start in range(0, len(rows), PART)]
    return list(chain.from_iterable(await in_turn([ended(part) for part in parts], pace.breathe)))


async def beginning() -> None:
    """Wait until work may begin: at once, unless very many begin at a time. Who came first begins first."""
    turns = _turns_of(asyncio.get_running_loop())
    if not turns.may_begin():
        await turns.beginning()


@dataclass(slots=True, eq=False)
class _Waiting:
    """A work that waits for its turn, and what it has spent."""

    turn: asyncio.Future[None]
    spent: float


class _Turns:
    """The works of a loop that wait for their turn, the longest waiting first: one goes on at each turn of the loop,
    and `BEGINNINGS` begin.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: list[_Waiting] = []
        self._numbers = count(1)
        self._begun = 0
        self._beginning: deque[asyncio.Future[None]] = deque()

    def may_begin(self) -> bool:
        """Whether one more work may begin now, before those that wait for it."""
        if self._begun >= BEGINNINGS or self._beginning:
            return False
        self._count()
        return True

    async def beginning(self) -> None:
        """Wait for the turn at which it begins."""
        turn = self._loop.create_future()
        self._beginning.append(turn)
        await turn

    def _count(self) -> None:
        if not self._begun:
            self._loop.call_soon(self._next_beginnings)
        self._begun += 1

    def _next_beginnings(self) -> None:
        self._begun = 0
        while self._beginning and self._begun < BEGINNINGS:
            turn = self._beginning.popleft()
            if not turn.done():  # some may have been cancelled
                turn.set_result(None)
                self._count()

    async def next(self, spent: float) -> None:
        waiting = _Waiting(self._loop.create_future(), spent)
        self._waiting.append(waiting)
        if len(self._waiting) == 1:
            self._loop.call_soon(self._go_on)
        await waiting.turn

    def _go_on(self) -> None:
        self._waiting = [one for one in self._waiting if not one.turn.done()]  # some may have been cancelled
        if self._waiting:
            first_come = next(self._numbers) % FIRST_COME == 0
            chosen = self._waiting[0] if first_come else min(self._waiting, key=attrgetter("spent"))
            self._waiting.remove(chosen)
            chosen.turn.set_result(None)
        if self._waiting:
            self._loop.call_soon(self._go_on)


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, _Turns] = WeakKeyDictionary()


def _turns_of(loop: asyncio.AbstractEventLoop) -> _Turns:
    found = _turns.get(loop)
    if found is None:
        found = _turns[loop] = _Turns(loop)
    return found
