"""Circuit breaker: a subgraph that failed repeatedly is asked no more until a probe of our own succeeds.

Source: M. Nygard, Release It!, "Circuit Breaker". Ours has no half-open state that client requests would try out: a
background probe does, so that no client waits for a sick subgraph.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

Probe = Callable[[], Awaitable[bool]]


class CircuitBreaker:
    """Opens after `threshold` failures in a row; while open, runs `probe` every `interval` seconds and closes when it
    is True.
    """

    def __init__(self, probe: Probe, *, threshold: int, interval: float) -> None:
        self._probe = probe
        self._threshold = threshold
        self._interval = interval
        self._failures = 0
        self._probing: asyncio.Task[None] | None = None

    @property
    def open(self) -> bool:
        """Whether calls must fail at once."""
        return self._probing is not None

    def succeeded(self) -> None:
        """Count a call that was answered."""
        self._failures = 0

    def failed(self) -> None:
        """Count a call that timed out, was not connected, or got no valid answer."""
        self._failures += 1
        if self._failures >= self._threshold and self._probing is None:
            self._probing = asyncio.get_running_loop().create_task(self._until_well())

    def close(self) -> None:
        """Stop probing."""
        if self._probing is not None:
            self._probing.cancel()

    async def _until_well(self) -> None:
        try:
            while True:
                await asyncio.sleep(self._interval)
                if await self._probe():
                    return
        finally:
            self._failures = 0
            self._probing = None
