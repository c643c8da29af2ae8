"""One keep-alive HTTP/1.1 connection to a subgraph: one exchange at a time, on httptools.

A tenth of httpx's and a third of aiohttp's CPU per call, because it does nothing else (docs/decisions, "Subgraph
transport").
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import cast

import httptools


class ConnectionFailed(Exception):
    """The peer was not reached or hung up. `answered` tells whether any byte of the answer had come."""

    def __init__(self, reason: str, *, answered: bool) -> None:
        super().__init__(reason)
        self.answered = answered


class BadAnswer(Exception):
    """What came is not an HTTP answer that we take; the message is for clients."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Status, media type without parameters, and the whole body."""

    status: int
    content_type: str
    body: bytes


class Connection(asyncio.Protocol):
    """Sends one request, resolves with one answer. Not to be used again once `usable` is False."""

    def __init__(self, max_body: int) -> None:
        self.usable = True
        self.idle_since = 0.0
        self._max_body = max_body
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[HttpAnswer] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._reset()

    def _reset(self) -> None:
        self._received = False
        self._headers_done = False
        self._content_type = ""
        self._encoded = False
        self._framed = False
        self._size = 0
        self._chunks: list[bytes] = []

    async def exchange(self, request: bytes, latest: float) -> HttpAnswer:
        """Raises ConnectionFailed, BadAnswer or, when the loop's clock shows `latest`, TimeoutError. A caller that is
        cancelled must `abort()`.
        """
        if self._transport is None or not self.usable:
            raise ConnectionFailed("connection closed", answered=False)
        self._reset()
        self._waiter = self._loop.create_future()
        self._transport.write(request)
        timer = self._loop.call_at(latest, self._fail, TimeoutError())
        try:
            return await self._waiter
        finally:
            timer.cancel()

    def abort(self) -> None:
        """Close at once, without waiting for what may still come."""
        self.usable = False
        if self._transport is not None:
            self._transport.abort()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by class

    def data_received(self, data: bytes) -> None:
        if self._waiter is None:  # an answer nobody asked for: what follows could be taken for another request's
            self.abort()
            return
        self._received = True
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(BadAnswer("no valid HTTP"))

    def connection_lost(self, exc: Exception | None) -> None:
        self.usable = False
        if self._waiter is None:
            return
        if exc is None and self._headers_done and not self._framed:
            self._finish()  # a body without a length ends with the connection (RFC 9112, section 6.3)
        elif self._received:
            self._fail(BadAnswer("a truncated answer"))
        else:
            self._fail(ConnectionFailed("connection lost", answered=False))

    # httptools callbacks

    def on_message_begin(self) -> None:
        self._headers_done = False
        self._framed = False
        if self._waiter is None:
            self.abort()

    def on_header(self, name: bytes, value: bytes) -> None:
        lowered = name.lower()
        if lowered == b"content-type":
            self._content_type = value.decode("latin-1").partition(";")[0].strip().lower()
        elif lowered == b"content-encoding":
            self._encoded = value.strip().lower() != b"identity"
        elif lowered in (b"content-length", b"transfer-encoding"):
            self._framed = True

    def on_headers_complete(self) -> None:
        self._headers_done = True

    def on_body(self, body: bytes) -> None:
        self._size += len(body)
        if self._size <= self._max_body:
            self._chunks.append(body)
        else:
            self._fail(BadAnswer(f"over {self._max_body} bytes"))

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() >= 200:  # 1xx come before the answer
            self.usable = self.usable and self._parser.should_keep_alive()
            self._finish()

    def _finish(self) -> None:
        if self._encoded:
            self._fail(BadAnswer("an encoding that was not asked for"))
        elif (waiter := self._take_waiter()) is not None:
            answer = HttpAnswer(self._parser.get_status_code(), self._content_type, b"".join(self._chunks))
            waiter.set_result(answer)
            if not self.usable:
                self.abort()

    def _fail(self, error: Exception) -> None:
        self.abort()
        if (waiter := self._take_waiter()) is not None:
            waiter.set_exception(error)

    def _take_waiter(self) -> asyncio.Future[HttpAnswer] | None:
        waiter, self._waiter = self._waiter, None
        return waiter if waiter is not None and not waiter.done() else None
