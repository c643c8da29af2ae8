"""A mall whose orders can be subscribed to, and feeds of events that a test gives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from federation.admission import GraphQLRequest
from federation.composition import SubgraphSource, compose
from federation.engine import Engine, GraphQLResponse, Options
from federation.execution.transport import (
    InProcessTransport,
    RequestContext,
    SubgraphRequest,
    SubgraphResponse,
    Transport,
)
from federation.supergraph import Supergraph
from tests.federation.small_mall import LINK
from tests.federation.testkit import subgraphs_of

SDL = {
    "orders": """
        type Query { orders: [Order] }
        type Mutation { pay: Order }
        type Subscription { paid(shop: ID): Order  log(lines: Int! = 50): [Order] }
        type Order @key(fields: "id") { id: ID! total: Int }
    """,
    "shipping": """
        type Order @key(fields: "id") { id: ID! parcel: String }
    """,
}
ROWS = [{"__typename": "Order", "id": f"o{number}", "total": number, "parcel": f"p{number}"} for number in range(300)]
PAID = "subscription { paid { total parcel } }"


def composed(**changed: str) -> Supergraph:
    """The supergraph; a subgraph may be given another SDL."""
    sdls = {**SDL, **changed}
    found = compose([SubgraphSource(name, f"http://{name}", LINK + sdl) for name, sdl in sdls.items()])
    assert found.sdl is not None, found.errors
    return Supergraph.parse(found.sdl)


SUPERGRAPH = composed()


def paid(number: int) -> SubgraphResponse:
    """The event that order `number` is paid, as orders sends it."""
    return SubgraphResponse({"paid": {"__typename": "Order", "total": number, "id": f"o{number}"}})


def shown(number: int) -> dict[str, Any]:
    """What a client gets of it."""
    return {"data": {"paid": {"total": number, "parcel": f"p{number}"}}}


class Feed:
    """The upstream of one subscription. `put` an event, an exception, or None for the end."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()
        self._items: asyncio.Queue[SubgraphResponse | Exception | None] = asyncio.Queue()

    def put(self, *items: SubgraphResponse | Exception | None) -> None:
        for item in items:
            self._items.put_nowait(item)

    def __aiter__(self) -> Feed:
        return self

    async def __anext__(self) -> SubgraphResponse:
        item = await self._items.get()
        if item is None:
            raise StopAsyncIteration
        if isinstance(item, Exception):
            raise item
        return item

    async def aclose(self) -> None:
        self.closed.set()


class Shop:
    """An engine over orders, whose feeds a test fills, and shipping."""

    def __init__(self, options: Options | None = None, **replaced: Transport) -> None:
        self.feeds: list[Feed] = []
        self.asked: list[SubgraphRequest] = []
        self.contexts: list[RequestContext] = []
        self.known = subgraphs_of(SDL, ROWS)
        self.transports: dict[str, Transport] = {
            "orders": InProcessTransport("orders", self.known["orders"].send, self.subscribe),
            "shipping": InProcessTransport("shipping", self.shipping),
            **replaced,
        }
        self.engine = Engine(SUPERGRAPH, self.transports, options)

    async def subscribe(self, request: SubgraphRequest, context: RequestContext) -> Feed:
        self.asked.append(request)
        self.feeds.append(Feed())
        return self.feeds[-1]

    async def shipping(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        self.contexts.append(context)
        return await self.known["shipping"].send(request, context)

    def stream(self, query: str = PAID, **options: Any) -> Stream:
        return Stream(self.engine, query, **options)

    async def opened(self, query: str = PAID, **options: Any) -> tuple[Stream, Feed]:
        """A stream that waits for its first event, and the feed that it waits for."""
        stream = self.stream(query, **options)
        stream.start()
        count = len(self.feeds)
        await until(lambda: len(self.feeds) > count)
        return stream, self.feeds[-1]


class Stream:
    """A client's view of a subscription."""

    def __init__(self, engine: Engine, query: str, **options: Any) -> None:
        self.answers = engine.subscribe(GraphQLRequest(query), **options)
        self._first: asyncio.Future[GraphQLResponse] | None = None

    def start(self) -> None:
        self._first = asyncio.ensure_future(anext(self.answers))

    async def next(self) -> GraphQLResponse:
        first, self._first = self._first, None
        return await (first or anext(self.answers))

    async def rest(self) -> list[GraphQLResponse]:
        found = []
        with suppress(StopAsyncIteration):
            while True:
                found.append(await self.next())
        return found

    async def leave(self) -> None:
        if self._first is not None:
            self._first.cancel()
            await asyncio.wait([self._first])
        await self.answers.aclose()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0)


def refusal(response: GraphQLResponse) -> tuple[bool, list[str]]:
    """Whether data came, and the codes of the errors."""
    return response.executed, [error["extensions"]["code"] for error in response.errors]
