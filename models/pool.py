"""A bounded pool of database connections, the same for every driver."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from kit.errors import Unavailable


class PoolExhausted(Unavailable):
    """No connection came free in time: the database is slower than what is asked of it."""


@dataclass(slots=True, eq=False)
class Pool:
    """At most `most` connections. Who finds all of them in use waits his turn, for `patience` seconds at most."""

    connect: Callable[[], Awaitable[Any]]
    usable: Callable[[Any], bool]
    """Whether a connection can take a statement: open, and nothing left over from the one before."""
    most: int
    patience: float
    idle: float
    """Seconds after which an unused connection is not trusted any more: servers and firewalls drop those."""
    _free: list[tuple[float, Any]] = field(default_factory=list)
    _turns: asyncio.Semaphore = field(init=False)
    _closed: bool = False

    def __post_init__(self) -> None:
        self._turns = asyncio.Semaphore(self.most)

    @property
    def free(self) -> int:
        """How many connections are open and unused."""
        return len(self._free)

    async def acquire(self) -> Any:
        """A connection of one's own, until `release`. Raises PoolExhausted, and what the driver raises."""
        if self._turns.locked():
            await self._wait()
        else:
            await self._turns.acquire()  # at once
        try:
            return self._unused() or await self.connect()
        except BaseException:
            self._turns.release()
            raise

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self.patience):
                await self._turns.acquire()
        except TimeoutError:
            raise PoolExhausted("database.busy", "the database is busy: try again in a moment") from None

    def _unused(self) -> Any:
        """The connection that was used last, None where all are in use."""
        now = asyncio.get_running_loop().time()
        while self._free:
            since, connection = self._free.pop()
            if now - since < self.idle and self.usable(connection):
                return connection
            connection.close()
        return None

    def release(self, connection: Any, *, clean: bool = True) -> None:
        """Give a connection back; one that is not `clean` may have half an answer in its pipe and is closed."""
        if clean and not self._closed and self.usable(connection):
            self._free.append((asyncio.get_running_loop().time(), connection))
        else:
            connection.close()
        self._turns.release()

    async def close(self) -> None:
        """Close what is unused now, and the others when they come back."""
        self._closed = True
        while self._free:
            await self._free.pop()[1].ensure_closed()
