"""graphql-transport-ws to the letter, over real sockets."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from random import Random
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from kit.graphql_ws import GraphQLWS, SocketLimits
from tests.kit.operations import Operations
from tests.support.listening import listening

ACK = {"type": "connection_ack"}
INTERNAL = [{"message": "Internal error", "extensions": {"code": "INTERNAL"}}]


class Client:
    """One end of a socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, *messages: Any) -> None:
        for message in messages:
            await self.socket.send(json.dumps(message))

    async def hear(self, count: int = 1) -> list[Any]:
        async with asyncio.timeout(5):
            return [json.loads(await self.socket.recv()) for _ in range(count)]

    async def subscribe(self, key: str, query: str, **variables: Any) -> None:
        await self.say({"id": key, "type": "subscribe", "payload": {"query": query, "variables": variables}})

    async def until_closed(self) -> tuple[int, str]:
        """The code and the reason of the end; whatever came before is skipped."""
        async with asyncio.timeout(5):
            with suppress(ConnectionClosed):
                while True:
                    await self.socket.recv()
        assert self.socket.close_code is not None
        return self.socket.close_code, self.socket.close_reason or ""


class Server:
    def __init__(self, limits: SocketLimits | None = None) -> None:
        self.operations = Operations()
        self.app = GraphQLWS(self.operations.subscribe, self.operations.welcome, limits)
        self.port = 0

    @asynccontextmanager
    async def client(
        self,
        payload: dict[str, Any] | None = None,
        *,
        known: bool = True,
        protocols: tuple[str, ...] = ("graphql-transport-ws",),
        headers: dict[str, str] | None = None,
    ) -> AsyncIterator[Client]:
        names = [Subprotocol(name) for name in protocols]
        url = f"ws://127.0.0.1:{self.port}/graphql"
        async with connect(
            url, subprotocols=names, additional_headers=headers, close_timeout=1, max_size=None
        ) as socket:
            client = Client(socket)
            if known:
                await client.say({"type": "connection_init"} | ({} if payload is None else {"payload": payload}))
                assert await client.hear() == [ACK]
            yield client


@asynccontextmanager
async def serving(limits: SocketLimits | None = None) -> AsyncIterator[Server]:
    server = Server(limits)
    async with listening(server.app) as server.port:
        yield server


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving() as running:
        yield running


def next_of(key: str, number: int) -> dict[str, Any]:
    return {"id": key, "type": "next", "payload": {"data": {"count": number}}}


def complete(key: str) -> dict[str, Any]:
    return {"id": key, "type": "complete"}


async def test_the_protocol_is_chosen_among_those_offered(server: Server) -> None:
    async with server.client(protocols=("graphql-ws", "graphql-transport-ws")) as client:
        assert client.socket.subprotocol == "graphql-transport-ws"


@pytest.mark.parametrize("protocols", [("graphql-ws",), ("mqtt", "graphql-transport-ws2"), ()])
async def test_another_protocol_is_refused_before_the_socket_opens(server: Server, protocols: tuple[str, ...]) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with connect(
            f"ws://127.0.0.1:{server.port}/graphql", subprotocols=[Subprotocol(name) for name in protocols] or None
        ):
            pass
    assert refused.value.response.status_code == 400
    assert json.loads(refused.value.response.body)["errors"][0]["extensions"]["code"] == "SUBPROTOCOL_NOT_ACCEPTABLE"


async def test_sockets_are_limited_and_a_place_is_free_again() -> None:
    async with serving(SocketLimits(sockets=1)) as server:
        async with server.client():
            with pytest.raises(InvalidStatus) as refused:
                async with server.client():
                    pass
            assert refused.value.response.status_code == 503
        async with asyncio.timeout(5):
            while server.app._sockets:
                await asyncio.sleep(0.001)
        async with server.client():
            pass


async def test_a_ping_is_answered_before_and_after_the_welcome(server: Server) -> None:
    async with server.client(known=False) as client:
        await client.say({"type": "ping"}, {"type": "pong"}, {"type": "connection_init", "payload": None})
        await client.say({"type": "ping", "payload": {"at": 1}}, {"type": "pong", "payload": {}})
        assert await client.hear(3) == [{"type": "pong"}, ACK, {"type": "pong", "payload": {"at": 1}}]


async def test_one_answer_and_the_end(server: Server) -> None:
    async with server.client() as client:
        await client.subscribe("a", "count")
        assert await client.hear(2) == [next_of("a", 0), complete("a")]
        await client.subscribe("a", "bytes")  # the id is free again
        assert await client.hear(2) == [next_of("a", 1), complete("a")]
    (first, second) = server.operations.asked
    assert (first.query, first.variables, first.read_only) == ("count", {}, False)
    assert second.query == "bytes"


async def test_all_that_a_request_may_hold_is_handed_on(server: Server) -> None:
    payload = {
        "query": "count",
        "operationName": "Op",
        "variables": {"n": 1},
        "extensions": {"persistedQuery": {"version": 1}},
        "documentId": "d",
    }
    async with server.client() as client:
        await client.say({"id": "a", "type": "subscribe", "payload": payload})
        await client.hear(2)
    (asked,) = server.operations.asked
    assert (asked.operation_name, asked.variables, asked.document_id) == ("Op", {"n": 1}, "d")
    assert asked.extensions == {"persistedQuery": {"version": 1}}


async def test_many_operations_at_once_each_in_order(server: Server) -> None:
    async with server.client() as client:
        for key in "abc":
            await client.subscribe(key, "count", n=20)
        heard = await client.hear(63)
    for key in "abc":
        expected = [*(next_of(key, number) for number in range(20)), complete(key)]
        assert [message for message in heard if message["id"] == key] == expected


@pytest.mark.parametrize(
    ("query", "before", "errors"),
    [
        ("refused", 0, [{"message": "no 0", "extensions": {"code": "REFUSED"}}]),
        ("ends", 1, [{"message": "no 1", "extensions": {"code": "REFUSED"}}]),
        ("expired", 0, [{"message": "The token has expired", "extensions": {"code": "UNAUTHENTICATED"}}]),
        ("broken", 0, INTERNAL),
    ],
)
async def test_a_refusal_is_an_error_message_and_the_end(
    server: Server, query: str, before: int, errors: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    async with server.client() as client:
        await client.subscribe("a", query)
        *events, error = await client.hear(before + 1)
        assert events == [next_of("a", number) for number in range(before)]
        assert error == {"id": "a", "type": "error", "payload": errors}
        await client.subscribe("a", "count")  # nothing follows, and the id is free
        assert await client.hear(2) == [next_of("a", 0), complete("a")]
    assert ("password" in caplog.text) is (query == "broken")


async def test_a_client_ends_an_operation_and_may_use_its_id_at_once(server: Server) -> None:
    async with server.client() as client:
        await client.subscribe("a", "wait")
        assert await client.hear() == [next_of("a", 0)]
        await client.say(complete("a"), complete("unknown"))
        await client.subscribe("a", "count", n=2)
        assert await client.hear(3) == [next_of("a", 0), next_of("a", 1), complete("a")]
        await server.operations.idle()
    assert server.operations.ended == 2


async def test_a_client_that_leaves_ends_its_operations(server: Server) -> None:
    async with server.client() as client:
        for key in "abc":
            await client.subscribe(key, "wait")
        await server.operations.running(3)
        client.socket.transport.abort()
        await server.operations.idle()
    assert server.operations.ended == 3


async def test_the_operations_of_one_socket_are_limited() -> None:
    async with serving(SocketLimits(operations=2)) as server, server.client() as client:
        await client.subscribe("a", "wait")
        await client.subscribe("b", "wait")
        await client.subscribe("c", "wait")
        first, second, refused = sorted(await client.hear(3), key=lambda message: str(message["id"]))
        assert (first, second) == (next_of("a", 0), next_of("b", 0))
        assert (refused["id"], refused["type"]) == ("c", "error")
        assert [error["extensions"]["code"] for error in refused["payload"]] == ["TOO_MANY_OPERATIONS"]
        await client.say(complete("a"))
        await server.operations.running(1)
        await client.subscribe("c", "count")
        assert await client.hear(2) == [next_of("c", 0), complete("c")]


@pytest.mark.parametrize(
    ("payload", "headers", "expected"),
    [
        (None, {}, None),
        ({}, {"authorization": "Bearer h"}, "Bearer h"),
        ({"authorization": "Bearer p"}, {}, "Bearer p"),
        ({"Authorization": "Bearer p", "x": 1}, {"authorization": "Bearer h"}, "Bearer p"),
    ],
)
async def test_the_viewer_comes_from_the_payload_or_from_the_handshake(
    server: Server, payload: dict[str, Any] | None, headers: dict[str, str], expected: str | None
) -> None:
    async with server.client(payload, headers=headers) as client:
        await client.subscribe("a", "who")
        (message, _) = await client.hear(2)
    assert message["payload"]["data"]["headers"].get("authorization") == expected
    assert "x" not in message["payload"]["data"]["headers"]


async def test_a_refused_viewer_is_forbidden(server: Server) -> None:
    async with server.client(known=False) as client:
        await client.say({"type": "connection_init", "payload": {"authorization": "Bearer bad"}})
        code, reason = await client.until_closed()
    assert (code, reason.startswith("Forbidden: The token is not ours: 词")) == (4403, True)
    assert len(reason.encode()) <= 123


async def test_who_does_not_introduce_itself_is_let_go() -> None:
    async with serving(SocketLimits(init=0.05)) as server:
        async with server.client(known=False) as client:
            await client.say({"type": "ping"})
            assert await client.until_closed() == (4408, "Connection initialisation timeout")
        async with server.client() as client:  # and who did stays
            await asyncio.sleep(0.1)
            await client.subscribe("a", "count")
            assert await client.hear(2) == [next_of("a", 0), complete("a")]


SUBSCRIBE = {"id": "a", "type": "subscribe", "payload": {"query": "wait"}}


@pytest.mark.parametrize(
    ("known", "sent", "code", "reason"),
    [
        (False, SUBSCRIBE, 4401, "Unauthorized"),
        (True, {"type": "connection_init"}, 4429, "Too many initialisation requests"),
        (True, [SUBSCRIBE, SUBSCRIBE], 4409, "Subscriber for a already exists"),
        (False, {"type": "connection_init", "payload": []}, 4400, "Invalid message: payload is not an object"),
        (
            False,
            {"type": "connection_init", "payload": {"Jishi-Hat": ["member"]}},
            4400,
            "Invalid message: jishi-hat is not a string",
        ),
        (
            False,
            {"type": "connection_init", "payload": {"authorization": 1}},
            4400,
            "Invalid message: authorization is not a string",
        ),
        (True, {"type": "start", "id": "a"}, 4400, "Invalid message: unknown type"),
        (True, {"type": "next", "id": "a"}, 4400, "Invalid message: unknown type"),
        (True, {"type": None}, 4400, "Invalid message: no type"),
        (True, [[]], 4400, "Invalid message: no type"),
        (True, {"type": "complete"}, 4400, "Invalid message: id is not a string"),
        (True, {**SUBSCRIBE, "id": 1}, 4400, "Invalid message: id is not a string of 1 to 128 characters"),
        (True, {**SUBSCRIBE, "id": ""}, 4400, "Invalid message: id is not a string of 1 to 128 characters"),
        (True, {**SUBSCRIBE, "id": "x" * 129}, 4400, "Invalid message: id is not a string of 1 to 128 characters"),
        (True, {**SUBSCRIBE, "payload": None}, 4400, "Invalid message: The request body is not a JSON object"),
        (True, {**SUBSCRIBE, "payload": {}}, 4400, 'Invalid message: The parameter "query" is missing'),
        (True, {**SUBSCRIBE, "payload": {"query": 1}}, 4400, 'Invalid message: The parameter "query" is not a string'),
    ],
)
async def test_who_breaks_the_protocol_is_closed_with_its_code(
    server: Server, known: bool, sent: Any, code: int, reason: str
) -> None:
    async with server.client(known=known) as client:
        await client.say(*(sent if isinstance(sent, list) else [sent]))
        assert await client.until_closed() == (code, reason)
    await server.operations.idle()


@pytest.mark.parametrize(
    ("raw", "code", "reason"),
    [
        ("", 4400, "Invalid message: not JSON"),
        ("{", 4400, "Invalid message: not JSON"),
        ('{"type":"\\ud800"}', 4400, "Invalid message: not JSON"),
        ("[" * 50_000 + "]" * 50_000, 4400, "Invalid message: not JSON"),
        ('{"type":"ping","payload":' + '{"a":' * 101 + "1" + "}" * 102, 4400, "Invalid message: not JSON"),
        ('{"type":"ping"}' + " " * 100_000, 1009, "The message is over 100000 bytes"),
        ('"' + "词" * 34_000 + '"', 1009, "The message is over 100000 bytes"),
        (b'{"type":"ping"}', 1003, "Send text"),
        (b"", 1003, "Send text"),
    ],
)
async def test_what_is_no_message_closes_the_socket(server: Server, raw: str | bytes, code: int, reason: str) -> None:
    async with server.client() as client:
        await client.socket.send(raw)
        assert await client.until_closed() == (code, reason)


async def test_a_client_that_takes_nothing_is_cut_off() -> None:
    async with serving(SocketLimits(patience=0.2)) as server, server.client() as client:
        await client.subscribe("a", "wait")
        assert await client.hear() == [next_of("a", 0)]
        await client.subscribe("b", "flood")
        await client.subscribe("c", "flood")
        await server.operations.running(3)  # the client listens no more
        await server.operations.idle()
        assert server.operations.ended == 3
        client.socket.transport.abort()


async def test_hostile_frames_leave_the_server_as_it_was(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    random = Random(7)
    caplog.set_level(logging.ERROR)
    async with server.client() as victim:
        await victim.subscribe("v", "wait")
        assert await victim.hear() == [next_of("v", 0)]
        for _ in range(150):
            await attack(server.port, random)
        await victim.subscribe("w", "count")
        assert await victim.hear(2) == [next_of("w", 0), complete("w")]
        await server.operations.running(1)
    assert [record.getMessage() for record in caplog.records if record.name.startswith("graphql")] == []


async def attack(port: int, random: Random) -> None:
    """A handshake and what should never follow it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"GET /graphql HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        b"sec-websocket-version: 13\r\nsec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
        b"sec-websocket-protocol: graphql-transport-ws\r\n\r\n"
    )
    await reader.readuntil(b"\r\n\r\n")
    if random.random() < 0.5:
        writer.write(frame(b'{"type":"connection_init"}'))
    for _ in range(random.randint(1, 4)):
        writer.write(hostile(random))
    if random.random() < 0.5:
        writer.transport.abort()
    writer.close()


def hostile(random: Random) -> bytes:
    message = json.dumps({"id": "x", "type": "subscribe", "payload": {"query": "wait"}}).encode()
    flipped = bytearray(message)
    flipped[random.randrange(len(flipped))] ^= 1 << random.randrange(8)
    return random.choice(
        [
            os.urandom(random.randint(1, 200)),
            frame(bytes(flipped)),
            frame(message),
            frame(message, opcode=random.randrange(16)),
            frame(message)[: random.randint(1, 20)],
            frame(b"\xff\xfe"),
            frame(random.choice([b"null", b"1e999", b'{"type":{}}', b'{"type":"complete","id":[]}', b"\x00"])),
            b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff",
            frame(b"x" * 126, opcode=9),
        ]
    )


def frame(payload: bytes, opcode: int = 1) -> bytes:
    """A masked frame, the mask all zeros (RFC 6455, section 5.2)."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes([0x80 | opcode]) + length + bytes(4) + payload
