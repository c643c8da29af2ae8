"""The 23 tests of @apollo/federation-subgraph-compatibility against a subgraph of our runtime.

The package's own command starts the router by docker, or downloads Apollo's. Here its tests run as they are, on a copy
that has another router's address; the users and inventory subgraphs are the package's, the supergraph is composed by
our composer, and the router is ours or Apollo Gateway.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from federation.composition import SubgraphSource, compose
from tests.interop.compatibility.products import subgraph
from tests.interop.peers import HERE, apollo_gateway, needs
from tests.support.databases import sqlite_settings
from tests.support.servers import environment_of, free_port, gateway, process, running, wait_for

SUITE = HERE / "node_modules" / "@apollo" / "federation-subgraph-compatibility-tests"
TESTS = 23
ASKED = {"apollo-federation-include-trace": "ftv1"}

pytestmark = needs("@apollo/federation-subgraph-compatibility-tests", "@apollo/gateway", "@apollo/server")


@dataclass(frozen=True, slots=True)
class Graph:
    """Where our subgraph answers, and the supergraph of all three."""

    products: str
    supergraph: Path


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    folder = tmp_path_factory.mktemp("compatibility")
    environment = environment_of(sqlite_settings(folder / "unused.db"))
    urls = {}
    with ExitStack() as stack:
        port = free_port()
        command = ("-m", "tests.interop.compatibility.products", "--port", str(port))
        urls["products"] = f"http://127.0.0.1:{port}/graphql"
        wait_for(f"http://127.0.0.1:{port}/health", stack.enter_context(process(*command, environment=environment)))
        for name in ("users", "inventory"):
            urls[name] = stack.enter_context(peer(name))
        yield Graph(urls["products"], _supergraph(folder / "supergraph.graphql", urls))


@contextmanager
def peer(name: str) -> Iterator[str]:
    """A subgraph of the suite, by its address."""
    port = free_port()
    environment = {f"{name.upper()}_PORT": str(port), "NODE_ENV": "production"}
    folder = SUITE / "dist" / "subgraphs" / name
    with running("node", "index.js", folder=folder, environment=environment) as started:
        address = f"http://127.0.0.1:{port}/"
        wait_for(f"{address}?query=%7B__typename%7D", started, {"apollo-require-preflight": "true"})
        yield address


def _supergraph(file: Path, urls: dict[str, str]) -> Path:
    theirs = {name: (SUITE / "dist" / "subgraphs" / name / f"{name}.graphql") for name in ("users", "inventory")}
    texts = {"products": subgraph.sdl} | {name: path.read_text("utf-8") for name, path in theirs.items()}
    composition = compose([SubgraphSource(name, urls[name], text) for name, text in texts.items()])
    assert composition.sdl, composition.errors
    file.write_text(composition.sdl, "utf-8")
    return file


def verdicts(folder: Path, products: str, router: str) -> dict[str, str]:
    """The verdict of each test of the suite."""
    for part in ("tests", "utils"):
        shutil.copytree(SUITE / "dist" / part, folder / "dist" / part)
    shutil.copy(SUITE / "dist" / "testRunner.js", folder / "dist")
    shutil.copy(SUITE / "products.graphql", folder)
    client = folder / "dist" / "utils" / "client.js"
    text = client.read_text("utf-8")
    assert "'http://localhost:4000/'" in text
    client.write_text(text.replace("'http://localhost:4000/'", f"'{router}'"), "utf-8")
    config = {"rootDir": str(folder), "testEnvironment": "node", "modulePaths": [str(HERE / "node_modules")]}
    run = subprocess.run(
        ["node", HERE / "node_modules" / "jest" / "bin" / "jest.js", "--ci", "--json", "--config", json.dumps(config)],
        cwd=folder,
        env={**os.environ, "PRODUCTS_URL": products},
        capture_output=True,
        text=True,
        check=False,
    )
    files = json.loads(run.stdout)["testResults"]
    return {result["fullName"]: result["status"] for file in files for result in file["assertionResults"]}


@contextmanager
def our_gateway(supergraph: Path) -> Iterator[str]:
    with gateway({}, "--supergraph", str(supergraph)) as (address, _):
        yield f"{address}/graphql"


@contextmanager
def apollo(supergraph: Path) -> Iterator[str]:
    with apollo_gateway(supergraph) as (endpoint, _):
        yield endpoint


@pytest.mark.parametrize("router", [our_gateway, apollo])
def test_the_suite_passes(graph: Graph, tmp_path: Path, router: Callable[[Path], AbstractContextManager[str]]) -> None:
    with router(graph.supergraph) as endpoint:
        found = verdicts(tmp_path, graph.products, endpoint)
    assert {name: verdict for name, verdict in found.items() if verdict != "passed"} == {}
    assert len(found) == TESTS


def test_a_trace_is_read_by_apollos_own_decoder(graph: Graph) -> None:
    query = '{ product(id: "apollo-federation") { research { study { caseNumber } } createdBy { name } } }'
    answer = httpx.post(graph.products, json={"query": query}, headers=ASKED).json()
    decoded = subprocess.run(
        ["node", "trace.mjs"],
        cwd=HERE,
        input=answer["extensions"]["ftv1"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(decoded.stdout) == [
        "product: Product of Query",
        "product.research: [ProductResearch!]! of Product",
        "product.research.0.study: CaseStudy! of ProductResearch",
        "product.research.0.study.caseNumber: ID! of CaseStudy",
        "product.createdBy: User of Product",
        "product.createdBy.name: String of User",
    ]


def test_a_trace_is_only_made_where_it_is_asked_for(graph: Graph) -> None:
    answer = httpx.post(graph.products, json={"query": "{ __typename }"}).json()
    assert answer == {"data": {"__typename": "Query"}}
