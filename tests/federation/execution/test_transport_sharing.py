"""Identical reads share a call; what is not identical, and what writes, never does."""

from __future__ import annotations

import asyncio
import time

import pytest

from federation.errors import SubgraphError
from federation.execution.transport import HttpLimits, HttpTransport, RequestContext, SubgraphRequest
from tests.federation.execution.peer import Call, hanging, healthy, serving
from tests.federation.execution.test_transport_faults import connected, failure, until

QUERY = SubgraphRequest("{ ok }", {})


class Gate:
    """Answers every call once it is opened, with what the caller's header said."""

    def __init__(self) -> None:
        self.open = asyncio.Event()

    async def __call__(self, call: Call) -> None:
        await self.open.wait()
        who = next((line[15:] for line in call.head.split("\r\n") if line.startswith("authorization:")), "guest")
        await call.answer(b'{"data":{"who":["%b"]}}' % who.encode())


async def test_identical_queries_share_one_call_and_get_answers_of_their_own() -> None:
    gate = Gate()
    async with connected(gate, HttpLimits(timeout=5)) as (peer, transport):
        calls = [asyncio.create_task(transport.send(QUERY, RequestContext())) for _ in range(500)]
        await until(lambda: len(peer.calls) == 1)
        gate.open.set()
        answers = await asyncio.gather(*calls)
        assert len(peer.calls) == 1
        assert {str(answer.data) for answer in answers} == {"{'who': ['guest']}"}
        assert len({id(answer.data) for answer in answers}) == 500


async def test_viewers_never_share() -> None:
    gate = Gate()
    async with connected(gate, HttpLimits(timeout=5)) as (peer, transport):
        contexts = [RequestContext({"authorization": f"token-{number}"}) for number in range(20)] * 2
        calls = [asyncio.create_task(transport.send(QUERY, context)) for context in contexts]
        await until(lambda: len(peer.calls) == 20)
        gate.open.set()
        answers = [(await call).data for call in calls]
        assert len(peer.calls) == 20
        assert answers == [{"who": [f"token-{number}"]} for number in range(20)] * 2


async def test_traces_apart_share_and_the_first_is_told() -> None:
    gate = Gate()
    async with connected(gate, HttpLimits(timeout=5)) as (peer, transport):
        contexts = [RequestContext({"traceparent": f"00-{number}-01"}) for number in range(3)]
        calls = [asyncio.create_task(transport.send(QUERY, context)) for context in contexts]
        await until(lambda: len(peer.calls) == 1)
        gate.open.set()
        await asyncio.gather(*calls)
        assert len(peer.calls) == 1
        assert "traceparent: 00-0-01\r\n" in peer.calls[0].head


@pytest.mark.parametrize(
    "other",
    [
        SubgraphRequest("{ ok }", {"first": 1}),
        SubgraphRequest("{ ok ok }", {}),
        SubgraphRequest("{ ok }", {}, operation_name="Other"),
    ],
)
async def test_other_text_name_or_variables_do_not_share(other: SubgraphRequest) -> None:
    gate = Gate()
    async with connected(gate, HttpLimits(timeout=5)) as (peer, transport):
        calls = [asyncio.create_task(transport.send(request, RequestContext())) for request in (QUERY, other)]
        await until(lambda: len(peer.calls) == 2)
        gate.open.set()
        await asyncio.gather(*calls)


async def test_mutations_never_share() -> None:
    gate = Gate()
    mutation = SubgraphRequest("mutation { pay }", {}, operation="mutation")
    async with connected(gate, HttpLimits(timeout=5)) as (peer, transport):
        calls = [asyncio.create_task(transport.send(mutation, RequestContext())) for _ in range(3)]
        await until(lambda: len(peer.calls) == 3)
        gate.open.set()
        await asyncio.gather(*calls)


async def test_a_later_query_is_asked_anew() -> None:
    async with connected(healthy) as (peer, transport):
        await transport.send(QUERY, RequestContext())
        await transport.send(QUERY, RequestContext())
        assert (len(peer.calls), peer.connections) == (2, 1)


async def test_an_asker_that_leaves_takes_nobody_with_it() -> None:
    gate = Gate()
    async with connected(gate, HttpLimits(timeout=5)) as (peer, transport):
        first = asyncio.create_task(transport.send(QUERY, RequestContext()))
        await until(lambda: len(peer.calls) == 1)
        others = [asyncio.create_task(transport.send(QUERY, RequestContext())) for _ in range(3)]
        await asyncio.sleep(0)
        first.cancel()
        await until(lambda: len(peer.calls) == 2)
        gate.open.set()
        assert [(await other).data for other in others] == [{"who": ["guest"]}] * 3
        assert first.cancelled()
        assert len(peer.calls) == 2


async def test_one_who_waits_and_leaves_harms_nobody() -> None:
    gate = Gate()
    async with connected(gate, HttpLimits(timeout=5)) as (peer, transport):
        first = asyncio.create_task(transport.send(QUERY, RequestContext()))
        second = asyncio.create_task(transport.send(QUERY, RequestContext()))
        await until(lambda: len(peer.calls) == 1)
        second.cancel()
        gate.open.set()
        assert (await first).data == {"who": ["guest"]}
        with pytest.raises(asyncio.CancelledError):
            await second


async def test_a_short_deadline_of_one_is_not_the_others() -> None:
    gate = Gate()
    async with connected(gate, HttpLimits(timeout=5)) as (_, transport):
        hurried = asyncio.create_task(transport.send(QUERY, RequestContext(deadline=time.monotonic() + 0.05)))
        patient = asyncio.create_task(transport.send(QUERY, RequestContext()))
        with pytest.raises(SubgraphError, match="SUBGRAPH_TIMEOUT"):
            await hurried
        gate.open.set()
        assert (await patient).data == {"who": ["guest"]}


async def test_all_who_share_a_failure_get_its_code() -> None:
    async with connected(hanging) as (peer, transport):
        errors = await asyncio.gather(*(failure(transport, QUERY) for _ in range(10)))
        assert {error.code for error in errors} == {"SUBGRAPH_TIMEOUT"}
        assert len(peer.calls) == 1


async def test_only_listed_headers_are_forwarded_and_none_can_break_the_line() -> None:
    async with serving(healthy) as peer:
        limits = HttpLimits(forward=frozenset({"authorization", "x-shop"}))
        transport = HttpTransport("orders", peer.url, limits, headers={"x-gateway": "jishi"})
        headers = {"authorization": "Bearer a", "cookie": "secret", "x-shop": "1\r\nx-admin: 1"}
        await transport.send(SubgraphRequest("{ ok }", {"a": ["集"]}, "Named"), RequestContext(headers))
        await transport.aclose()
    assert peer.calls[0].head == (
        "POST /graphql HTTP/1.1\r\n"
        f"host: 127.0.0.1:{peer.port}\r\n"
        "content-type: application/json\r\n"
        "accept: application/graphql-response+json, application/json;q=0.9\r\n"
        "x-gateway: jishi\r\n"
        "authorization: Bearer a\r\n"
        f"content-length: {len(peer.calls[0].body)}\r\n\r\n"
    )
    assert peer.calls[0].body.decode() == '{"query":"{ ok }","operationName":"Named","variables":{"a":["集"]}}'
