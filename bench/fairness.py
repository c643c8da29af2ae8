"""What one greedy client does to another in the same worker: a viewer's waits alone, and beside an attacker.

The viewer asks Home every few milliseconds. The attacker loops the widest operations that are let in: the registered
Home with every list at its longest, and an ad hoc operation of nearly the whole allowed cost; the latter also with a
new text each time, so that it is parsed, validated, planned and compiled each time.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import orjson

from bench.results import Result, at_most
from federation.execution.transport.pool import Address, Pool
from tests.support.servers import gateway

ASKED = 300
"""Requests of the viewer in each situation."""
THINKING = 0.02
"""Seconds between them."""
PATIENCE_SECONDS = 60.0
GOAL = 3.0
"""Times its p99 alone that a viewer may wait beside an attacker."""

HOME: Mapping[str, Any] = {"documentId": "mini/Home"}
WIDEST: Mapping[str, Any] = {**HOME, "variables": {"sections": 50, "cards": 50, "few": 50}}
AD_HOC = """{{ sections(first: 14) {{ edges {{ node {{ id products(first: 50) {{ edges {{ node {{
  {name}: name image sales rating price {{ amount }} shop {{ id name }} }} }} }} }} }} }} }}"""

_NUMBERS = count()

Bodies = Callable[[], Mapping[str, Any]]
ATTACKS: Mapping[str, tuple[int, Bodies]] = {
    "one loops the registered Home at its widest": (1, lambda: WIDEST),
    "eight loop the registered Home at its widest": (8, lambda: WIDEST),
    "one loops an ad hoc operation": (1, lambda: {"query": AD_HOC.format(name="title")}),
    "one loops ad hoc operations with a new text each": (
        1,
        lambda: {"query": AD_HOC.format(name=f"n{next(_NUMBERS)}")},
    ),
}


class Client:
    """Connections to a gateway."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        assert parts.port
        self._head = f"POST /graphql HTTP/1.1\r\nhost: {parts.netloc}\r\ncontent-type: application/json\r\n"
        self._pool = Pool(Address(parts.hostname, parts.port, None), limit=32, queue=0, max_body=100_000_000)

    async def ask(self, body: Mapping[str, Any]) -> float:
        """Seconds until the answer was there."""
        content = orjson.dumps(body)
        start = time.perf_counter()
        message = f"{self._head}content-length: {len(content)}\r\n\r\n".encode() + content
        latest = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        answer = await self._pool.exchange(message, repeatable=False, latest=latest)
        took = time.perf_counter() - start
        assert answer.status == 200, answer.body
        assert not answer.body.startswith(b'{"errors"'), answer.body[:500]
        return took


async def waits(client: Client) -> list[float]:
    """Seconds that each of the viewer's requests took."""
    took = []
    for _ in range(ASKED):
        took.append(await client.ask(HOME))
        await asyncio.sleep(THINKING)
    return sorted(took)


@asynccontextmanager
async def under(attack: tuple[int, Bodies], client: Client) -> AsyncIterator[list[float]]:
    """Meanwhile the attacker asks, and asks again."""
    loops, bodies = attack
    took: list[float] = []

    async def loop() -> None:
        while True:
            took.append(await client.ask(bodies()))

    attackers = [asyncio.create_task(loop()) for _ in range(loops)]
    try:
        yield took
    finally:
        for attacker in attackers:
            attacker.cancel()
        await asyncio.wait(attackers)


async def measured(url: str) -> list[Result]:
    client, results = Client(url), []
    for body in (HOME, WIDEST, *(attack[1]() for attack in ATTACKS.values())):
        for _ in range(5):
            await client.ask(body)
    alone = await waits(client)
    results += _shown("Viewer alone", alone)
    for name, attack in ATTACKS.items():
        async with under(attack, client) as took:
            beside = await waits(client)
        results += _shown(f"Viewer, {name}", beside)
        results.append(Result(f"The attacker, {name}: median answer", statistics.median(took) * 1000, "ms"))
        results.append(at_most(f"Viewer, {name}: p99, times that alone", p99(beside) / p99(alone), "", GOAL))
    return results


def _shown(name: str, took: list[float]) -> list[Result]:
    return [
        Result(f"{name}: median answer", statistics.median(took) * 1000, "ms"),
        Result(f"{name}: p99", p99(took) * 1000, "ms"),
    ]


def p99(took: list[float]) -> float:
    return took[len(took) * 99 // 100]


def side_by_side(environment: Mapping[str, str]) -> list[Result]:
    """A gateway in one worker, and who asks it."""
    with gateway(environment) as (url, _):
        return asyncio.run(measured(url))
