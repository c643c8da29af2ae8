"""Mutations through our gateway to a subgraph that fails in every way it can: none may be sent twice."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import httpx

from bench.results import Result, at_most
from federation.composition import SubgraphSource, compose
from tests.federation.execution.peer import Behaviour, Call, Peer, serving
from tests.support.servers import gateway

ASKED = 400
AT_ONCE = 20
SDL = "type Query { ok: Boolean } type Mutation { act(number: Int!): Boolean }"
CONFIG = "[subgraphs]\ntimeout = 0.2\nfailures = 1_000_000\n"


async def healthy(call: Call) -> None:
    await call.answer(b'{"data":{"act":true}}')


async def reset(call: Call) -> None:
    call.reset()


async def cut_short(call: Call) -> None:
    await call.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{")
    call.reset()


async def stuck(call: Call) -> None:
    await asyncio.sleep(0.5)


async def answered_and_gone(call: Call) -> None:
    """The connection looks alive to who uses it next."""
    await healthy(call)
    call.writer.close()


WAYS: tuple[Behaviour, ...] = (healthy, reset, healthy, cut_short, answered_and_gone, healthy, stuck)


def repeated_mutations() -> list[Result]:
    """How many mutations reached such a subgraph more than once, and how many at all."""
    return asyncio.run(_measured())


async def _measured() -> list[Result]:
    ways = cycle(WAYS)

    async def failing(call: Call) -> None:
        await next(ways)(call)

    async with serving(failing) as peer:
        with _in_front_of(peer) as address:
            await _ask(address)
        received = Counter(json.loads(call.body)["variables"]["number"] for call in peer.calls)
    assert len(received) > ASKED // 2
    return [
        at_most("Failing subgraph: mutations that it got twice", sum(times > 1 for times in received.values()), "", 0),
        Result("Failing subgraph: mutations that it got", len(received), ""),
    ]


@contextmanager
def _in_front_of(peer: Peer) -> Iterator[str]:
    """The address of a gateway with this one subgraph."""
    with tempfile.TemporaryDirectory() as folder:
        supergraph, config = Path(folder) / "supergraph.graphql", Path(folder) / "gateway.toml"
        supergraph.write_text(compose([SubgraphSource("failing", peer.url, SDL)]).sdl or "", "utf-8")
        config.write_text(CONFIG, "utf-8")
        with gateway({}, "--supergraph", str(supergraph), "--config", str(config)) as (address, _):
            yield address


async def _ask(address: str) -> None:
    """All mutations, each with a number of its own."""
    room = asyncio.Semaphore(AT_ONCE)
    query = "mutation($number: Int!) { act(number: $number) }"

    async def one(client: httpx.AsyncClient, number: int) -> None:
        async with room:
            await client.post("/graphql", json={"query": query, "variables": {"number": number}})

    async with httpx.AsyncClient(base_url=address, timeout=30) as client:
        await asyncio.gather(*(one(client, number) for number in range(ASKED)))
