"""Home cold, from SQLite and from MariaDB with each driver, side by side: CPU of an answer by part, and server time."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import aiomysql

from bench.results import Result, at_most
from kit.settings import Settings
from models.base import open_database, tortoise_config
from models.drivers import FASTEST_FIRST
from tests.support.mall import embedded_mall, persona
from tests.support.statements import counted_statements, domain_of

ROUNDS = 9
RUNS = 40
PROFILED = 30
GOAL_MILLISECONDS = 2.0
STATEMENTS = 10
NO_CACHES = {"CACHE": "off", "FRAGMENT_CACHE": "off"}

Round = Mapping[str, Any]


def side_by_side(sqlite: Mapping[str, str], mariadb: Mapping[str, str]) -> list[Result]:
    """Processes take turns, so that whatever else the machine does hits all of them."""
    stacks = {"SQLite": sqlite, **{f"MariaDB, {name}": {**mariadb, "MYSQL_DRIVER": name} for name in FASTEST_FIRST}}
    rounds: dict[str, list[Round]] = {name: [] for name in stacks}
    with ExitStack() as stack:
        processes = {name: stack.enter_context(_process(environment)) for name, environment in stacks.items()}
        for _ in range(ROUNDS):
            for name, process in processes.items():
                rounds[name].append(_asked(process))
        for process in processes.values():
            process.stdin.close()  # type: ignore[union-attr]  # piped
    results = [result for name, found in rounds.items() for result in _results(name, found)]
    return results + _ratios(rounds) + asyncio.run(server_times({**os.environ, **mariadb}))


def _process(environment: Mapping[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.cold_stack", str(RUNS)]
    settings = {**os.environ, **environment, **NO_CACHES}
    return subprocess.Popen(command, env=settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _asked(process: subprocess.Popen[str]) -> Round:
    assert process.stdin
    assert process.stdout
    process.stdin.write("\n")
    process.stdin.flush()
    found: Round = json.loads(process.stdout.readline())
    return found


def _results(name: str, rounds: list[Round]) -> list[Result]:
    cpu = statistics.median(found["cpu"] for found in rounds) * 1000
    samples: Counter[str] = sum((Counter(found["parts"]) for found in rounds), Counter())
    whole = at_most if name.endswith("asyncmy") else None
    title = f"Home cold, {name}"
    return [
        whole(f"{title}: CPU", cpu, "ms", GOAL_MILLISECONDS) if whole else Result(f"{title}: CPU", cpu, "ms"),
        *(
            Result(f"{title}: CPU, {part}", cpu * count / samples.total(), "ms")
            for part, count in samples.most_common()
        ),
        Result(f"{title}: median answer", statistics.median(found["wall"] for found in rounds) * 1000, "ms"),
        at_most(f"{title}: SQL statements", rounds[0]["statements"], "", STATEMENTS),
    ]


def _ratios(rounds: Mapping[str, list[Round]]) -> list[Result]:
    """CPU of the same round, one beside the other."""
    by_aiomysql, by_asyncmy = (rounds[f"MariaDB, {name}"] for name in ("aiomysql", "asyncmy"))
    ratios = [ours["cpu"] / theirs["cpu"] for ours, theirs in zip(by_asyncmy, by_aiomysql, strict=True)]
    return [Result("Home cold: CPU with asyncmy, part of that with aiomysql", statistics.median(ratios), "")]


async def server_times(environment: Mapping[str, str]) -> list[Result]:
    """What each statement of Home costs the server, by its own profile; one after the other on an idle connection."""
    settings = Settings.read(environment)
    async with open_database(settings):
        mall, viewer = embedded_mall(), persona(settings, "buyer")
        await mall.home(viewer)
        with counted_statements() as statements:
            await mall.home(viewer)
    results = []
    for number, (sql, values) in enumerate(zip(statements.texts, statements.values, strict=True), 1):
        took = await _profiled(settings, domain_of(sql), sql, values)
        results.append(Result(f"MariaDB's time for statement {number}, {domain_of(sql)}", took * 1000, "ms"))
    return [*results, Result("MariaDB's time for all statements", sum(one.value for one in results), "ms")]


async def _profiled(settings: Settings, domain: str, sql: str, values: Sequence[Any]) -> float:
    """The median of what the server says that the statement took, in seconds."""
    address = tortoise_config(settings)["connections"][domain]["credentials"]
    names = ("host", "port", "user", "password", "init_command")
    server = await aiomysql.connect(db=address["database"], **{name: address[name] for name in names})
    try:
        async with server.cursor() as cursor:
            await cursor.execute("SET profiling_history_size = 100, profiling = 1")
            for _ in range(PROFILED):
                await cursor.execute(sql, values)
            await cursor.execute("SHOW PROFILES")
            return statistics.median(float(took) for _, took, _ in (await cursor.fetchall())[-PROFILED:])
    finally:
        server.close()
