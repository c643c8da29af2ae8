"""A stack over HTTP: what one answer costs while it is loaded, on a core of its own."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.load import Load, loaded
from bench.processes import cpu_seconds

CONNECTIONS = 32
SECONDS = 5


@dataclass(frozen=True, slots=True)
class Served:
    """A stack over HTTP: where, and the processes that answer."""

    url: str
    pids: tuple[int, ...]


def cost_under_load(served: Served, asked: Mapping[str, Any]) -> tuple[float, Load]:
    """Seconds of CPU that all its processes take for one answer, once it is warm, and the load that it bore."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as body:
        body.write(json.dumps(asked))
        body.flush()
        for pid in served.pids:
            _on_core(pid, 1)
        with _kept_to(0):
            loaded(served.url, Path(body.name), connections=CONNECTIONS, seconds=SECONDS)
            before = sum(map(cpu_seconds, served.pids))
            load = loaded(served.url, Path(body.name), connections=CONNECTIONS, seconds=SECONDS)
    return (sum(map(cpu_seconds, served.pids)) - before) / load.requests, load


@contextmanager
def _kept_to(core: int) -> Iterator[None]:
    """The bench, and the load that it starts, on one core for the time of the block."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _on_core(pid: int, core: int) -> None:
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {core})
