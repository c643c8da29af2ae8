"""Subscriptions to a subgraph by Server-Sent Events, and what a sick one does to them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from federation.errors import SubgraphError, SubgraphRefusal
from federation.execution.transport import HttpLimits, HttpTransport, RequestContext, SubgraphRequest, SubgraphResponse
from federation.execution.transport.connection import BadAnswer
from federation.execution.transport.event_stream import EventDecoder, ServerSentEvent
from tests.federation.execution.peer import Behaviour, Call, Peer, hanging, serving

QUERY = SubgraphRequest("subscription($shop: ID) { paid }", {"shop": "s1"}, None, "subscription")
CONTEXT = RequestContext({"authorization": "Bearer token", "cookie": "secret"})
LIMITS = HttpLimits(timeout=0.3, quiet=30, max_event=1_000)
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n"
COMPLETE = b"event: complete\ndata:\n\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def event(data: bytes) -> bytes:
    return b"event: next\ndata: %b\n\n" % data


def streaming(*pieces: bytes, then: Behaviour | None = None) -> Behaviour:
    async def behave(call: Call) -> None:
        await call.write(HEAD + b"".join(map(chunk, pieces)))
        if then is not None:
            await then(call)

    return behave


async def hang_up(call: Call) -> None:
    call.writer.close()


async def reset(call: Call) -> None:
    call.reset()


async def left(call: Call) -> None:
    """Wait until the client hangs up."""
    with suppress(ConnectionError):
        assert await asyncio.wait_for(call.reader.read(), 5) == b""
    call.writer.close()


async def closed(call: Call) -> None:
    async with asyncio.timeout(5):
        while not (call.reader.at_eof() or call.reader.exception() or call.writer.is_closing()):
            await asyncio.sleep(0.001)


@asynccontextmanager
async def connected(behave: Behaviour, limits: HttpLimits = LIMITS) -> AsyncIterator[tuple[Peer, HttpTransport]]:
    async with serving(behave) as peer:
        transport = HttpTransport("orders", peer.url, limits)
        try:
            yield peer, transport
        finally:
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


async def test_events_come_until_the_subgraph_is_done() -> None:
    pieces = [b":\n\n", event(b'{"data":{"paid":1}}'), event(b'{"data":null,"errors":[{"message":"x"}]}'), COMPLETE]
    async with connected(streaming(*pieces, then=left)) as (peer, transport):
        assert await events_of(transport) == (
            [SubgraphResponse({"paid": 1}), SubgraphResponse(None, [{"message": "x"}])],
            None,
        )
        (call,) = peer.calls
        await closed(call)
    assert call.body == b'{"query":"subscription($shop: ID) { paid }","variables":{"shop":"s1"}}'
    assert "accept: text/event-stream\r\n" in call.head
    assert "authorization: Bearer token\r\n" in call.head
    assert "secret" not in call.head


async def test_an_event_may_come_in_any_pieces() -> None:
    whole = b'\xef\xbb\xbf: hi\r\nevent: next\r\nid: 7\r\ndata: {"data":\r\ndata:{"paid":1}}\r\n\r\n' + COMPLETE
    pieces = [bytes([byte]) for byte in whole]
    async with connected(streaming(*pieces, then=left)) as (_, transport):
        assert await events_of(transport) == ([SubgraphResponse({"paid": 1})], None)


async def test_a_client_that_leaves_ends_the_subscription_there() -> None:
    async with connected(streaming(event(b'{"data":{"paid":1}}'), then=left)) as (peer, transport):
        events = transport.subscribe(QUERY, CONTEXT)
        assert await anext(events) == SubgraphResponse({"paid": 1})
        await events.aclose()
        await closed(peer.calls[0])


@pytest.mark.parametrize(
    ("end", "code", "message"),
    [
        pytest.param(hang_up, "SUBGRAPH_UNREACHABLE", "broke the subscription off", id="hung up"),
        pytest.param(reset, "SUBGRAPH_UNREACHABLE", "broke the subscription off", id="reset"),
        pytest.param(
            lambda call: call.write(b"0\r\n\r\n"), "SUBGRAPH_UNREACHABLE", "broke the subscription off", id="cut short"
        ),
        pytest.param(
            lambda call: call.write(b"zz\r\n"), "SUBGRAPH_BAD_ANSWER", "sent no valid HTTP", id="no HTTP any more"
        ),
        pytest.param(
            lambda call: call.write(chunk(event(b"{"))),
            "SUBGRAPH_BAD_ANSWER",
            "sent an event without a GraphQL result",
            id="no JSON",
        ),
        pytest.param(
            lambda call: call.write(chunk(event(b'{"data":[]}'))),
            "SUBGRAPH_BAD_ANSWER",
            "sent an event without a GraphQL result",
            id="no GraphQL",
        ),
        pytest.param(
            lambda call: call.write(chunk(b"data: " + b"x" * 1_000)),
            "SUBGRAPH_BAD_ANSWER",
            "sent an event over 1000 bytes",
            id="an endless line",
        ),
        pytest.param(
            lambda call: call.write(chunk(b"data: x\n" * 200)),
            "SUBGRAPH_BAD_ANSWER",
            "sent an event over 1000 bytes",
            id="endless lines",
        ),
    ],
)
async def test_a_stream_that_breaks_ends_with_a_code_after_what_came(
    end: Callable[[Call], Awaitable[None]], code: str, message: str
) -> None:
    async with connected(streaming(event(b'{"data":{"paid":1}}'), then=end)) as (peer, transport):
        found, error = await events_of(transport)
    assert found == [SubgraphResponse({"paid": 1})]
    assert error is not None
    assert error.rendered() == {
        "message": f"Subgraph orders {message}",
        "extensions": {"code": code, "service": "orders"},
    }
    assert len(peer.calls) == 1  # nobody subscribes anew behind the client's back


def answering(body: bytes, status: str = "200 OK") -> Behaviour:
    async def behave(call: Call) -> None:
        await call.answer(body, status=status)

    return behave


@pytest.mark.parametrize(
    ("behave", "code"),
    [
        pytest.param(hanging, "SUBGRAPH_TIMEOUT", id="hangs"),
        pytest.param(reset, "SUBGRAPH_UNREACHABLE", id="resets"),
        pytest.param(answering(b'{"data":{"paid":1}}'), "SUBGRAPH_BAD_ANSWER", id="answers as to a query"),
        pytest.param(answering(b"<html>", "404 Not Found"), "SUBGRAPH_BAD_ANSWER", id="is not there"),
        pytest.param(answering(b"", "503 Service Unavailable"), "SUBGRAPH_OVERLOADED", id="is busy"),
        pytest.param(lambda call: call.write(b"\x00\x01\r\n\r\n"), "SUBGRAPH_BAD_ANSWER", id="speaks no HTTP"),
        pytest.param(
            lambda call: call.write(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 100_000),
            "SUBGRAPH_BAD_ANSWER",
            id="endless head",
        ),
        pytest.param(
            lambda call: call.write(HEAD[:-2] + b"content-encoding: gzip\r\n\r\n"), "SUBGRAPH_BAD_ANSWER", id="packed"
        ),
        pytest.param(
            lambda call: call.write(b"HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n" + b"x" * 2_000),
            "SUBGRAPH_BAD_ANSWER",
            id="too much",
        ),
    ],
)
async def test_a_subgraph_that_opens_no_stream_is_a_coded_error(behave: Behaviour, code: str) -> None:
    async with connected(behave) as (peer, transport):
        found, error = await events_of(transport)
    assert (found, error and error.code, len(peer.calls)) == ([], code, 1)
    assert "127.0.0.1" not in str(error)


async def test_an_event_without_data_is_a_refusal() -> None:
    told = event(b'{"errors":[{"message":"no such shop","extensions":{"code":"NOT_FOUND"}}]}')
    async with connected(streaming(event(b'{"data":{"paid":1}}'), told, COMPLETE, then=left)) as (_, transport):
        found, error = await events_of(transport)
    assert found == [SubgraphResponse({"paid": 1})]
    assert isinstance(error, SubgraphRefusal)
    assert error.entries() == [{"message": "no such shop", "extensions": {"code": "NOT_FOUND", "service": "orders"}}]


async def test_the_reason_of_a_refusal_is_told() -> None:
    body = b'{"errors":[{"message":"no such shop","extensions":{"code":"NOT_FOUND","stack":"x"}},{"message":"two"}]}'
    async with connected(answering(body, "400 Bad Request")) as (_, transport):
        found, error = await events_of(transport)
    assert found == []
    assert isinstance(error, SubgraphRefusal)
    assert error.entries() == [
        {"message": "no such shop", "extensions": {"code": "NOT_FOUND", "service": "orders"}},
        {"message": "two", "extensions": {"code": "SUBGRAPH_ERROR", "service": "orders"}},
    ]


async def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        transport = HttpTransport("orders", f"http://127.0.0.1:{unused.getsockname()[1]}/graphql", LIMITS)
        found, error = await events_of(transport)
    assert (found, error and error.code) == ([], "SUBGRAPH_UNREACHABLE")


async def test_a_silent_stream_lives_as_long_as_its_subgraph_answers() -> None:
    probes: list[bytes] = []
    frozen = asyncio.Event()

    async def behave(call: Call) -> None:
        if b"paid" in call.body:
            await call.write(HEAD)
            return
        probes.append(call.body)
        if len(probes) == 3:
            await frozen.wait()
        await call.answer(b'{"data":{"__typename":"Query"}}')

    async with connected(behave, HttpLimits(timeout=0.2, quiet=0.05)) as (_, transport):
        found, error = await events_of(transport)
    assert (found, error and error.code, error and error.message) == (
        [],
        "SUBGRAPH_UNREACHABLE",
        "Subgraph orders no longer answers",
    )
    assert probes == [b'{"query":"{__typename}"}'] * 3


async def test_streams_that_do_not_open_open_the_circuit_and_then_nobody_is_asked() -> None:
    async with connected(hanging, HttpLimits(timeout=0.05, failures=2, probe_interval=60)) as (peer, transport):
        codes = [error.code for _, error in [await events_of(transport) for _ in range(3)] if error is not None]
        assert codes == ["SUBGRAPH_TIMEOUT", "SUBGRAPH_TIMEOUT", "SUBGRAPH_CIRCUIT_OPEN"]
        assert len(peer.calls) == 2


async def test_streams_that_break_off_do_not() -> None:
    async with connected(streaming(then=reset), HttpLimits(failures=2, probe_interval=60)) as (_, transport):
        codes = [error.code for _, error in [await events_of(transport) for _ in range(4)] if error is not None]
    assert codes == ["SUBGRAPH_UNREACHABLE"] * 4


async def test_a_stream_that_is_given_up_while_it_opens_leaves_no_connection() -> None:
    async with connected(hanging, HttpLimits(timeout=60)) as (peer, transport):
        waiting = asyncio.ensure_future(anext(transport.subscribe(QUERY, CONTEXT)))
        while not peer.calls:
            await asyncio.sleep(0.001)
        waiting.cancel()
        await asyncio.wait([waiting])
        await closed(peer.calls[0])


def test_an_address_is_one_of_http_or_of_websocket() -> None:
    for url in ("ftp://a", "orders"):
        with pytest.raises(ValueError, match="address"):
            HttpTransport("orders", "http://a/graphql", subscriptions=url)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([b"data: a\n\n"], [("message", b"a")]),
        ([b"data\n\n"], [("message", b"")]),
        ([b"event: next\n\n"], [("next", b"")]),
        ([b"\n\n\n"], []),
        ([b":comment\n\n:another\r\r"], []),
        ([b"data: a\rdata:b\r\r"], [("message", b"a\nb")]),
        ([b"data: a\r", b"\n", b"\r", b"\n"], [("message", b"a")]),
        ([b"data:  a: b \n\n"], [("message", b" a: b ")]),
        ([b"retry: 5\nid: 1\nevent: complete\ndata:\n\n"], [("complete", b"")]),
        ([b"event: next\nda", b"ta: {}\n", b"\ndata: x\n\n"], [("next", b"{}"), ("message", b"x")]),
        ([b"data: unfinished\n"], []),
        ([b"\xef\xbb", b"\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n"], [("message", b"a")]),
    ],
)
def test_the_format_of_event_streams(pieces: list[bytes], expected: list[tuple[str, bytes]]) -> None:
    decoder = EventDecoder(1_000)
    found = [event for piece in pieces for event in decoder.feed(piece)]
    assert found == [ServerSentEvent(*item) for item in expected]


def test_small_events_and_comments_have_no_end_and_large_ones_no_place() -> None:
    decoder = EventDecoder(100)
    for _ in range(100):
        assert list(decoder.feed(b": comment\n")) == []
    for _ in range(100):
        assert len(list(decoder.feed(b"data: small\n\n"))) == 1
    assert list(decoder.feed(b"data: " + b"x" * 94)) == []
    with pytest.raises(BadAnswer, match="over 100 bytes"):
        list(decoder.feed(b"x"))
