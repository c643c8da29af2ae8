"""Subscriptions to a subgraph by graphql-transport-ws, and what a sick one does to them."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from federation.errors import SubgraphError, SubgraphRefusal
from federation.execution.transport import HttpLimits, HttpTransport, RequestContext, SubgraphRequest, SubgraphResponse

QUERY = SubgraphRequest("subscription($shop: ID) { paid }", {"shop": "s1"}, None, "subscription")
CONTEXT = RequestContext({"authorization": "Bearer token", "cookie": "secret"})
LIMITS = HttpLimits(timeout=0.5, quiet=30, max_event=1_000)
Behaviour = Callable[["Socket"], Awaitable[None]]


class Socket:
    """The subgraph's end of one connection."""

    def __init__(self, connection: ServerConnection) -> None:
        self.connection = connection
        self.received: list[Any] = []
        self.code: int | None = None

    async def say(self, *messages: dict[str, Any]) -> None:
        for message in messages:
            await self.connection.send(json.dumps(message))

    async def hear(self) -> Any:
        self.received.append(json.loads(await self.connection.recv()))
        return self.received[-1]

    async def welcome(self) -> None:
        await self.hear()
        await self.say({"type": "connection_ack"})
        await self.hear()


def next_of(data: Any) -> dict[str, Any]:
    return {"id": "1", "type": "next", "payload": {"data": data}}


COMPLETE = {"id": "1", "type": "complete"}


@asynccontextmanager
async def connected(
    behave: Behaviour, limits: HttpLimits = LIMITS, *, protocols: tuple[str, ...] = ("graphql-transport-ws",)
) -> AsyncIterator[tuple[list[Socket], HttpTransport]]:
    sockets: list[Socket] = []

    async def talk(connection: ServerConnection) -> None:
        sockets.append(Socket(connection))
        try:
            await behave(sockets[-1])
            await connection.wait_closed()
        except ConnectionClosed:
            pass
        finally:
            sockets[-1].code = connection.close_code

    names = [Subprotocol(name) for name in protocols] or None
    chosen = None if names else lambda connection, offered: None
    async with serve(talk, "127.0.0.1", 0, subprotocols=names, select_subprotocol=chosen, close_timeout=0.1) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        address = f"127.0.0.1:{port}/graphql"
        transport = HttpTransport("orders", f"http://{address}", limits, subscriptions=f"ws://{address}")
        yield sockets, transport
        await transport.aclose()


async def events_of(transport: HttpTransport) -> tuple[list[SubgraphResponse], SubgraphError | None]:
    """What came, and how it ended; a stream that ends too late is none."""
    found: list[SubgraphResponse] = []
    async with asyncio.timeout(5):
        try:
            async for response in transport.subscribe(QUERY, CONTEXT):
                found.append(response)
        except SubgraphError as error:
            return found, error
    return found, None


async def closed(socket: Socket) -> None:
    await asyncio.wait_for(socket.connection.wait_closed(), 5)


async def test_events_come_until_the_subgraph_is_done() -> None:
    async def behave(socket: Socket) -> None:
        assert socket.connection.request is not None
        headers.update(socket.connection.request.headers)
        await socket.hear()
        await socket.say({"type": "ping"}, {"type": "connection_ack", "payload": {"x": 1}})
        await socket.hear()
        await socket.hear()
        await socket.say({"type": "ping", "payload": {}}, {"type": "pong"}, next_of({"paid": 0}) | {"id": "2"})
        await socket.say(next_of({"paid": 1}))
        await socket.say({"id": "1", "type": "next", "payload": {"data": None, "errors": [{"message": "x"}]}})
        await socket.say(COMPLETE)

    headers: dict[str, str] = {}
    async with connected(behave) as (sockets, transport):
        assert await events_of(transport) == (
            [SubgraphResponse({"paid": 1}), SubgraphResponse(None, [{"message": "x"}])],
            None,
        )
        await closed(sockets[0])
        assert sockets[0].code == 1000
    assert (headers["authorization"], "cookie" in headers) == ("Bearer token", False)
    assert sockets[0].received == [
        {"type": "connection_init", "payload": {"authorization": "Bearer token"}},
        {"type": "pong"},
        {"id": "1", "type": "subscribe", "payload": {"query": QUERY.query, "variables": {"shop": "s1"}}},
    ]


async def test_a_client_that_leaves_ends_the_subscription_there() -> None:
    async def behave(socket: Socket) -> None:
        await socket.welcome()
        await socket.say(next_of({"paid": 1}))

    async with connected(behave) as (sockets, transport):
        events = transport.subscribe(QUERY, CONTEXT)
        assert await anext(events) == SubgraphResponse({"paid": 1})
        await events.aclose()
        await closed(sockets[0])


async def abort(socket: Socket) -> None:
    socket.connection.transport.abort()


async def freeze(socket: Socket) -> None:
    socket.connection.transport.pause_reading()


def saying(text: str | bytes) -> Behaviour:
    async def behave(socket: Socket) -> None:
        await socket.connection.send(text)

    return behave


def closing(code: int) -> Behaviour:
    async def behave(socket: Socket) -> None:
        await socket.connection.close(code, "http://10.0.0.1")

    return behave


@pytest.mark.parametrize(
    ("end", "code", "message"),
    [
        pytest.param(abort, "SUBGRAPH_UNREACHABLE", "broke the subscription off", id="reset"),
        pytest.param(closing(1000), "SUBGRAPH_UNREACHABLE", "broke the subscription off", id="closed"),
        pytest.param(closing(1012), "SUBGRAPH_UNREACHABLE", "broke the subscription off", id="restarted"),
        pytest.param(closing(4403), "SUBGRAPH_BAD_ANSWER", "closed the subscription with code 4403", id="forbidden"),
        pytest.param(freeze, "SUBGRAPH_UNREACHABLE", "broke the subscription off", id="frozen"),
        pytest.param(saying("{"), "SUBGRAPH_BAD_ANSWER", "sent no message of the protocol", id="no JSON"),
        pytest.param(saying("[]"), "SUBGRAPH_BAD_ANSWER", "sent no message of the protocol", id="no object"),
        pytest.param(saying('{"type":1}'), "SUBGRAPH_BAD_ANSWER", "sent no message of the protocol", id="no type"),
        pytest.param(
            saying('{"id":"1","type":"next","payload":{"data":1}}'),
            "SUBGRAPH_BAD_ANSWER",
            "sent an event without a GraphQL result",
            id="no GraphQL",
        ),
        pytest.param(
            saying('{"id":"1","type":"error","payload":"no"}'),
            "SUBGRAPH_BAD_ANSWER",
            "sent errors that are none",
            id="no errors",
        ),
        pytest.param(saying("x" * 1_001), "SUBGRAPH_UNREACHABLE", "broke the subscription off", id="too large"),
    ],
)
async def test_a_stream_that_breaks_ends_with_a_code_after_what_came(end: Behaviour, code: str, message: str) -> None:
    async def behave(socket: Socket) -> None:
        await socket.welcome()
        await socket.say(next_of({"paid": 1}))
        await end(socket)

    limits = HttpLimits(timeout=0.5, quiet=0.2, max_event=1_000)
    async with connected(behave, limits) as (sockets, transport):
        found, error = await events_of(transport)
        if end is freeze:
            sockets[0].connection.transport.abort()
    assert (found, len(sockets)) == ([SubgraphResponse({"paid": 1})], 1)
    assert error is not None
    assert error.rendered() == {
        "message": f"Subgraph orders {message}",
        "extensions": {"code": code, "service": "orders"},
    }


async def test_the_reason_of_a_refusal_is_told() -> None:
    async def behave(socket: Socket) -> None:
        await socket.welcome()
        errors = [{"message": "no such shop", "extensions": {"code": "NOT_FOUND", "stack": "x"}}]
        await socket.say({"id": "1", "type": "error", "payload": errors})

    async with connected(behave) as (_, transport):
        found, error = await events_of(transport)
    assert found == []
    assert isinstance(error, SubgraphRefusal)
    assert error.entries() == [
        {"message": "no such shop", "extensions": {"code": "NOT_FOUND", "service": "orders"}},
    ]


async def silent(socket: Socket) -> None:
    await socket.hear()


async def data_first(socket: Socket) -> None:
    await socket.hear()
    await socket.say(next_of({"paid": 1}))


@pytest.mark.parametrize(
    ("behave", "protocols", "code"),
    [
        pytest.param(silent, ("graphql-transport-ws",), "SUBGRAPH_TIMEOUT", id="never welcomes"),
        pytest.param(data_first, ("graphql-transport-ws",), "SUBGRAPH_BAD_ANSWER", id="out of turn"),
        pytest.param(closing(4401), ("graphql-transport-ws",), "SUBGRAPH_BAD_ANSWER", id="unauthorized"),
        pytest.param(abort, ("graphql-transport-ws",), "SUBGRAPH_UNREACHABLE", id="resets"),
        pytest.param(silent, (), "SUBGRAPH_BAD_ANSWER", id="chooses no protocol"),
        pytest.param(silent, ("graphql-ws",), "SUBGRAPH_UNREACHABLE", id="speaks another protocol"),
    ],
)
async def test_a_subgraph_that_opens_no_stream_is_a_coded_error(
    behave: Behaviour, protocols: tuple[str, ...], code: str
) -> None:
    async with connected(behave, protocols=protocols) as (_, transport):
        found, error = await events_of(transport)
    assert (found, error and error.code) == ([], code)
    assert "127.0.0.1" not in str(error)


async def test_a_redirect_is_not_followed() -> None:
    elsewhere: list[Any] = []

    async def listen(connection: ServerConnection) -> None:
        elsewhere.append(connection)

    async with serve(listen, "127.0.0.1", 0, subprotocols=[Subprotocol("graphql-transport-ws")]) as server:
        port = next(iter(server.sockets)).getsockname()[1]

        async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(f"HTTP/1.1 302 Found\r\nlocation: ws://127.0.0.1:{port}/\r\n\r\n".encode())
            writer.close()

        async with await asyncio.start_server(redirect, "127.0.0.1", 0) as moved:
            address = f"127.0.0.1:{moved.sockets[0].getsockname()[1]}/"
            transport = HttpTransport("orders", f"http://{address}", LIMITS, subscriptions=f"ws://{address}")
            found, error = await events_of(transport)
    assert (found, error and error.code, elsewhere) == ([], "SUBGRAPH_UNREACHABLE", [])


async def test_a_subgraph_that_hangs_at_the_handshake_times_out() -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(hang, "127.0.0.1", 0) as server:
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}/graphql"
        limits = HttpLimits(timeout=0.1)
        transport = HttpTransport("orders", f"http://{address}", limits, subscriptions=f"ws://{address}")
        found, error = await events_of(transport)
    assert (found, error and error.code) == ([], "SUBGRAPH_TIMEOUT")


async def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{unused.getsockname()[1]}/graphql"
        transport = HttpTransport("orders", f"http://{address}", LIMITS, subscriptions=f"ws://{address}")
        found, error = await events_of(transport)
    assert (found, error and error.code) == ([], "SUBGRAPH_UNREACHABLE")
