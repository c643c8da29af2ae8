"""Seeding as a command: a progress bar, the personas' file, one line of what happened."""

from __future__ import annotations

import os
import time
from pathlib import Path

import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from jobs.market import publish_months
from jobs.seed import Seeded, seed
from kit import clock
from kit.settings import Settings
from models.base import open_database
from models.migrating import migrate

PERSONAS = "personas.json"
_SHOWN = (("shop", "shops"), ("product", "products"), ("sku", "SKUs"), ("member", "members"), ("shop_order", "orders"))


async def run(settings: Settings, size: str, *, fresh: bool) -> str:
    """Bring the tables up to date, seed them about the present moment, and say what was made."""
    settings.home.mkdir(parents=True, exist_ok=True)
    await migrate(settings)
    began = time.monotonic()
    async with open_database(settings):
        with _bar() as bar:
            done = await seed(
                size, anchor=clock.now(), master_keys=settings.master_keys, fresh=fresh, progress=_Steps(bar)
            )
        await publish_months()
    write_personas(settings.home, done)
    made = ", ".join(f"{done.rows[table]:,} {name}" for table, name in _SHOWN)
    return f"seeded {made} ({sum(done.rows.values()):,} rows) in {time.monotonic() - began:.1f} s"


def write_personas(home: Path, done: Seeded) -> Path:
    """Write who the demo's people are to `personas.json` in `home`, readable by its owner only; returns the file."""
    path = home / PERSONAS
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_bytes(orjson.dumps([person.as_json() for person in done.personas], option=orjson.OPT_INDENT_2))
    os.replace(draft, path)
    return path


def _bar() -> Progress:
    screen = Console(stderr=True)
    columns = (TextColumn("{task.description:20}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    return Progress(*columns, TimeElapsedColumn(), console=screen, disable=not screen.is_terminal)


class _Steps:
    """Shows each stage as a bar of its own."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=total)
        self._bar.update(self._tasks[stage], completed=done)
