"""Processes that cache apart, as their clients meet them."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx

from kit.viewer import GUEST, Viewer

PATIENCE_SECONDS = 30


class Worker:
    """A process that answers at an address; `shows` are the headers by which a viewer is known to it."""

    def __init__(
        self, url: str, process: subprocess.Popen[bytes], shows: Callable[[Viewer], Mapping[str, str]]
    ) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=10)
        self._shows = shows
        self.process = process

    async def ask(self, query: str, viewer: Viewer = GUEST, **variables: Any) -> Any:
        body = {"query": query, "variables": variables}
        answer = (await self._client.post("/graphql", json=body, headers=self._shows(viewer))).json()
        assert "errors" not in answer, answer
        return answer["data"]

    async def number(self, name: str, labels: str = "[^}]*") -> float:
        """What /metrics shows, of all labels together that look so."""
        text = (await self._client.get("/metrics")).text
        found = re.findall(rf"^{name}(?:{{{labels}}})? (\S+)$", text, re.MULTILINE)
        return sum(float(value) for value in found)

    async def is_trusted(self, wanted: bool) -> None:
        """Wait until its cache is trusted, or is not."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while bool(await self.number("cache_trusted")) is not wanted:
                await asyncio.sleep(0.05)

    async def aclose(self) -> None:
        await self._client.aclose()


@asynccontextmanager
async def working(workers: Sequence[Worker]) -> AsyncIterator[Sequence[Worker]]:
    """Workers whose caches are trusted, for the time of the block."""
    try:
        for worker in workers:
            await worker.is_trusted(True)
        yield workers
    finally:
        for worker in workers:
            await worker.aclose()
