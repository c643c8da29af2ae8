"""What a sick subgraph does to its callers: one coded error, in time, and never a second mutation."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from federation.errors import SubgraphError
from federation.execution.transport import HttpLimits, HttpTransport, RequestContext, SubgraphRequest
from tests.federation.execution.peer import Behaviour, Call, Peer, hanging, healthy, serving

QUERY = SubgraphRequest("{ ok }", {})
MUTATION = SubgraphRequest("mutation { pay }", {}, operation="mutation")
CONTEXT = RequestContext()


@asynccontextmanager
async def connected(behave: Behaviour, limits: HttpLimits | None = None) -> AsyncIterator[tuple[Peer, HttpTransport]]:
    async with serving(behave) as peer:
        transport = HttpTransport("orders", peer.url, limits or HttpLimits(timeout=0.2))
        try:
            yield peer, transport
        finally:
            await transport.aclose()


async def failure(
    transport: HttpTransport, request: SubgraphRequest, context: RequestContext = CONTEXT
) -> SubgraphError:
    """The error that a call ends with; one that ends too late is none."""
    with pytest.raises(SubgraphError) as caught:
        async with asyncio.timeout(5):
            await transport.send(request, context)
    return caught.value


def once(fault: Behaviour) -> Behaviour:
    """The fault at the first call, health afterwards."""
    calls = iter([fault])

    async def behave(call: Call) -> None:
        await next(calls, healthy)(call)

    return behave


async def reset(call: Call) -> None:
    call.reset()


def raw(answer: bytes, *, close: bool = True) -> Behaviour:
    async def behave(call: Call) -> None:
        await call.write(answer)
        if close:
            call.writer.close()

    return behave


async def test_a_hanging_subgraph_times_out_and_is_asked_once() -> None:
    async with connected(hanging) as (peer, transport):
        error = await failure(transport, QUERY)
        assert error.rendered() == {
            "message": "Subgraph orders did not answer within 0.2 s",
            "extensions": {"code": "SUBGRAPH_TIMEOUT", "service": "orders"},
        }
        assert len(peer.calls) == 1


async def test_a_query_survives_one_reset_connection() -> None:
    async with connected(once(reset)) as (peer, transport):
        assert (await transport.send(QUERY, CONTEXT)).data == {"ok": True}
        assert len(peer.calls) == 2


async def test_a_query_is_sent_twice_at_most() -> None:
    async with connected(reset) as (peer, transport):
        assert (await failure(transport, QUERY)).code == "SUBGRAPH_UNREACHABLE"
        assert len(peer.calls) == 2


async def test_a_mutation_is_sent_once_though_the_connection_is_reset() -> None:
    async with connected(reset) as (peer, transport):
        assert (await failure(transport, MUTATION)).code == "SUBGRAPH_UNREACHABLE"
        assert len(peer.calls) == 1


async def test_a_mutation_is_sent_once_though_it_times_out() -> None:
    async with connected(hanging) as (peer, transport):
        assert (await failure(transport, MUTATION)).code == "SUBGRAPH_TIMEOUT"
        assert len(peer.calls) == 1


async def test_a_mutation_does_not_ride_on_a_connection_that_idled(monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(healthy) as (peer, transport):
        await transport.send(QUERY, CONTEXT)
        await transport.send(MUTATION, CONTEXT)
        assert peer.connections == 1
        monkeypatch.setattr("federation.execution.transport.pool.STALE_SECONDS", -1.0)
        await transport.send(MUTATION, CONTEXT)
        assert peer.connections == 2


async def test_an_answer_that_began_is_not_asked_for_again() -> None:
    truncated = raw(b'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"data":')
    async with connected(truncated) as (peer, transport):
        error = await failure(transport, QUERY)
        assert (error.code, error.message) == ("SUBGRAPH_BAD_ANSWER", "Subgraph orders answered a truncated answer")
        assert len(peer.calls) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"\x00\x01garbage\r\n\r\n", id="no HTTP"),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n<p>hi</p>", id="no JSON"),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnull", id="no object"),
        pytest.param(b'HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n{"a":1}', id="no result"),
        pytest.param(b'HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{"data":[]}', id="data is a list"),
        pytest.param(b'HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n{"errors":[1]}', id="errors are numbers"),
        pytest.param(b"HTTP/1.1 500 Oops\r\ncontent-length: 5\r\n\r\ntrace", id="500"),
        pytest.param(b"HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1/\r\ncontent-length: 0\r\n\r\n", id="redirect"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 11\r\n\r\n" + b'{"data":{}}', id="encoded"
        ),
        pytest.param(b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", id="upgrade"),
    ],
)
async def test_what_is_no_graphql_result_is_a_bad_answer(answer: bytes) -> None:
    async with connected(raw(answer)) as (peer, transport):
        error = await failure(transport, QUERY)
        assert error.code == "SUBGRAPH_BAD_ANSWER"
        assert str(peer.port) not in str(error.rendered())
        assert "10.0.0.1" not in str(error.rendered())
        assert len(peer.calls) == 1


async def test_an_answer_over_the_cap_is_cut_off() -> None:
    async def endless(call: Call) -> None:
        await call.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while not call.writer.is_closing():
            await call.write(b"400\r\n" + b" " * 1024 + b"\r\n")

    async with connected(endless, HttpLimits(timeout=2, max_body=10_000)) as (_, transport):
        error = await failure(transport, QUERY)
        assert (error.code, error.message) == ("SUBGRAPH_BAD_ANSWER", "Subgraph orders answered over 10000 bytes")


async def test_a_busy_subgraph_is_overloaded_not_broken() -> None:
    async def busy(call: Call) -> None:
        await call.answer(b"", status="503 Busy")

    async with connected(busy) as (_, transport):
        assert (await failure(transport, QUERY)).code == "SUBGRAPH_OVERLOADED"


async def test_a_killed_subgraph_is_unreachable_and_its_address_stays_secret() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        transport = HttpTransport("orders", f"http://127.0.0.1:{port}/graphql")
        error = await failure(transport, QUERY)
    assert error.rendered() == {
        "message": "Subgraph orders cannot be reached",
        "extensions": {"code": "SUBGRAPH_UNREACHABLE", "service": "orders"},
    }
    await transport.aclose()


async def test_a_body_without_length_ends_with_the_connection() -> None:
    async with connected(raw(b'HTTP/1.1 200 OK\r\n\r\n{"data":{"ok":1}}')) as (peer, transport):
        assert (await transport.send(QUERY, CONTEXT)).data == {"ok": 1}
        await transport.send(QUERY, CONTEXT)
        assert peer.connections == 2


async def test_bytes_that_nobody_asked_for_poison_the_connection() -> None:
    two = b'HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{"data":{"ok":1}}'
    stolen = b'HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{"data":{"ok":2}}'
    async with connected(once(raw(two + stolen, close=False))) as (peer, transport):
        assert (await transport.send(QUERY, CONTEXT)).data == {"ok": 1}
        assert (await transport.send(QUERY, CONTEXT)).data == {"ok": True}
        assert peer.connections == 2


async def test_an_interim_answer_is_not_the_answer() -> None:
    interim = b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
    answer = b'HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{"data":{"ok":1}}'
    async with connected(raw(interim + answer, close=False)) as (peer, transport):
        assert (await transport.send(QUERY, CONTEXT)).data == {"ok": 1}
        assert (await transport.send(QUERY, CONTEXT)).data == {"ok": 1}
        assert peer.connections == 1


async def test_the_deadline_of_the_request_ends_a_call() -> None:
    async with connected(hanging, HttpLimits(timeout=30)) as (peer, transport):
        error = await failure(transport, QUERY, RequestContext(deadline=time.monotonic() + 0.05))
        assert error.code == "SUBGRAPH_TIMEOUT"
        assert len(peer.calls) == 1


async def test_nothing_is_sent_after_the_deadline() -> None:
    async with connected(healthy) as (peer, transport):
        error = await failure(transport, MUTATION, RequestContext(deadline=time.monotonic() - 1))
        assert error.code == "SUBGRAPH_TIMEOUT"
        assert peer.calls == []


async def test_no_more_calls_are_under_way_than_allowed_and_the_rest_wait_in_a_bounded_queue() -> None:
    release = asyncio.Event()
    most = under_way = 0

    async def counted(call: Call) -> None:
        nonlocal most, under_way
        under_way += 1
        most = max(most, under_way)
        await release.wait()
        under_way -= 1
        await healthy(call)

    async with connected(counted, HttpLimits(timeout=5, connections=2, queue=3)) as (peer, transport):
        calls = [asyncio.create_task(transport.send(MUTATION, CONTEXT)) for _ in range(5)]
        await until(lambda: len(peer.calls) == 2)
        assert (await failure(transport, MUTATION)).code == "SUBGRAPH_OVERLOADED"
        release.set()
        answers = await asyncio.gather(*calls)
        assert ([answer.data for answer in answers], most, peer.connections) == ([{"ok": True}] * 5, 2, 2)


async def test_a_waiting_call_that_gives_up_frees_its_place() -> None:
    async with connected(once(hanging), HttpLimits(timeout=0.2, connections=1, queue=1)) as (peer, transport):
        stuck = asyncio.create_task(transport.send(MUTATION, CONTEXT))
        await until(lambda: len(peer.calls) == 1)
        early = RequestContext(deadline=time.monotonic() + 0.02)
        assert (await failure(transport, MUTATION, early)).code == "SUBGRAPH_TIMEOUT"
        with pytest.raises(SubgraphError):
            await stuck
        assert (await transport.send(MUTATION, CONTEXT)).data == {"ok": True}


async def test_calls_that_time_out_while_they_wait_free_their_places() -> None:
    limits = HttpLimits(timeout=0.02, connections=1, queue=5, failures=1_000)
    async with connected(hanging, limits) as (peer, transport):
        for _ in range(25):
            errors = await asyncio.gather(*(failure(transport, MUTATION) for _ in range(6)))
            assert [error.code for error in errors] == ["SUBGRAPH_TIMEOUT"] * 6
        peer.behave = healthy
        assert any([await answered(transport) for _ in range(20)])


async def answered(transport: HttpTransport) -> bool:
    try:
        return (await transport.send(MUTATION, CONTEXT)).data == {"ok": True}
    except SubgraphError:
        return False


async def until(holds: Callable[[], bool | Awaitable[bool]]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.005)
