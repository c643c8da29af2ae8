"""A subgraph that misbehaves as told: a real server on a free port of 127.0.0.1."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

Behaviour = Callable[["Call"], Awaitable[None]]


class Call:
    """One request that came, and the connection to answer it on."""

    def __init__(self, head: str, body: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.head = head
        self.body = body
        self.reader = reader
        self.writer = writer

    async def write(self, raw: bytes) -> None:
        self.writer.write(raw)
        await self.writer.drain()

    async def answer(self, body: bytes, *, status: str = "200 OK", headers: str = "") -> None:
        """A well-formed answer."""
        head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n{headers}\r\n"
        await self.write(head.encode() + body)

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self.writer.transport.abort()


class Peer:
    """Counts `connections` and keeps `calls`; `behave` can be changed at any time."""

    def __init__(self, behave: Behaviour) -> None:
        self.behave = behave
        self.connections = 0
        self.calls: list[Call] = []
        self.tasks: list[asyncio.Task[None] | None] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.tasks.append(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while not writer.is_closing():
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = head.partition("content-length: ")[2].partition("\r\n")[0]
                call = Call(head, await reader.readexactly(int(length)), reader, writer)
                self.calls.append(call)
                await self.behave(call)
        writer.close()


@asynccontextmanager
async def serving(behave: Behaviour) -> AsyncIterator[Peer]:
    peer = Peer(behave)
    server = await asyncio.start_server(peer.serve, "127.0.0.1", 0)
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()
        for call in peer.calls:
            call.reset()
        for task in peer.tasks:
            if task is not None:
                task.cancel()


async def healthy(call: Call) -> None:
    await call.answer(b'{"data":{"ok":true}}')


async def hanging(call: Call) -> None:
    await asyncio.get_running_loop().create_future()
