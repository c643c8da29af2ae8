"""GraphQL over WebSocket: the protocol graphql-transport-ws, queries and mutations as well as subscriptions.

Source: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md. The older protocol, which is confusingly named
graphql-ws, is refused. The viewer is whom `authorization` names, under the hat of `jishi-hat`, in the payload of
`connection_init` or else in the handshake's headers, and is identified again for each operation. Nothing else
identifies one, cookies least of all: a foreign page that opens a socket is a guest.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any

import orjson

from kit.graphql_http import (
    GraphQLHTTPAnswer,
    GraphQLHTTPRequest,
    HTTPRefusal,
    Receive,
    Scope,
    Send,
    Subscribe,
    load_json,
    read_headers,
    refuse_websocket,
    to_request,
)

SUBPROTOCOL = "graphql-transport-ws"
Welcome = Callable[[Mapping[str, str]], Awaitable[None]]
Message = dict[str, Any]
_IDENTIFYING = ("authorization", "jishi-hat")
_MAX_ID = 128
_MAX_REASON = 123  # bytes (RFC 6455, section 5.5)
_log = logging.getLogger("graphql.ws")


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """What a client may do: `message` in bytes, `operations` at once on one socket, `sockets` at once on this server.

    `init` are the seconds until it must have introduced itself. One that takes nothing for `patience` seconds, while
    there is more to send, is cut off.
    """

    message: int = 100_000
    operations: int = 50
    sockets: int = 10_000
    init: float = 3.0
    patience: float = 30.0


class GraphQLWS:
    """ASGI application of one GraphQL endpoint over WebSocket.

    `welcome` raises HTTPRefusal for the headers of a viewer who may not connect.
    """

    def __init__(self, subscribe: Subscribe, welcome: Welcome, limits: SocketLimits | None = None) -> None:
        self._subscribe = subscribe
        self._welcome = welcome
        self._limits = limits or SocketLimits()
        self._sockets = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (refusal := self._refusal(scope)) is not None:
            await refuse_websocket(refusal, scope, receive, send)
            return
        await receive()  # websocket.connect
        self._sockets += 1
        try:
            await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
            headers = read_headers(scope["headers"])
            await _Conversation(self._subscribe, self._welcome, self._limits, headers, receive, send).hold()
        finally:
            self._sockets -= 1

    def _refusal(self, scope: Scope) -> HTTPRefusal | None:
        if SUBPROTOCOL not in scope["subprotocols"]:
            return HTTPRefusal(400, "SUBPROTOCOL_NOT_ACCEPTABLE", f"Ask for the subprotocol {SUBPROTOCOL}")
        if self._sockets >= self._limits.sockets:
            return HTTPRefusal(503, "TOO_MANY_CONNECTIONS", "The server holds as many connections as it can")
        return None


class _Close(Exception):
    """The conversation is over, for a reason that the client is told."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class _Gone(Exception):
    """The client has left, or takes nothing any more."""


class _Conversation:
    """One client on one socket."""

    def __init__(
        self,
        subscribe: Subscribe,
        welcome: Welcome,
        limits: SocketLimits,
        headers: dict[str, str],
        receive: Receive,
        send: Send,
    ) -> None:
        self._subscribe = subscribe
        self._welcome = welcome
        self._limits = limits
        self._headers = headers
        self._receive = receive
        self._send = send
        self._running: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._patience = asyncio.timeout(limits.init)
        self._known = False

    async def hold(self) -> None:
        """Talk until one side closes; what runs then is cancelled."""
        try:
            async with self._patience:
                await self._talk()
        except TimeoutError:  # a client that is stuck could not read a reason
            if not self._known:
                await self._close(4408, "Connection initialisation timeout")
        except _Close as close:
            await self._close(close.code, close.reason)
        except _Gone:
            _log.debug("a client has left its socket")
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _talk(self) -> None:
        acts = {
            "connection_init": self._introduced,
            "ping": self._pinged,
            "pong": self._ponged,
            "subscribe": self._subscribed,
            "complete": self._completed,
        }
        while True:
            message = await self._message()
            act = acts.get(message["type"])
            if act is None:
                raise _Close(4400, "Invalid message: unknown type")
            await act(message)

    async def _message(self) -> Message:
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            raise _Gone
        text = event.get("text")
        if text is None:
            raise _Close(1003, "Send text")
        if len(raw := text.encode("utf-8", "surrogatepass")) > self._limits.message:
            raise _Close(1009, f"The message is over {self._limits.message} bytes")
        try:
            message = load_json(raw)
        except HTTPRefusal:
            raise _Close(4400, "Invalid message: not JSON") from None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise _Close(4400, "Invalid message: no type")
        return message

    async def _introduced(self, message: Message) -> None:
        if self._known:
            raise _Close(4429, "Too many initialisation requests")
        payload = {} if message.get("payload") is None else message["payload"]
        if not isinstance(payload, dict):
            raise _Close(4400, "Invalid message: payload is not an object")
        for name, value in payload.items():
            if (header := name.lower()) in _IDENTIFYING:
                if not isinstance(value, str):
                    raise _Close(4400, f"Invalid message: {header} is not a string")
                self._headers = {**self._headers, header: value}
        try:
            await self._welcome(self._headers)
        except HTTPRefusal as refusal:
            raise _Close(4403, f"Forbidden: {refusal.message}") from None
        self._known = True
        self._patience.reschedule(None)
        await self._say({"type": "connection_ack"})

    async def _pinged(self, message: Message) -> None:
        given = {"payload": message["payload"]} if isinstance(message.get("payload"), dict) else {}
        await self._say({"type": "pong", **given})

    async def _ponged(self, message: Message) -> None:
        """A sign of life that was not asked for is welcome, too."""

    async def _subscribed(self, message: Message) -> None:
        key = message.get("id")
        if not self._known:
            raise _Close(4401, "Unauthorized")
        if not isinstance(key, str) or not 0 < len(key) <= _MAX_ID:
            raise _Close(4400, f"Invalid message: id is not a string of 1 to {_MAX_ID} characters")
        if key in self._running:
            raise _Close(4409, f"Subscriber for {key} already exists")
        try:
            request = to_request(message.get("payload"), self._headers, read_only=False)
        except HTTPRefusal as refusal:
            raise _Close(4400, f"Invalid message: {refusal.message}") from None
        limit = self._limits.operations
        if len(self._running) >= limit or len(self._tasks) >= 2 * limit:  # as many again may be ending
            excess = HTTPRefusal(429, "TOO_MANY_OPERATIONS", f"The connection runs {limit} operations, its limit")
            await self._refuse(key, excess.body["errors"])
            return
        task = asyncio.create_task(self._run(key, request))
        self._running[key] = task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _completed(self, message: Message) -> None:
        key = message.get("id")
        if not isinstance(key, str):
            raise _Close(4400, "Invalid message: id is not a string")
        if (task := self._running.pop(key, None)) is not None:
            task.cancel()

    async def _run(self, key: str, request: GraphQLHTTPRequest) -> None:
        """One operation to its end."""
        with suppress(_Gone):
            errors = await self._outcome(key, request)
            self._running.pop(key, None)  # before the client knows, who may use the id again at once
            if errors is None:
                await self._say({"id": key, "type": "complete"})
            else:
                await self._refuse(key, errors)

    async def _outcome(self, key: str, request: GraphQLHTTPRequest) -> list[Any] | None:
        """Errors in place of an end; what the log keeps of our own mistakes, the client does not learn."""
        try:
            return await self._answer(key, request)
        except _Gone:
            raise
        except HTTPRefusal as refusal:
            return list(refusal.body["errors"])
        except Exception:
            _log.exception("GraphQL operation failed")
            return list(HTTPRefusal(500, "INTERNAL", "Internal error").body["errors"])

    async def _answer(self, key: str, request: GraphQLHTTPRequest) -> list[Any] | None:
        """Send the answers; the errors where the operation ended with a refusal."""
        async with aclosing(await self._subscribe(request)) as answers:
            async for answer in answers:
                if answer.status >= 400:
                    return _errors(answer)
                body = orjson.Fragment(answer.body) if isinstance(answer.body, bytes) else answer.body
                await self._say({"id": key, "type": "next", "payload": body})
        return None

    async def _refuse(self, key: str, errors: list[Any]) -> None:
        await self._say({"id": key, "type": "error", "payload": errors})

    async def _say(self, message: Message) -> None:
        try:
            async with asyncio.timeout(self._limits.patience):
                await self._send({"type": "websocket.send", "text": orjson.dumps(message).decode()})
        except TimeoutError:
            with suppress(RuntimeError):  # where another operation has said so already
                self._patience.reschedule(0)  # ends the whole conversation
            raise _Gone from None
        except OSError:
            raise _Gone from None

    async def _close(self, code: int, reason: str) -> None:
        short = reason.encode("utf-8", "replace")[:_MAX_REASON].decode("utf-8", "ignore")
        with suppress(OSError):  # a timeout is one, too
            async with asyncio.timeout(self._limits.patience):
                await self._send({"type": "websocket.close", "code": code, "reason": short})


def _errors(answer: GraphQLHTTPAnswer) -> list[Any]:
    body = orjson.loads(answer.body) if isinstance(answer.body, bytes) else answer.body
    return list(body["errors"])
