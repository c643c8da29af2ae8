"""One HTTP/1.1 exchange whose answer is read as it comes, on httptools."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import deque

import httptools

from federation.execution.transport.connection import BadAnswer, ConnectionFailed
from federation.execution.transport.pool import Address

_READ_BYTES = 65_536
_MAX_HEAD = 65_536  # bytes before the body
_PLAIN = (b"identity", b"none")  # the latter is what graphql-sse says


class StreamedAnswer:
    """Status, media type without parameters, and the body in pieces. Must be closed."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.status = 0
        self.content_type = ""
        self._reader = reader
        self._writer = writer
        self._parser = httptools.HttpResponseParser(self)
        self._head_done = False
        self._body_done = False
        self._encoded = False
        self._invalid = False
        self._pieces: deque[bytes] = deque()

    async def head(self) -> None:
        """Read until the status and the media type are known. Raises ConnectionFailed or BadAnswer."""
        received = 0
        while not self._head_done:
            received += await self._read()
            if received > _MAX_HEAD and not self._head_done:
                raise BadAnswer("an endless head")
        if self._encoded:
            raise BadAnswer("an encoding that was not asked for")

    async def piece(self) -> bytes | None:
        """The next piece of the body, None at its end. Raises ConnectionFailed where it is cut off, or BadAnswer."""
        while not self._pieces and not self._body_done:
            await self._read()  # what came before a mistake is still handed out
        return self._pieces.popleft() if self._pieces else None

    def close(self) -> None:
        """Hang up, without waiting for what may still come."""
        self._writer.transport.abort()

    async def _read(self) -> int:
        if self._invalid:
            raise BadAnswer("no valid HTTP")
        try:
            data = await self._reader.read(_READ_BYTES)
        except OSError as error:
            raise ConnectionFailed(str(error), answered=self._head_done) from None
        if not data:
            raise ConnectionFailed("connection lost", answered=self._head_done)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._invalid = True
        return len(data)

    # httptools callbacks

    def on_header(self, name: bytes, value: bytes) -> None:
        lowered = name.lower()
        if lowered == b"content-type":
            self.content_type = value.decode("latin-1").partition(";")[0].strip().lower()
        elif lowered == b"content-encoding":
            self._encoded = value.strip().lower() not in _PLAIN

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self._head_done = self.status >= 200  # 1xx come before the answer

    def on_body(self, body: bytes) -> None:
        self._pieces.append(body)

    def on_message_complete(self) -> None:
        self._body_done = self._head_done


async def exchange(address: Address, message: bytes) -> StreamedAnswer:
    """Send a request on a connection of its own and read the head of its answer.

    Raises ConnectionFailed or BadAnswer.
    """
    try:
        reader, writer = await asyncio.open_connection(address.host, address.port, ssl=address.tls)
    except (OSError, ssl.SSLError) as error:
        raise ConnectionFailed(str(error), answered=False) from None
    answer = StreamedAnswer(reader, writer)
    try:
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        writer.write(message)
        await answer.head()
    except BaseException:
        answer.close()
        raise
    return answer
