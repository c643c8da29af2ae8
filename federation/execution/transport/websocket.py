"""Subscriptions to a subgraph over WebSocket: the graphql-transport-ws protocol, one connection for each subscription.

Source: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md. One connection for each, because it speaks for
one viewer: what is forwarded of the client's headers goes into the handshake, and into the payload of
`connection_init`, where servers look that cannot see a handshake.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Mapping
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from federation.execution.transport.contract import SubgraphResponse
from federation.execution.transport.stream_messages import Alive, StreamLimits, failure, loads, read_event, refusal
from federation.execution.transport.target import Forwarded

SUBPROTOCOL = Subprotocol("graphql-transport-ws")
_ID = "1"
_PONG = '{"type":"pong"}'
_CLOSE_SECONDS = 0.5
_FORBIDDEN = (4400, 4401, 4403)  # the protocol's own: invalid, unauthorized, forbidden
_log = logging.getLogger(__name__)


class _Connect(connect):
    """A connection to where the supergraph says, and nowhere else."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class WebSocketStreams:
    """Streams (see there) to the subgraph `service` at `url` (ws or wss); ValueError for another address."""

    def __init__(
        self, service: str, url: str, limits: StreamLimits, headers: Mapping[str, str], tls: ssl.SSLContext | None
    ) -> None:
        if not url.startswith(("ws://", "wss://")):
            raise ValueError("the address of a subgraph's subscriptions must be ws://... or wss://...")
        self._service = service
        self._url = url
        self._limits = limits
        self._headers = dict(headers)
        self._tls = (tls or ssl.create_default_context()) if url.startswith("wss://") else None

    async def open(self, body: bytes, forwarded: Forwarded, alive: Alive) -> WebSocketStream:
        """See Streams. The protocol's own pings ask for signs of life."""
        try:
            async with asyncio.timeout(self._limits.timeout):
                return await self._open(body, forwarded)
        except TimeoutError:
            what = f"opened no stream within {self._limits.timeout:g} s"
            raise failure(self._service, "SUBGRAPH_TIMEOUT", what) from None
        except (OSError, WebSocketException) as error:
            _log.warning("subgraph %s: %s", self._service, error)
            raise failure(self._service, "SUBGRAPH_UNREACHABLE", "cannot be reached") from None

    async def _open(self, body: bytes, forwarded: Forwarded) -> WebSocketStream:
        socket = await _Connect(
            self._url,
            subprotocols=[SUBPROTOCOL],
            additional_headers=self._headers | dict(forwarded.fields),
            user_agent_header=None,
            compression=None,
            proxy=None,
            ssl=self._tls,
            open_timeout=None,
            ping_interval=self._limits.quiet,
            ping_timeout=self._limits.quiet,
            close_timeout=_CLOSE_SECONDS,
            max_size=self._limits.max_event,
        )
        stream = WebSocketStream(self._service, socket)
        try:
            if socket.subprotocol != SUBPROTOCOL:
                raise failure(self._service, "SUBGRAPH_BAD_ANSWER", f"does not speak {SUBPROTOCOL}")
            await stream.begin(body, dict(forwarded.fields))
        except BaseException:
            await stream.aclose()
            raise
        return stream


class WebSocketStream:
    """An open stream; see EventStream."""

    def __init__(self, service: str, socket: ClientConnection) -> None:
        self._service = service
        self._socket = socket

    async def begin(self, body: bytes, payload: Mapping[str, str]) -> None:
        """Introduce ourselves, wait for the welcome, subscribe."""
        await self._say(orjson.dumps({"type": "connection_init", "payload": payload}).decode())
        while (message := await self._message())["type"] != "connection_ack":
            if message["type"] not in ("ping", "pong"):
                raise failure(self._service, "SUBGRAPH_BAD_ANSWER", "sent a message out of turn")
        await self._say(f'{{"id":"{_ID}","type":"subscribe","payload":{body.decode()}}}')

    def __aiter__(self) -> WebSocketStream:
        return self

    async def __anext__(self) -> SubgraphResponse:
        while True:
            message = await self._message()
            if message.get("id") != _ID:
                continue
            if message["type"] == "next":
                return read_event(self._service, message.get("payload"))
            if message["type"] == "error":
                raise refusal(self._service, message.get("payload"))
            if message["type"] == "complete":
                raise StopAsyncIteration

    async def aclose(self) -> None:
        """Hang up, which ends the subscription at the other side."""
        await self._socket.close()

    async def _message(self) -> dict[str, Any]:
        """The next message; a ping is answered besides."""
        try:
            message = loads(await self._socket.recv())
        except ConnectionClosed as closed:
            raise self._lost(closed) from None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise failure(self._service, "SUBGRAPH_BAD_ANSWER", "sent no message of the protocol")
        if message["type"] == "ping":
            await self._say(_PONG)
        return message

    async def _say(self, message: str) -> None:
        try:
            await self._socket.send(message)
        except ConnectionClosed as closed:
            raise self._lost(closed) from None

    def _lost(self, closed: ConnectionClosed) -> Exception:
        code = closed.rcvd.code if closed.rcvd is not None else None
        _log.warning("subgraph %s broke a subscription off, with code %s", self._service, code)  # a reason may quote
        if code in _FORBIDDEN:
            return failure(self._service, "SUBGRAPH_BAD_ANSWER", f"closed the subscription with code {code}")
        return failure(self._service, "SUBGRAPH_UNREACHABLE", "broke the subscription off")
