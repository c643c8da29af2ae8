"""Subscriptions with both ends from npm: clients graphql-ws and graphql-sse before us, their servers behind us."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from federation.admission import Grants
from federation.engine import Engine
from federation.errors import SubgraphError
from federation.execution.transport import (
    HttpTransport,
    InProcessTransport,
    RequestContext,
    SubgraphRequest,
    SubgraphResponse,
)
from gateway import Identity, front_door
from kit.graphql_http import HTTPRefusal
from tests.federation.execution.feeds import Feed, Shop, composed, paid, refusal, shown
from tests.support.listening import listening

HERE = Path(__file__).parent
ORDERS = """
    type Query { total(n: Int): Int }
    type Mutation { pay: Boolean }
    type Subscription { paid(forever: Boolean): Order  lost: Order }
    type Order @key(fields: "id") { id: ID! total: Int }
"""

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
    pytest.mark.skipif(not (HERE / "node_modules" / "graphql-ws").is_dir(), reason="npm install was not run"),
]


async def answer(request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
    return SubgraphResponse({"pay": True} if request.operation == "mutation" else {"total": request.variables["n"]})


async def identify(headers: Mapping[str, str]) -> Identity:
    if headers.get("authorization") != "Bearer good":
        raise HTTPRefusal(401, "UNAUTHENTICATED", "The token is not ours")
    return Identity(Grants(authenticated=True))


async def test_clients_from_npm_subscribe_to_us() -> None:
    feeds: list[Feed] = []

    async def subscribe(request: SubgraphRequest, context: RequestContext) -> Feed:
        feed = Feed()
        feeds.append(feed)
        if "lost" in request.query:
            feed.put(SubgraphError("SUBGRAPH_UNREACHABLE", "Subgraph orders broke the subscription off", "orders"))
        elif "forever" in request.query:
            feed.put(paid(1))
        else:
            feed.put(paid(1), paid(2), paid(3), None)
        return feed

    shop = Shop()
    orders = InProcessTransport("orders", answer, subscribe)
    engine = Engine(composed(orders=ORDERS), {**shop.transports, "orders": orders})
    async with listening(front_door(engine, identify=identify)) as port:
        node = await asyncio.create_subprocess_exec(
            "node", "subscribers.mjs", f"127.0.0.1:{port}", cwd=HERE, stdout=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(30):
            printed, _ = await node.communicate()
            for feed in feeds:
                await feed.closed.wait()
    seen = json.loads(printed)
    events = [shown(number) for number in (1, 2, 3)]
    lost = [
        {
            "message": "Subgraph orders broke the subscription off",
            "extensions": {"code": "SUBGRAPH_UNREACHABLE", "service": "orders"},
        }
    ]
    invalid = seen["ws invalid"][0]["thrown"]
    assert [error["extensions"]["code"] for error in invalid] == ["GRAPHQL_VALIDATION_FAILED"]
    for name in ("ws", "sse"):
        assert seen[f"{name} events"] == events
        assert seen[f"{name} query"] == [{"data": {"total": 7}}]
        assert seen[f"{name} mutation"] == [{"data": {"pay": True}}]
        assert seen[f"{name} left"] == {"data": {"paid": {"total": 1}}}
        assert seen[f"{name} at once"] == [3, 3, 3]
    assert (seen["ws lost"], seen["sse lost"]) == ([{"thrown": lost}], [{"errors": lost}])
    assert seen["sse invalid"] == [{"errors": invalid}]
    assert (seen["ws forbidden"], seen["sse forbidden"]) == ([{"thrown": 4403}], [{"thrown": 401}])


@asynccontextmanager
async def publishing() -> AsyncIterator[tuple[str, asyncio.StreamReader]]:
    """The host of a subgraph from npm, and what it prints."""
    node = await asyncio.create_subprocess_exec("node", "publishers.mjs", cwd=HERE, stdout=asyncio.subprocess.PIPE)
    assert node.stdout is not None
    try:
        port = int(await asyncio.wait_for(node.stdout.readline(), 30))
        yield f"127.0.0.1:{port}", node.stdout
    finally:
        node.kill()
        await node.wait()


@pytest.mark.parametrize(("scheme", "path"), [("ws", "ws"), ("http", "sse")])
async def test_we_subscribe_to_servers_from_npm(scheme: str, path: str) -> None:
    async with publishing() as (host, printed), asyncio.timeout(30):
        orders = HttpTransport("orders", f"http://{host}/sse", subscriptions=f"{scheme}://{host}/{path}")
        shop = Shop(orders=orders)
        done: list[Any] = await shop.stream().rest()
        assert [response.body() for response in done] == [shown(1), shown(2)]
        assert await printed.readline() == b"ended\n"
        (refused,) = await shop.stream('subscription { paid(shop: "none") { total } }').rest()
        executed, codes = refusal(refused)
        assert (executed, codes, refused.errors[0]["message"]) == (False, ["SUBGRAPH_ERROR"], "no such shop")
        leaving = shop.stream("subscription { log { id } }")
        for _ in range(3):
            assert (await leaving.next()).data == {"log": []}
        await leaving.leave()
        assert await printed.readline() == b"left\n"
