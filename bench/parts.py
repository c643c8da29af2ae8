"""Which part of the product the CPU goes to: a sampler on the timer of the process's own CPU time.

Every millisecond of CPU the stack is looked at, and counted for the innermost frame whose file belongs to a part. What
a driver does in C counts for the Python function that called it.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType

INTERVAL_SECONDS = 0.001
HOUSE = f"{Path(__file__).parents[1]}/"

PARTS = {
    "SQL driver": ("/tortoise/", "/aiomysql/", "/pymysql/", "/asyncmy/", "/aiosqlite/"),
    "loads": ("/strawberry/dataloader.py",),
    "execution": ("/graphql/", "<compiled operation>"),
    "arguments of subgraphs": ("/strawberry/",),
}
OWN_PARTS = {
    "SQL driver": ("models/mysql.py", "models/sqlite.py", "models/pool.py", "models/recording.py"),
    "reads: statements and rows": ("models/",),
    "loads": ("resolvers/context.py", "kit/cache"),
    "batch functions": ("resolvers/", "services/", "kit/"),
    "arguments of subgraphs": ("subgraphs/", "schema/"),
    "admission and planning": ("federation/admission", "federation/planning", "federation/engine"),
    "execution": ("federation/",),
    "event loop and JSON": ("bench/",),
}
ELSEWHERE = "event loop"


@cache
def part_of(file: str) -> str | None:
    """The part that a source file belongs to; None for one that works for whoever calls it."""
    own = file.startswith(HOUSE) and "site-packages" not in file
    inside, parts = (file.removeprefix(HOUSE), OWN_PARTS) if own else (file, PARTS)
    return next((part for part, places in parts.items() if any(_lies(inside, place) for place in places)), None)


def _lies(file: str, place: str) -> bool:
    return place in file if place[0] in "/<" else file.startswith(place)


@contextmanager
def sampled() -> Iterator[Counter[str]]:
    """Counts samples by part while the block runs, in the main thread."""
    found: Counter[str] = Counter()

    def look(_: int, frame: FrameType | None) -> None:
        while frame is not None:
            part = part_of(frame.f_code.co_filename)
            if part is not None:
                found[part] += 1
                return
            frame = frame.f_back
        found[ELSEWHERE] += 1

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL_SECONDS, INTERVAL_SECONDS)
    try:
        yield found
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
