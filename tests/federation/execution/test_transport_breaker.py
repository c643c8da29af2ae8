"""The circuit opens after repeated failure, costs callers nothing while open, and closes by a probe of our own."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from federation.execution.transport import HttpLimits, HttpTransport, RequestContext, SubgraphRequest
from tests.federation.execution.peer import Call, hanging, healthy
from tests.federation.execution.test_transport_faults import connected, failure, raw, until

QUERY = SubgraphRequest("{ ok }", {})
LIMITS = HttpLimits(timeout=0.05, failures=3, probe_interval=0.02)
SERVER = """
import asyncio, sys
async def serve(reader, writer):
    while not reader.at_eof():
        head = (await reader.readuntil(b"\\r\\n\\r\\n")).decode()
        await reader.readexactly(int(head.split("content-length: ")[1].split("\\r\\n")[0]))
        writer.write(b'HTTP/1.1 200 OK\\r\\ncontent-length: 20\\r\\n\\r\\n{"data":{"ok":true}}')
async def main():
    server = await asyncio.start_server(serve, sock=__import__("socket").socket(fileno=int(sys.argv[1])))
    await server.serve_forever()
asyncio.run(main())
"""


@asynccontextmanager
async def process() -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A subgraph as a process of its own."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        server = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SERVER, str(listener.fileno()), pass_fds=[listener.fileno()]
        )
    try:
        yield server, f"http://127.0.0.1:{port}/"
    finally:
        if server.returncode is None:
            server.kill()
        await server.wait()


async def started(url: str) -> None:
    """Return once the process answers."""
    patient = HttpTransport("orders", url, HttpLimits(timeout=20))
    await patient.send(QUERY, RequestContext())
    await patient.aclose()


async def test_a_frozen_process_opens_the_circuit_and_a_thawed_one_closes_it() -> None:
    async with process() as (server, url):
        await started(url)
        transport = HttpTransport("orders", url, HttpLimits(timeout=0.3, failures=3, probe_interval=0.05))
        server.send_signal(signal.SIGSTOP)
        assert [(await failure(transport, QUERY)).code for _ in range(4)] == [
            *["SUBGRAPH_TIMEOUT"] * 3,
            "SUBGRAPH_CIRCUIT_OPEN",
        ]
        server.send_signal(signal.SIGCONT)
        await until(lambda: not transport._breaker.open)
        assert (await transport.send(QUERY, RequestContext())).data == {"ok": True}
        await transport.aclose()


async def test_a_killed_process_is_unreachable_then_not_asked() -> None:
    async with process() as (server, url):
        await started(url)
        transport = HttpTransport("orders", url, HttpLimits(timeout=2, failures=2, probe_interval=60))
        server.kill()
        await server.wait()
        codes = [(await failure(transport, QUERY)).code for _ in range(3)]
        assert codes == ["SUBGRAPH_UNREACHABLE", "SUBGRAPH_UNREACHABLE", "SUBGRAPH_CIRCUIT_OPEN"]
        await transport.aclose()


async def test_an_open_circuit_asks_nothing_but_its_probe() -> None:
    async with connected(hanging, LIMITS) as (peer, transport):
        for _ in range(3):
            await failure(transport, QUERY)
        asked = [call.body for call in peer.calls]
        error = await failure(transport, QUERY)
        assert error.rendered() == {
            "message": "Subgraph orders is not asked while it fails",
            "extensions": {"code": "SUBGRAPH_CIRCUIT_OPEN", "service": "orders"},
        }
        await until(lambda: len(peer.calls) > 4)
        probes = [call.body for call in peer.calls[len(asked) :]]
        assert set(probes) == {b'{"query":"{__typename}"}'}


async def test_the_circuit_closes_when_the_probe_is_answered() -> None:
    async with connected(hanging, LIMITS) as (peer, transport):
        for _ in range(3):
            await failure(transport, QUERY)
        peer.behave = healthy
        await until(lambda: not transport._breaker.open)
        assert (await transport.send(QUERY, RequestContext())).data == {"ok": True}


async def test_success_in_between_starts_the_count_anew() -> None:
    async with connected(hanging, LIMITS) as (peer, transport):
        for behave in (hanging, hanging, healthy, hanging, hanging):
            peer.behave = behave
            await asyncio.gather(transport.send(QUERY, RequestContext()), return_exceptions=True)
        assert (await failure(transport, QUERY)).code == "SUBGRAPH_TIMEOUT"


@pytest.mark.parametrize("answer", [b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n", b"garbage\r\n\r\n"])
async def test_a_wrong_answer_does_not_open_the_circuit(answer: bytes) -> None:
    async with connected(raw(answer), LIMITS) as (peer, transport):
        assert {(await failure(transport, QUERY)).code for _ in range(5)} == {"SUBGRAPH_BAD_ANSWER"}
        assert len(peer.calls) == 5


@pytest.mark.parametrize("status", ["502 Bad Gateway", "503 Unavailable", "504 Timeout"])
async def test_a_proxy_that_says_the_subgraph_is_away_opens_it(status: str) -> None:
    async def away(call: Call) -> None:
        await call.answer(b"<html>", status=status)

    async with connected(away, LIMITS) as (_, transport):
        for _ in range(3):
            await failure(transport, QUERY)
        assert (await failure(transport, QUERY)).code == "SUBGRAPH_CIRCUIT_OPEN"


async def test_calls_are_observed_with_their_outcome() -> None:
    seen: list[tuple[str, str]] = []
    async with connected(healthy) as (peer, _):
        transport = HttpTransport(
            "orders", peer.url, LIMITS, observe=lambda service, outcome, seconds: seen.append((service, outcome))
        )
        await transport.send(QUERY, RequestContext())
        peer.behave = hanging
        await failure(transport, QUERY)
        await transport.aclose()
    assert seen == [("orders", "ok"), ("orders", "SUBGRAPH_TIMEOUT")]
