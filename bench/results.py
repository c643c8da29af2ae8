"""What a bench found, and how it is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

FILE = Path(__file__).parent / "results.json"
PAGE = Path(__file__).parents[1] / "docs" / "numbers.md"
OPENING = """# Numbers

What `make bench` measures against a goal, written by it; `bench/results.json` has all figures. Those of a room come
from one run, side by side on the same data and machine: compare them with each other, not with other machines.

| room | figure | value | goal | reached |
|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Result:
    """One figure. `goal` says what it should be, in words; `holds` whether it is so, None where nothing is asked."""

    name: str
    value: float
    unit: str
    goal: str = ""
    holds: bool | None = None


def at_most(name: str, value: float, unit: str, limit: float) -> Result:
    """A figure that must not pass `limit`."""
    return Result(name, value, unit, f"<= {limit:g}", value <= limit)


def at_least(name: str, value: float, unit: str, limit: float) -> Result:
    """A figure that must not stay under `limit`."""
    return Result(name, value, unit, f">= {limit:g}", value >= limit)


def write(room: str, results: Sequence[Result]) -> None:
    """Into the file that other tools read, in place of the room's older figures, and as a table for people."""
    named = [{**asdict(result), "name": f"{room}: {result.name}"} for result in results]
    older = json.loads(FILE.read_text("utf-8")) if FILE.exists() else []
    kept = [result for result in older if not result["name"].startswith(f"{room}: ")]
    FILE.write_text(json.dumps([*kept, *named], indent=1, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(OPENING + "".join(_line(one) for one in [*kept, *named] if one["goal"]), "utf-8")
    table = Table(room, "value", "unit", "goal", "holds")
    for result in results:
        holds = {True: "yes", False: "NO", None: ""}[result.holds]
        table.add_row(result.name, f"{result.value:,.3g}", result.unit, result.goal, holds)
    Console().print(table)


def _line(result: Mapping[str, Any]) -> str:
    """A figure with its goal as a row of the page."""
    room, _, name = result["name"].partition(": ")
    reached = "yes" if result["holds"] else "**no**"
    value = f"{result['value']:,.3g} {result['unit']}".strip()
    return f"| {room} | {name} | {value} | {result['goal']} | {reached} |\n"
