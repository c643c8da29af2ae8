"""Our generic gateway beside Apollo Gateway and Hive Gateway: the same graph, the same query, 50 connections, one run.

All three are up at once and loaded in turns, so that what else the machine does meets them alike. CPU is that of the
gateway's process by /proc, its threads included. Twice: every request the same, where ours and Hive's let requests that
are under way share calls to subgraphs; and every request with a token of its own, where nothing can be shared.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.load import Load, loaded
from bench.processes import cpu_seconds, resident_megabytes
from bench.results import Result, at_most
from bench.reviews_graph import LINK, QUERY, SUBGRAPHS
from federation.composition import SubgraphSource, compose
from tests.interop.peers import apollo_gateway, hive_gateway
from tests.support.servers import free_port, gateway, running, wait_for

CONNECTIONS = 50
SECONDS = 5
ROUNDS = 3
WARM_UP_SECONDS = 10
OF_APOLLO = 0.10
OF_HIVE = 0.5


@dataclass(frozen=True, slots=True)
class Server:
    """A gateway under measurement."""

    url: str
    pid: int


@dataclass(frozen=True, slots=True)
class Round:
    """One load, and the CPU of one request in milliseconds."""

    load: Load
    cpu: float


def side_by_side() -> list[Result]:
    """CPU per request, requests a second, p99 and memory of the three gateways."""
    with tempfile.TemporaryDirectory() as folder, _gateways(Path(folder)) as servers:
        body = Path(folder) / "body.json"
        body.write_text(json.dumps({"query": QUERY, "operationName": "TestQuery"}), "utf-8")
        _agree(servers)
        for server in servers.values():
            loaded(server.url, body, connections=CONNECTIONS, seconds=WARM_UP_SECONDS)
        results = _compared(servers, body, own_tokens=False) + _compared(servers, body, own_tokens=True)
        memory = {name: resident_megabytes(server.pid) for name, server in servers.items()}
    ours = memory.pop("ours")
    results.append(at_most("ours: memory", ours, "MB", min(memory.values())))
    return results + [Result(f"{name}: memory", megabytes, "MB") for name, megabytes in memory.items()]


@contextmanager
def _gateways(folder: Path) -> Iterator[dict[str, Server]]:
    """The three, in front of the same subgraphs."""
    with ExitStack() as stack:
        supergraph = stack.enter_context(_subgraphs(folder))
        config = folder / "gateway.toml"
        config.write_text("[limits]\ncost = 200_000\n", "utf-8")
        ours, process = stack.enter_context(gateway({}, "--supergraph", str(supergraph), "--config", str(config)))
        servers = {"ours": Server(f"{ours}/graphql", process.pid)}
        for name, start in (("Apollo Gateway", apollo_gateway), ("Hive Gateway", hive_gateway)):
            endpoint, process = stack.enter_context(start(supergraph))
            servers[name] = Server(endpoint, process.pid)
        yield servers


@contextmanager
def _subgraphs(folder: Path) -> Iterator[Path]:
    """The four subgraphs in one process, and the supergraph that names their addresses."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    composed = compose([SubgraphSource(name, f"{address}/{name}", LINK + sdl) for name, sdl in SUBGRAPHS.items()])
    assert composed.sdl, composed.errors
    file = folder / "supergraph.graphql"
    file.write_text(composed.sdl, "utf-8")
    with running(sys.executable, "-m", "bench.static_subgraphs", str(port)) as process:
        wait_for(f"{address}/health", process)
        yield file


def _agree(servers: Mapping[str, Server]) -> None:
    """Who answers something else than ours is not compared."""
    answers = {name: httpx.post(server.url, json={"query": QUERY}).json() for name, server in servers.items()}
    for name, answer in answers.items():
        assert answer == answers["ours"], name
    assert answers["ours"].keys() == {"data"}


def _compared(servers: Mapping[str, Server], body: Path, *, own_tokens: bool) -> list[Result]:
    rounds: dict[str, list[Round]] = {name: [] for name in servers}
    for _ in range(ROUNDS):
        for name, server in servers.items():
            rounds[name].append(_round(server, body, own_tokens))
    cpu = {name: statistics.median(one.cpu for one in found) for name, found in rounds.items()}
    how = "every request its own" if own_tokens else "all requests the same"
    results = [
        at_most(f"ours / Apollo Gateway, CPU, {how}", cpu["ours"] / cpu["Apollo Gateway"], "", OF_APOLLO),
        at_most(f"ours / Hive Gateway, CPU, {how}", cpu["ours"] / cpu["Hive Gateway"], "", OF_HIVE),
    ]
    for name, found in rounds.items():
        speed = statistics.median(one.load.requests / one.load.seconds for one in found)
        results += [
            Result(f"{name}: CPU of a request, {how}", cpu[name], "ms"),
            Result(f"{name}: requests a second, {how}", speed, "/s"),
            Result(f"{name}: p99, {how}", statistics.median(one.load.p99 for one in found), "ms"),
            at_most(f"{name}: failed requests, {how}", sum(one.load.failed for one in found), "", 0),
        ]
    return results


def _round(server: Server, body: Path, own_tokens: bool) -> Round:
    before = cpu_seconds(server.pid)
    load = loaded(server.url, body, connections=CONNECTIONS, seconds=SECONDS, own_tokens=own_tokens)
    return Round(load, (cpu_seconds(server.pid) - before) / load.requests * 1000)
