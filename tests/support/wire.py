"""A wire between a client and a server, which can be cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Wire:
    """Carries bytes from `port` to the server's, both ways, until it is cut. Counts its `connections`."""

    def __init__(self, to: int) -> None:
        self.port = 0
        self.connections = 0
        self._to = to
        self._ends: list[asyncio.StreamWriter] = []
        self._tasks: list[asyncio.Task[None]] = []

    def cut(self) -> None:
        """Reset every connection."""
        for end in self._ends:
            end.transport.abort()
        for task in self._tasks:
            task.cancel()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        behind, further = await asyncio.open_connection("127.0.0.1", self._to)
        self._ends += [writer, further]
        self._tasks += [asyncio.ensure_future(_pump(reader, further)), asyncio.ensure_future(_pump(behind, writer))]


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()


@asynccontextmanager
async def wire(to: int) -> AsyncIterator[Wire]:
    made = Wire(to)
    server = await asyncio.start_server(made.carry, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.cut()
