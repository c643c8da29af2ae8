"""How long clients wait while a subgraph is frozen or dead: our gateway and five subgraphs, each a process.

Goals: `timeout` (1 s) and 100 ms more while it is frozen, 20 ms once the circuit is open, back within 5 s of thawing,
100 ms when it is dead; who does not touch it is never failed, nor slowed by half.
"""

from __future__ import annotations

import asyncio
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx

from bench.results import Result, at_most
from tests.support.databases import apart, migrated_file, seeded, sqlite_settings
from tests.support.servers import environment_of, gateway, services, subgraph_urls

SICK = "content"
TOUCHING = "{ shops(first: 3) { edges { node { name } } } notes(first: %d) { edges { node { title } } } }"
APART = "{ shops(first: 3) { edges { node { name } } } }"
TIMEOUT_MS = 1_000
ASKED = 50
PATIENCE = 30
"""Seconds to wait for its return."""
FAILURES = 5
"""Failures in a row that open the circuit: HttpLimits' default."""


def sick_subgraph() -> list[Result]:
    """Waiting times while the content subgraph is frozen, when it comes back, and when it is dead."""
    with _split_mall() as (address, sick):
        return asyncio.run(_measured(address, sick))


@contextmanager
def _split_mall() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The gateway's address, and the process that is to suffer."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        settings = sqlite_settings(migrated_file(Path(folder) / "mall.db"))
        apart(seeded(settings))
        environment = environment_of(settings)
        started = stack.enter_context(services(environment))
        urls = subgraph_urls({name: service.url for name, service in started.items()})
        address, _ = stack.enter_context(gateway({**environment, **urls}))
        yield address, started[SICK].process


async def _measured(address: str, sick: subprocess.Popen[bytes]) -> list[Result]:
    async with httpx.AsyncClient(base_url=address, timeout=30) as client:
        calm = (await _waits(client, [APART] * ASKED, _is_whole))[ASKED // 5 :]  # the first ones warm it up
        await _waits(client, [TOUCHING % 1] * ASKED, _is_whole)
        results = await _frozen(client, sick, statistics.median(calm))
        results.append(await _thawed(client, sick))
        return results + await _killed(client, sick)


async def _frozen(client: httpx.AsyncClient, sick: subprocess.Popen[bytes], calm: float) -> list[Result]:
    sick.send_signal(signal.SIGSTOP)
    others = asyncio.create_task(_waits(client, [APART] * ASKED, _is_whole))
    first = await asyncio.gather(
        *(_wait(client, TOUCHING % number, _fails_with("SUBGRAPH_TIMEOUT")) for number in range(1, FAILURES + 1))
    )
    unharmed = await others
    open_ = await _waits(client, [TOUCHING % 1] * ASKED, _fails_with("SUBGRAPH_CIRCUIT_OPEN"))
    return [
        at_most("Frozen subgraph: longest answer that it is asked for", max(first), "ms", TIMEOUT_MS + 100),
        at_most("Frozen subgraph: longest answer with the circuit open", max(open_), "ms", 20),
        at_most("Frozen subgraph: others' median / before", statistics.median(unharmed) / calm, "", 1.5),
    ]


async def _thawed(client: httpx.AsyncClient, sick: subprocess.Popen[bytes]) -> Result:
    sick.send_signal(signal.SIGCONT)
    start = time.perf_counter()
    for _ in range(10 * PATIENCE):
        if _is_whole(await _answer(client, TOUCHING % 1)):
            break
        await asyncio.sleep(0.1)
    return at_most("Thawed subgraph: whole answers again after", time.perf_counter() - start, "s", 5)


async def _killed(client: httpx.AsyncClient, sick: subprocess.Popen[bytes]) -> list[Result]:
    sick.kill()
    sick.wait()
    gone = _fails_with("SUBGRAPH_UNREACHABLE", "SUBGRAPH_CIRCUIT_OPEN")
    waits = await _waits(client, [TOUCHING % 1] * ASKED, gone)
    return [at_most("Dead subgraph: longest answer that it is asked for", max(waits), "ms", 100)]


async def _waits(client: httpx.AsyncClient, queries: Sequence[str], right: Callable[[Any], bool]) -> list[float]:
    return [await _wait(client, query, right) for query in queries]


async def _wait(client: httpx.AsyncClient, query: str, right: Callable[[Any], bool]) -> float:
    """Milliseconds to an answer; one that is not `right` ends the bench."""
    start = time.perf_counter()
    answer = await _answer(client, query)
    took = (time.perf_counter() - start) * 1000
    assert right(answer), answer
    return took


async def _answer(client: httpx.AsyncClient, query: str) -> dict[str, Any]:
    body: dict[str, Any] = (await client.post("/graphql", json={"query": query})).json()
    return body


def _is_whole(answer: dict[str, Any]) -> bool:
    return "errors" not in answer


def _fails_with(*codes: str) -> Callable[[dict[str, Any]], bool]:
    """Data of the others, and these codes for what is missing."""

    def right(answer: dict[str, Any]) -> bool:
        found = {error["extensions"]["code"] for error in answer.get("errors", ())}
        return bool(found) and found <= set(codes) and bool(answer["data"]["shops"]) and answer["data"]["notes"] is None

    return right
