"""Runs benches: `python -m bench` all of them, `python -m bench home` one room.

Data is made once: a demo mall in SQLite, a bench mall in MariaDB.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from bench import (
    caches,
    cold,
    execution,
    fairness,
    faults,
    gateway,
    growth,
    guards,
    home,
    mutations,
    planning,
    stacks,
)
from bench.home_tree import write_tree
from bench.results import Result, write
from kit.settings import Settings

BENCH_HOME = Path(".bench")
DEVELOPMENT = {"JISHI_ENV": "development"}
MARIADB = os.environ.get("BENCH_DATABASE_URL", "mysql://root@127.0.0.1:3306/jishi_bench")


def malls() -> list[tuple[str, Mapping[str, str]]]:
    """Each mall to measure: what it is called, and the environment that describes it."""
    sqlite = {"JISHI_HOME": str(BENCH_HOME / "sqlite"), "DATABASE_URL": f"sqlite://{BENCH_HOME}/sqlite/mall.db"}
    mariadb = {"JISHI_HOME": str(BENCH_HOME / "mariadb"), "DATABASE_URL": MARIADB}
    return [
        ("SQLite, 60 shops", sqlite | DEVELOPMENT),
        ("MariaDB, 1,000 shops", mariadb | DEVELOPMENT),
    ]


def prepare(environment: Mapping[str, str], size: str) -> None:
    """Make the mall where it is not there yet."""
    command = [sys.executable, "-m", "jobs", "demo", "--size", size]
    subprocess.run(command, env={**os.environ, **environment}, check=True)


def run_home() -> list[Result]:
    """Home, cold and warm, on SQLite and MariaDB."""
    results: list[Result] = []
    for (where, environment), size in zip(malls(), ("demo", "bench"), strict=True):
        prepare(environment, size)
        settings = Settings.read({**os.environ, **environment})
        results += asyncio.run(home.in_process(settings, where))
        results += asyncio.run(home.through_http(settings, environment, where))
    return results


def run_execution() -> list[Result]:
    """The compiled executor beside the stock one."""
    return asyncio.run(execution.in_process()) + execution.over_http()


def run_stacks() -> list[Result]:
    """Home in every stack: strawberry's, ours with and without its caches, and two of Node; all on the same mall."""
    sqlite = malls()[0][1]
    mariadb = {"JISHI_HOME": str(BENCH_HOME / "mariadb-demo"), "DATABASE_URL": f"{MARIADB}_demo"} | DEVELOPMENT
    prepare(sqlite, "demo")
    prepare(mariadb, "demo")
    tree = BENCH_HOME / "home.json"
    write_tree(Settings.read({**os.environ, **sqlite}), tree)
    return stacks.side_by_side(sqlite, mariadb, tree.resolve())


def run_cold() -> list[Result]:
    """Home from the database, without any cache."""
    (_, sqlite), (_, mariadb) = malls()
    prepare(sqlite, "demo")
    prepare(mariadb, "bench")
    return cold.side_by_side(sqlite, mariadb)


def run_growth() -> list[Result]:
    """How the cost of Home grows."""

    def wide(shops: int) -> Mapping[str, str]:
        home = BENCH_HOME / f"wide-{shops}"
        environment = {"JISHI_HOME": str(home), "DATABASE_URL": f"sqlite://{home}/mall.db"} | DEVELOPMENT
        prepare(environment, f"wide-{shops}")
        return environment

    demo = malls()[0][1]
    prepare(demo, "demo")
    return growth.grown(demo, wide)


def run_fairness() -> list[Result]:
    """What an attacker does to another viewer of the same worker."""
    environment = malls()[0][1]
    prepare(environment, "demo")
    return fairness.side_by_side(environment)


def run_guards() -> list[Result]:
    """What the guards of Home cost."""
    environment = malls()[0][1]
    prepare(environment, "demo")
    return guards.side_by_side(environment)


ROOMS: Mapping[str, Callable[[], list[Result]]] = {
    "home": run_home,
    "execution": run_execution,
    "stacks": run_stacks,
    "cold": run_cold,
    "growth": run_growth,
    "gateway": gateway.side_by_side,
    "planning": planning.planned,
    "faults": lambda: [*faults.sick_subgraph(), *mutations.repeated_mutations()],
    "caches": caches.caches,
    "fairness": run_fairness,
    "guards": run_guards,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("rooms", nargs="*", choices=[*ROOMS, []], help="which benches; all of them by default")
    for room in parser.parse_args().rooms or ROOMS:
        print(f"bench {room} ...", flush=True)
        write(room, ROOMS[room]())


if __name__ == "__main__":
    main()
