"""Home in every stack, side by side in one run and on the same data: CPU of one answer in process, and over HTTP.

In process, each stack measures itself, in turns with the others; over HTTP each server stands on a core of its own, the
load on the other. Node's stacks hold Home's answer in memory and never see a database; ours and strawberry's read the
demo mall, whose reads the entity cache answers where a stack is called warm.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.home_tree import HOME
from bench.results import Result, at_least, at_most
from bench.serving import Served, cost_under_load
from tests.interop.peers import HERE, home_server
from tests.support.servers import ROOT, free_port, gateway, own_redis, process, services, subgraph_urls, wait_for

ROUNDS = 7
NO_CACHE = {"CACHE_ENTRIES": "0"}
NO_FRAGMENTS = {"FRAGMENT_CACHE": "off"}
STOCK = "strawberry + DataLoaders"
JIT = "graphql-jit monolith"
APOLLO = "Apollo Gateway, subgraphs in process"
COLD = "ours, cold"
WARM = "ours, warm"
FRAGMENTS = "ours, fragments"
SPLIT = "ours, split over HTTP, warm"
OF_STOCK = 1 / 25
WARM_GOAL, FRAGMENTS_GOAL = 1_700, 6_000  # requests a second
SPLIT_GOAL, COLD_GOAL = 1.6, 2.0  # milliseconds
STATEMENTS = 10


@dataclass(frozen=True, slots=True)
class Stack:
    """A way to answer Home: by `way` of bench.one_stack under an environment, `runs` times a round."""

    name: str
    way: str
    environment: Mapping[str, str] = field(default_factory=dict)
    runs: int = 100


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds of CPU of one answer, the 95th percentile of the seconds that one took, and its SQL statements."""

    cpu: float
    p95: float
    statements: int


Rounds = dict[str, list[Round]]


def side_by_side(demo: Mapping[str, str], mariadb: Mapping[str, str], tree: Path) -> list[Result]:
    """In process and over HTTP. `demo` describes the mall whose Home lies in `tree`, `mariadb` one like it there."""
    return in_process(demo, mariadb, tree) + over_http(demo, mariadb, tree)


def stacks(demo: Mapping[str, str], mariadb: Mapping[str, str]) -> list[Stack]:
    """Ours and strawberry's."""
    return [
        Stack(STOCK, "stock", {**demo, **NO_CACHE}, runs=4),
        Stack(f"{STOCK}, entity cache", "stock", demo, runs=4),
        Stack(WARM, "ours", {**demo, **NO_FRAGMENTS}),
        Stack(FRAGMENTS, "ours", demo, runs=400),
        Stack(f"{COLD}, SQLite", "ours", {**demo, **NO_CACHE}, runs=20),
        Stack(f"{COLD}, MariaDB, aiomysql", "ours", {**mariadb, **NO_CACHE, "MYSQL_DRIVER": "aiomysql"}, runs=20),
        Stack(f"{COLD}, MariaDB, asyncmy", "ours", {**mariadb, **NO_CACHE, "MYSQL_DRIVER": "asyncmy"}, runs=20),
    ]


def in_process(demo: Mapping[str, str], mariadb: Mapping[str, str], tree: Path) -> list[Result]:
    """What one answer costs in process; the goals are ratios of one run."""
    rounds = in_turns(stacks(demo, mariadb)) | of_node(tree)
    cpu = {name: statistics.median(one.cpu for one in found) for name, found in rounds.items()}
    asyncmy = f"{COLD}, MariaDB, asyncmy"
    return [
        *(Result(f"{name}, in process: CPU", seconds * 1000, "ms") for name, seconds in cpu.items()),
        at_most(f"{WARM} / {STOCK}, in process", cpu[WARM] / cpu[STOCK], "", OF_STOCK),
        at_most(f"{FRAGMENTS} / {JIT}, in process", cpu[FRAGMENTS] / cpu[JIT], "", 1),
        at_most(f"{asyncmy}: CPU of execution and SQL", cpu[asyncmy] * 1000, "ms", COLD_GOAL),
        at_most(f"{asyncmy}: SQL statements", rounds[asyncmy][0].statements, "", STATEMENTS),
    ]


def in_turns(stacks: list[Stack], count: int = ROUNDS) -> Rounds:
    """Rounds of each stack in turns with the others."""
    rounds: Rounds = {stack.name: [] for stack in stacks}
    with ExitStack() as open_until:
        processes = {stack.name: open_until.enter_context(_measuring(stack)) for stack in stacks}
        for _ in range(count):
            for name, started in processes.items():
                rounds[name].append(_round(started))
    return rounds


def of_node(tree: Path) -> Rounds:
    """Rounds of Node's stacks."""
    rounds: Rounds = {}
    for name, script in ((JIT, "monolith.mjs"), (APOLLO, "apollo_local.mjs")):
        rounds[name] = [_of_node(script, tree) for _ in range(3)]
    return rounds


@contextmanager
def _measuring(stack: Stack) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bench.one_stack", stack.way, str(stack.runs)]
    started = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **stack.environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        _round(started)
        yield started
    finally:
        started.communicate()


def _round(started: subprocess.Popen[str]) -> Round:
    assert started.stdin
    assert started.stdout
    started.stdin.write("\n")
    started.stdin.flush()
    return Round(**json.loads(started.stdout.readline()))


def _of_node(script: str, tree: Path) -> Round:
    run = subprocess.run(["node", script, str(tree)], cwd=HERE, capture_output=True, text=True, check=True)
    found = json.loads(run.stdout)
    assert "errors" not in found["answer"], found["answer"]["errors"]
    seconds = found["milliseconds"] / 1000
    return Round(seconds, seconds, 0)


def over_http(demo: Mapping[str, str], mariadb: Mapping[str, str], tree: Path) -> list[Result]:
    """CPU of all processes of a stack, and what one core would answer."""
    cpu: dict[str, float] = {}
    results: list[Result] = []
    for name, serve in _servers(demo, mariadb, tree).items():
        with serve as served:
            results += _loaded(name, served, cpu)
    per_core = {name: 1 / seconds for name, seconds in cpu.items()}
    return [
        *results,
        at_least("ours, warm, HTTP: requests a second of one core", per_core[WARM], "/s", WARM_GOAL),
        at_least("ours, fragments, HTTP: requests a second of one core", per_core[FRAGMENTS], "/s", FRAGMENTS_GOAL),
        at_most("ours, split, HTTP: CPU of all processes", cpu[SPLIT] * 1000, "ms", SPLIT_GOAL),
        at_most("ours, warm / strawberry + DataLoaders, HTTP", cpu[WARM] / cpu[STOCK], "", OF_STOCK),
        at_most("ours, fragments / graphql-jit monolith, HTTP", cpu[FRAGMENTS] / cpu[JIT], "", 1),
    ]


def _servers(
    demo: Mapping[str, str], mariadb: Mapping[str, str], tree: Path
) -> dict[str, AbstractContextManager[Served]]:
    """Each stack as a server, by name; a server stands while its block runs."""
    return {
        STOCK: _stock(demo),
        COLD: _ours({**demo, **NO_CACHE}),
        WARM: _ours({**demo, **NO_FRAGMENTS}),
        FRAGMENTS: _ours(demo),
        SPLIT: _split(mariadb),
        JIT: _node("monolith.mjs", tree, "/"),
        APOLLO: _node("apollo_local.mjs", tree, "/"),
    }


@contextmanager
def _ours(environment: Mapping[str, str]) -> Iterator[Served]:
    with gateway(environment) as (address, started):
        yield Served(f"{address}/graphql", (started.pid,))


@contextmanager
def _stock(environment: Mapping[str, str]) -> Iterator[Served]:
    port = free_port()
    with process("-m", "bench.stock_server", str(port), environment=environment) as started:
        wait_for(f"http://127.0.0.1:{port}/ready", started)
        yield Served(f"http://127.0.0.1:{port}/graphql", (started.pid,))


@contextmanager
def _split(mall: Mapping[str, str]) -> Iterator[Served]:
    """Services cache only while a worker's relay tells them of changes, over a Redis that they share."""
    with ExitStack() as stack:
        redis, _ = stack.enter_context(own_redis())
        environment = {**mall, "REDIS_URL": redis}
        worker = stack.enter_context(process("-m", "jobs", "worker", environment=environment))
        known = stack.enter_context(services(environment))
        urls = subgraph_urls({name: service.url for name, service in known.items()})
        address, started = stack.enter_context(gateway({**environment, **urls}))
        pids = (started.pid, worker.pid, *(service.process.pid for service in known.values()))
        yield Served(f"{address}/graphql", pids)


@contextmanager
def _node(script: str, tree: Path, path: str) -> Iterator[Served]:
    with home_server(script, tree, path=path) as (address, started):
        yield Served(address, (started.pid,))


def _loaded(name: str, served: Served, cpu: dict[str, float]) -> list[Result]:
    """Its figures; its CPU of one answer goes into `cpu`."""
    cpu[name], load = cost_under_load(served, {"query": HOME, "operationName": "Home"})
    return [
        Result(f"{name}, HTTP: CPU of all processes", cpu[name] * 1000, "ms"),
        Result(f"{name}, HTTP: requests a second", load.requests / load.seconds, "/s"),
        Result(f"{name}, HTTP: p99", load.p99, "ms"),
        at_most(f"{name}, HTTP: failed requests", load.failed, "", 0),
    ]
