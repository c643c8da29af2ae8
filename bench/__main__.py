"""Runs every bench. Data is made once: a demo mall in SQLite, a bench mall in MariaDB where one answers."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bench import home
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


def main() -> None:
    results: list[Result] = []
    for (where, environment), size in zip(malls(), ("demo", "bench"), strict=True):
        prepare(environment, size)
        settings = Settings.read({**os.environ, **environment})
        results += asyncio.run(home.in_process(settings, where))
        results += asyncio.run(home.through_http(settings, environment, where))
    write(results)


if __name__ == "__main__":
    main()
