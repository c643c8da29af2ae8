"""What guards cost, side by side in one run: operations with them, and as if everybody might read everything."""

from __future__ import annotations

from collections.abc import Mapping

from bench.results import Result, at_most
from bench.stacks import NO_FRAGMENTS, Stack, in_turns

ADDED = 0.15
ROUNDS = 25
ASKED = {"a buyer's Home": "home", "50 orders of a shop, with their lines": "orders"}


def side_by_side(demo: Mapping[str, str]) -> list[Result]:
    """In process, with the entity cache and without fragments, the best round of each: what disturbs a round only adds
    to it. `demo` describes the mall.
    """
    environment = {**demo, **NO_FRAGMENTS}
    ways = [way for asked in ASKED.values() for way in (asked, f"open:{asked}")]
    rounds = in_turns([Stack(way, way, environment) for way in ways], ROUNDS)
    cpu = {way: min(one.cpu for one in found) for way, found in rounds.items()}
    results: list[Result] = []
    for name, asked in ASKED.items():
        results += [
            Result(f"{name}: CPU", cpu[asked] * 1000, "ms"),
            Result(f"{name}, without guards: CPU", cpu[f"open:{asked}"] * 1000, "ms"),
            at_most(f"{name}: added by guards", cpu[asked] / cpu[f"open:{asked}"] - 1, "", ADDED),
        ]
    return results
