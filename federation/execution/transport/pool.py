"""Keep-alive connections to one subgraph, and the limit of calls that may be under way at once."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import deque
from dataclasses import dataclass

from federation.execution.transport.connection import Connection, ConnectionFailed, HttpAnswer

STALE_SECONDS = 1.0  # a mutation rides on no connection that idled longer: the peer may be closing it just now


class Overloaded(Exception):
    """Too many calls wait for this subgraph."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a subgraph listens; `tls` is None for plain HTTP."""

    host: str
    port: int
    tls: ssl.SSLContext | None


class Pool:
    """At most `limit` calls under way, `queue` more waiting in order of arrival; connections reused last in, first
    out.
    """

    def __init__(self, address: Address, *, limit: int, queue: int, max_body: int) -> None:
        self._address = address
        self._limit = limit
        self._queue = queue
        self._max_body = max_body
        self._busy = 0
        self._idle: list[Connection] = []
        self._waiters: deque[asyncio.Future[None]] = deque()

    async def exchange(self, request: bytes, *, repeatable: bool, latest: float) -> HttpAnswer:
        """One call. A `repeatable` one (a query) is sent once more when the connection fails before any byte of answer.

        Raises TimeoutError at `latest`, a time of the loop's clock, Overloaded, ConnectionFailed, BadAnswer. A timeout
        or a cancellation closes the connection in use.
        """
        if self._busy < self._limit:
            self._busy += 1
        else:
            await self._queued(latest)
        try:
            if not repeatable:
                return await self._once(request, self._take(STALE_SECONDS), latest)
            try:
                return await self._once(request, self._take(None), latest)
            except ConnectionFailed as failure:
                if failure.answered:
                    raise
                return await self._once(request, None, latest)
        finally:
            self._leave()

    def close(self) -> None:
        """Close the idle connections; those in use close when their call ends, with the process at the latest."""
        idle, self._idle = self._idle, []
        for connection in idle:
            connection.abort()

    async def _once(self, request: bytes, connection: Connection | None, latest: float) -> HttpAnswer:
        connection = connection or await self._connect(latest)
        try:
            answer = await connection.exchange(request, latest)
        except asyncio.CancelledError:
            connection.abort()
            raise
        if connection.usable:
            connection.idle_since = time.monotonic()
            self._idle.append(connection)
        return answer

    def _take(self, max_idle: float | None) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            age = time.monotonic() - connection.idle_since
            if connection.usable and (max_idle is None or age <= max_idle):
                return connection
            connection.abort()
        return None

    async def _connect(self, latest: float) -> Connection:
        address = self._address
        async with asyncio.timeout_at(latest):
            try:
                _, connection = await asyncio.get_running_loop().create_connection(
                    lambda: Connection(self._max_body), address.host, address.port, ssl=address.tls
                )
            except (OSError, ssl.SSLError) as error:
                raise ConnectionFailed(str(error), answered=False) from None
        return connection

    async def _queued(self, latest: float) -> None:
        """Wait for a place."""
        if len(self._waiters) >= self._queue:
            raise Overloaded
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        async with asyncio.timeout_at(latest):
            try:
                await waiter  # whoever leaves hands its place over, so `_busy` stays as it is
            except asyncio.CancelledError:
                if waiter.done() and not waiter.cancelled():
                    self._leave()
                elif waiter in self._waiters:  # else whoever left meanwhile has passed it over
                    self._waiters.remove(waiter)
                raise

    def _leave(self) -> None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self._busy -= 1
