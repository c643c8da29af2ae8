"""Subscriptions through the front door, from a client's socket to a subgraph's and back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from federation.admission import Grants
from federation.composition import SubgraphSource, compose
from federation.engine import Engine
from federation.execution.transport import HttpTransport
from gateway import Identity, Server, front_door, generic_gateway, named_url
from kit.graphql_http import HTTPRefusal
from tests.federation.execution.feeds import PAID, SDL, Feed, Shop, composed, paid, shown, until
from tests.federation.small_mall import LINK
from tests.support.listening import listening
from tests.support.wire import Wire, wire

EVENTS = {"accept": "text/event-stream"}
LOST = [
    {
        "message": "Subgraph orders broke the subscription off",
        "extensions": {"code": "SUBGRAPH_UNREACHABLE", "service": "orders"},
    }
]


@asynccontextmanager
async def socket_to(port: int, authorization: str | None = None) -> AsyncIterator[ClientConnection]:
    url = f"ws://127.0.0.1:{port}/graphql"
    payload = {"authorization": authorization} if authorization else {}
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], close_timeout=1) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert await hear(socket) == {"type": "connection_ack"}
        yield socket


async def hear(socket: ClientConnection) -> Any:
    async with asyncio.timeout(5):
        return json.loads(await socket.recv())


async def subscribe(socket: ClientConnection, query: str = PAID) -> None:
    await socket.send(json.dumps({"id": "a", "type": "subscribe", "payload": {"query": query}}))


def next_of(number: int) -> dict[str, Any]:
    return {"id": "a", "type": "next", "payload": shown(number)}


class Upstream:
    """Orders as a service of its own, which speaks both protocols because it is one of our own front doors."""

    def __init__(self) -> None:
        self.shop = Shop()
        self.engine = Engine(composed(), self.shop.transports)
        self.door = front_door(self.engine)

    async def feed(self, count: int = 1) -> Feed:
        await until(lambda: len(self.shop.feeds) == count)
        return self.shop.feeds[-1]


@asynccontextmanager
async def chained(scheme: str) -> AsyncIterator[tuple[Upstream, Wire, ClientConnection]]:
    """A client, a gateway, a wire, and orders as a service of its own, subscribed to by `scheme`."""
    upstream = Upstream()
    async with listening(upstream.door) as below, wire(below) as between:
        address = f"127.0.0.1:{between.port}/graphql"
        orders = HttpTransport("orders", f"http://{address}", subscriptions=f"{scheme}://{address}")
        engine = Engine(composed(), Shop(orders=orders).transports)
        async with listening(front_door(engine)) as port, socket_to(port) as socket:
            yield upstream, between, socket
        await engine.aclose()


@pytest.mark.parametrize("scheme", ["http", "ws"])
async def test_an_event_travels_from_the_subgraph_to_the_client(scheme: str) -> None:
    async with chained(scheme) as (upstream, _, socket):
        await subscribe(socket)
        feed = await upstream.feed()
        for number in (1, 2):
            feed.put(paid(number))
            assert await hear(socket) == next_of(number)
        await socket.send('{"id":"a","type":"complete"}')
        await asyncio.wait_for(feed.closed.wait(), 5)  # and so does its end, the other way
        await subscribe(socket)
        feed = await upstream.feed(2)
        feed.put(paid(3), None)
        assert [await hear(socket), await hear(socket)] == [next_of(3), {"id": "a", "type": "complete"}]


@pytest.mark.parametrize("scheme", ["http", "ws"])
async def test_a_subgraph_that_is_lost_ends_the_subscription_with_its_code(scheme: str) -> None:
    async with chained(scheme) as (upstream, between, socket):
        await subscribe(socket)
        (await upstream.feed()).put(paid(1))
        assert await hear(socket) == next_of(1)
        between.cut()
        assert await hear(socket) == {"id": "a", "type": "error", "payload": LOST}
        await subscribe(socket)  # it is back
        (await upstream.feed(2)).put(paid(2))
        assert await hear(socket) == next_of(2)


@pytest.mark.parametrize("scheme", ["http", "ws"])
async def test_what_ends_a_subscription_further_up_is_told_further_down(scheme: str) -> None:
    async with chained(scheme) as (upstream, _, socket):
        await subscribe(socket)
        (await upstream.feed()).put(paid(1))
        assert await hear(socket) == next_of(1)
        await upstream.engine.reload(composed(), upstream.shop.transports)
        told = await hear(socket)
        assert [error["extensions"] for error in told["payload"]] == [
            {"code": "SUBSCRIPTION_SCHEMA_RELOAD", "service": "orders"}
        ]


async def test_a_viewer_who_is_known_no_more_gets_no_further_event() -> None:
    valid = {"Bearer good": Grants(authenticated=True)}

    async def identify(headers: Mapping[str, str]) -> Identity:
        try:
            return Identity(valid[headers["authorization"]])
        except KeyError:
            raise HTTPRefusal(401, "UNAUTHENTICATED", "The token has expired") from None

    shop = Shop()
    async with (
        listening(front_door(shop.engine, identify=identify)) as port,
        socket_to(port, "Bearer good") as socket,
    ):
        for number, change, code in (
            (1, {}, "UNAUTHENTICATED"),
            (2, {"Bearer good": Grants(authenticated=True, scopes=frozenset({"more"}))}, "GRANTS_CHANGED"),
        ):
            await subscribe(socket)
            await until(lambda number=number: len(shop.feeds) == number)
            shop.feeds[-1].put(paid(1))
            assert await hear(socket) == next_of(1)
            kept, valid = valid, change
            shop.feeds[-1].put(paid(2), paid(3))
            told = await hear(socket)
            assert (told["type"], [error["extensions"]["code"] for error in told["payload"]]) == ("error", [code])
            await asyncio.wait_for(shop.feeds[-1].closed.wait(), 5)
            valid = kept
    assert len(shop.known["shipping"].requests) == 2  # nothing was read for the events that were not sent


async def test_open_streams_are_counted() -> None:
    shop = Shop()
    async with listening(front_door(shop.engine)) as port, httpx.AsyncClient() as client:
        async with socket_to(port) as socket:
            await subscribe(socket)
            await until(lambda: bool(shop.feeds))
            assert "graphql_streams 1.0" in (await client.get(f"http://127.0.0.1:{port}/metrics")).text
        await asyncio.wait_for(shop.feeds[0].closed.wait(), 5)
        assert "graphql_streams 0.0" in (await client.get(f"http://127.0.0.1:{port}/metrics")).text


async def test_a_closing_server_ends_streams_instead_of_waiting_for_them() -> None:
    shop = Shop()
    door = front_door(shop.engine)
    config = uvicorn.Config(door, host="127.0.0.1", port=0, log_level="critical", timeout_graceful_shutdown=60)
    server = Server(config, door)
    task = asyncio.create_task(server.serve())
    await until_true(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient() as client, socket_to(port) as socket:
        body = client.build_request("POST", f"http://127.0.0.1:{port}/graphql", json={"query": PAID}, headers=EVENTS)
        stream = await client.send(body, stream=True)
        await subscribe(socket)
        await until(lambda: len(shop.feeds) == 2)
        server.should_exit = True
        async with asyncio.timeout(10):
            text = (await stream.aread()).decode()
            await task
            await socket.wait_closed()
    assert "SUBSCRIPTION_SERVER_CLOSING" in text
    assert text.endswith("event: complete\ndata:\n\n")
    assert socket.close_code == 1012  # clients come back by themselves


async def until_true(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.001)


async def test_a_generic_gateway_is_told_where_to_subscribe(tmp_path: Path) -> None:
    upstream = Upstream()
    async with listening(upstream.door) as below, wire(below) as between:
        sources = [SubgraphSource(name, f"http://127.0.0.1:{below}/graphql", LINK + sdl) for name, sdl in SDL.items()]
        file = tmp_path / "supergraph.graphql"
        file.write_text(compose(sources).sdl or "")
        name, url = named_url(f"orders=ws://127.0.0.1:{between.port}/graphql")
        async with listening(generic_gateway(file, subscriptions={name: url})) as port, socket_to(port) as socket:
            await subscribe(socket, "subscription { paid { total } }")
            (await upstream.feed()).put(paid(1))
            assert (await hear(socket))["payload"] == {"data": {"paid": {"total": 1}}}
    assert between.connections == 1


@pytest.mark.parametrize("text", ["orders", "=ws://a", "orders=", ""])
def test_an_argument_that_names_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text or "^$"):
        named_url(text)
