"""A subgraph, as a process of its own, freezes, thaws and dies: nothing else suffers, no mutation goes out twice."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx

from federation.execution.transport import HttpLimits
from kit.contexts import HEADER, ContextWriter
from kit.processes import own_key
from kit.settings import Settings
from models.members.news import MembersOutbox
from subgraphs.speaking import Speaking
from tests.federation.execution.peer import Call, serving
from tests.support.mall import Mall, embedded_mall, nodes, persona
from tests.support.moments import NOON
from tests.support.servers import environment_of, services

LIMITS = HttpLimits(timeout=0.5, failures=3, probe_interval=0.05)
SHOPS = "{ shops(first: 3) { edges { node { name } } } }"
BOTH = "{ shops(first: 3) { edges { node { name } } } notes(first: %d) { edges { node { title } } } }"
JSON = {"content-type": "application/json"}
VIEWING = "mutation($id: ID!) { recordViewing(input: { productId: $id }) { errors { __typename } } }"


@asynccontextmanager
async def sick(name: str, settings: Settings) -> AsyncIterator[tuple[Mall, subprocess.Popen[bytes], str, list[str]]]:
    """The mall with one subgraph as a process: the process, its address, and what came of each call to it."""
    outcomes: list[str] = []
    environment = {**environment_of(settings), "JISHI_CLOCK": NOON.isoformat()}
    with services(environment, [name]) as started:
        service = started[name]
        writer = ContextWriter("gateway", own_key(settings.process_keys, "gateway"))
        way = Speaking(name, service.url, writer, LIMITS, observe=lambda _, outcome, __: outcomes.append(outcome))
        yield embedded_mall({name: way}), service.process, service.url, outcomes
        await way.aclose()


@contextmanager
def frozen(process: subprocess.Popen[bytes]) -> Iterator[None]:
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in answer["errors"]]


def failure(code: str, message: str) -> list[dict[str, Any]]:
    return [{"message": message, "path": ["notes"], "extensions": {"code": code, "service": "content"}}]


async def test_a_frozen_subgraph_takes_only_its_own_part_and_comes_back(tiny_mall: Settings, noon: None) -> None:
    async with sick("content", tiny_mall) as (mall, content, _, outcomes):
        well = await mall.ask(BOTH % 1)
        assert "errors" not in well
        assert len(nodes(well, "notes")) == 1
        shops = await mall.ask(SHOPS)
        assert shops["data"]["shops"] == well["data"]["shops"]
        outcomes.clear()
        done: list[str] = []

        async def asked(query: str, name: str) -> dict[str, Any]:
            answer = await mall.ask(query)
            done.append(name)
            return answer

        with frozen(content):
            queries = [asked(BOTH % number, "touches it") for number in (1, 2, 3)]
            *touched, untouched = await asyncio.gather(*queries, asked(SHOPS, "does not"))
            assert done == ["does not", *["touches it"] * 3]
            assert untouched == shops
            timeout = failure("SUBGRAPH_TIMEOUT", "Subgraph content did not answer within 0.5 s")
            assert touched == [{"errors": timeout, "data": {"shops": well["data"]["shops"], "notes": None}}] * 3
            assert outcomes == ["SUBGRAPH_TIMEOUT"] * 3
            refused = await mall.ask(BOTH % 4)
            away = failure("SUBGRAPH_CIRCUIT_OPEN", "Subgraph content is not asked while it fails")
            assert refused == {"errors": away, "data": {"shops": well["data"]["shops"], "notes": None}}
            assert outcomes == ["SUBGRAPH_TIMEOUT"] * 3  # it was not asked
        async with asyncio.timeout(20):
            while await mall.ask(BOTH % 1) != well:
                await asyncio.sleep(0.02)


async def test_a_killed_subgraph_leaves_data_and_coded_errors(tiny_mall: Settings, noon: None) -> None:
    async with sick("content", tiny_mall) as (mall, content, *_):
        well = await mall.ask(BOTH % 1)
        content.kill()
        content.wait()
        answer = await mall.ask(BOTH % 1)
        gone = failure("SUBGRAPH_UNREACHABLE", "Subgraph content cannot be reached")
        assert answer == {"errors": gone, "data": {"shops": well["data"]["shops"], "notes": None}}
        assert await mall.ask(SHOPS) == {"data": {"shops": well["data"]["shops"]}}


async def test_a_mutation_is_sent_once_though_its_answer_is_late_or_lost(tiny_mall: Settings, noon: None) -> None:
    buyer = persona(tiny_mall, "buyer")
    async with sick("members", tiny_mall) as (mall, members, url, outcomes):
        writer = ContextWriter("gateway", own_key(tiny_mall.process_keys, "gateway"))
        (product,) = nodes(await mall.ask("{ products(first: 1) { edges { node { id } } } }"), "products")

        async def view(through: Mall) -> dict[str, Any]:
            return await through.ask(VIEWING, buyer, {"id": product["id"]})

        assert await view(mall) == {"data": {"recordViewing": {"errors": []}}}
        with frozen(members):
            assert codes(await view(mall)) == ["SUBGRAPH_TIMEOUT"]
        assert outcomes == ["ok", "SUBGRAPH_TIMEOUT"]

        async def lose_the_answer(call: Call) -> None:
            async with httpx.AsyncClient() as client:
                await client.post(url, content=call.body, headers={**JSON, HEADER: writer.write(buyer, "members")})
            call.reset()

        await view(mall)  # the process is awake again, and has done what came before
        before = await MembersOutbox.all().count()
        async with serving(lose_the_answer) as peer:
            assert codes(await view(embedded_mall({"members": Speaking("members", peer.url, writer, LIMITS)}))) == [
                "SUBGRAPH_UNREACHABLE"
            ]
            assert len(peer.calls) == 1
        assert await MembersOutbox.all().count() == before + 1
