"""Gateways of npm as processes: each serves a supergraph at an address of its own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from graphql import DirectiveNode, Node, StringValueNode, Visitor, parse, print_ast, visit
from graphql.language.visitor import VisitorActionEnum

from tests.support.servers import ROUTER_SECRET, free_port, running, wait_for

HERE = Path(__file__).parent
SCOPES = "requiresScopes"


def needs(*packages: str) -> list[pytest.MarkDecorator]:
    """The marks of a test that needs node, and packages of npm in this folder."""
    missing = [name for name in packages if not (HERE / "node_modules" / name).is_dir()]
    return [
        pytest.mark.interop,
        pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
        pytest.mark.skipif(bool(missing), reason="npm install was not run"),
    ]


@contextmanager
def apollo_gateway(supergraph: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Apollo Gateway on Apollo Server: its endpoint and its process.

    It refuses a supergraph with @requiresScopes, which only Apollo's commercial router knows: it is given one without.
    The subgraphs judge each row themselves, so nothing opens.
    """
    file = supergraph.with_suffix(".open.graphql")
    file.write_text(without_scopes(supergraph.read_text("utf-8")), "utf-8")
    with _node("apollo.mjs", file, path="/") as found:
        yield found


@contextmanager
def hive_gateway(supergraph: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Hive Gateway with the planner of Hive Router, which is written in Rust: its endpoint and its process."""
    with _node("hive.mjs", supergraph, path="/graphql") as found:
        yield found


@contextmanager
def home_server(script: str, tree: Path, *, path: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A stack of Node that answers Home from the file of `bench.home_tree`: its endpoint and its process."""
    with _node(script, tree, path=path) as found:
        yield found


@contextmanager
def _node(script: str, supergraph: Path, *, path: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    environment = {"NODE_ENV": "production", "ROUTER_SECRET": ROUTER_SECRET}
    with running("node", script, str(supergraph), str(port), folder=HERE, environment=environment) as started:
        address = f"http://127.0.0.1:{port}{path}"
        wait_for(f"{address}?query=%7B__typename%7D", started, {"apollo-require-preflight": "true"})
        yield address, started


def without_scopes(supergraph: str) -> str:
    """The supergraph without @requiresScopes."""
    return print_ast(visit(parse(supergraph), _WithoutScopes()))


class _WithoutScopes(Visitor):
    def enter_directive(self, node: DirectiveNode, *_: object) -> VisitorActionEnum | None:
        links = node.name.value == "link" and any(
            isinstance(argument.value, StringValueNode) and f"/{SCOPES}/" in argument.value.value
            for argument in node.arguments
        )
        return self.REMOVE if links or node.name.value == SCOPES else None

    def enter_directive_definition(self, node: Node, *_: object) -> VisitorActionEnum | None:
        return self.REMOVE if node.name.value == SCOPES else None

    def enter_scalar_type_definition(self, node: Node, *_: object) -> VisitorActionEnum | None:
        return self.REMOVE if node.name.value.startswith(SCOPES) else None
