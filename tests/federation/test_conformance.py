"""The conformance cases of the federation audit, planned and executed in process.

CONFORMANCE_DIR names a directory with `cases/` and `serve_subgraphs.py`, whose emulated subgraphs answer here without
HTTP.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from graphql import parse, validate

from federation.composition import SubgraphSource, compose
from federation.errors import PlanError
from federation.execution.transport import RequestContext, SubgraphRequest, SubgraphResponse
from federation.supergraph import Supergraph
from tests.federation.testkit import answer

DIRECTORY = os.environ.get("CONFORMANCE_DIR")
MOST_REQUESTS = 197  # the sum of the least that any known gateway needs for each case

pytestmark = pytest.mark.skipif(not DIRECTORY, reason="CONFORMANCE_DIR is not set")


@dataclass
class Emulated:
    """A subgraph of a case; `requests` counts those of all subgraphs."""

    subgraph: Any
    requests: list[str]

    async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        self.requests.append(self.subgraph.name)
        result = self.subgraph.execute({"query": request.query, "variables": over_the_wire(request.variables)})
        result = over_the_wire(result)
        return SubgraphResponse(result.get("data"), result.get("errors") or [])


@dataclass
class Suite:
    name: str
    supergraph: Supergraph
    subgraphs: dict[str, Any]
    tests: list[dict[str, Any]]
    requests: list[str] = field(default_factory=list)

    async def verdict(self, test: dict[str, Any]) -> tuple[Any, bool]:
        """Data, and whether there are errors."""
        document = parse(test["query"])
        if validate(self.supergraph.api_schema, document):
            return None, True
        transports = {name: Emulated(subgraph, self.requests) for name, subgraph in self.subgraphs.items()}
        try:
            result = await answer(self.supergraph, transports, test["query"], test.get("variables"))
        except PlanError:
            return None, True
        return result.data, bool(result.errors)


def over_the_wire(value: Any) -> Any:
    return json.loads(json.dumps(value))


def emulator(directory: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("conformance_subgraphs", directory / "serve_subgraphs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def given(folder: Path) -> str:
    """The supergraph that comes with the case."""
    return (folder / "supergraph.graphql").read_text()


def composed(folder: Path) -> str:
    """The supergraph that our composer makes of the case's subgraphs."""
    files = sorted((folder / "subgraphs").glob("*.graphql"))
    made = compose([SubgraphSource(file.stem, f"http://{file.stem}", file.read_text()) for file in files])
    assert made.sdl is not None, made.errors
    return made.sdl


def suites(supergraph_of: Callable[[Path], str]) -> Iterator[Suite]:
    directory = Path(DIRECTORY or "")
    for name, (_, subgraphs) in emulator(directory).load(directory / "cases").items():
        folder = directory / "cases" / name
        supergraph = Supergraph.parse(supergraph_of(folder))
        yield Suite(name, supergraph, subgraphs, json.loads((folder / "tests.json").read_text()))


@pytest.mark.parametrize("supergraph_of", [given, composed])
async def test_every_case_answers_as_expected_and_with_the_fewest_requests(
    supergraph_of: Callable[[Path], str],
) -> None:
    wrong: list[str] = []
    cases = requests = 0
    for suite in suites(supergraph_of):
        for test in suite.tests:
            data, failed = await suite.verdict(test)
            expected = test["expected"]
            if json.dumps(data, sort_keys=True) != json.dumps(expected.get("data"), sort_keys=True):
                wrong.append(f"{test['name']}: {json.dumps(data)}")
            elif failed is not expected.get("errors", False):
                wrong.append(f"{test['name']}: {'errors' if failed else 'no errors'}")
        cases += len(suite.tests)
        requests += len(suite.requests)
    assert wrong == []
    assert cases == 106
    assert requests <= MOST_REQUESTS
