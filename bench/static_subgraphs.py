"""Subgraphs that cost next to nothing: `python -m bench.static_subgraphs PORT`, each at `/NAME`.

A request that has come before gets the bytes of its answer from memory, so that who asks is what is measured. New ones
are executed, strictly, by the emulator of the tests.
"""

from __future__ import annotations

import asyncio
import sys

import httptools
import orjson
import uvloop

from bench.reviews_graph import LINK, SUBGRAPHS, rows
from federation.execution.transport import RequestContext, SubgraphRequest
from tests.federation.emulator import Subgraph

_READY = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"


class Answers:
    """Bodies of answers by path and body of the request."""

    def __init__(self) -> None:
        shared = rows()
        self._subgraphs = {f"/{name}".encode(): Subgraph(name, LINK + sdl, shared) for name, sdl in SUBGRAPHS.items()}
        self._known: dict[tuple[bytes, bytes], bytes] = {}

    async def of(self, path: bytes, body: bytes) -> bytes:
        """The whole HTTP answer."""
        known = self._known.get((path, body)) or (_READY if path == b"/health" else None)
        if known is None:
            asked = orjson.loads(body)
            request = SubgraphRequest(asked["query"], asked.get("variables") or {}, asked.get("operationName"))
            answer = await self._subgraphs[path].send(request, RequestContext())
            text = orjson.dumps({"data": answer.data} | ({"errors": answer.errors} if answer.errors else {}))
            head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(text)
            known = self._known[path, body] = head + text
        return known


class Peer(asyncio.Protocol):
    """One connection of a gateway."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    # httptools callbacks

    def on_message_begin(self) -> None:
        self._path, self._body = b"", b""

    def on_url(self, url: bytes) -> None:
        self._path += url

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        task = asyncio.get_running_loop().create_task(self._answer(self._path, self._body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, path: bytes, body: bytes) -> None:
        self._transport.write(await self._answers.of(path, body))  # type: ignore[attr-defined]


async def serve(port: int) -> None:
    answers = Answers()
    server = await asyncio.get_running_loop().create_server(lambda: Peer(answers), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
