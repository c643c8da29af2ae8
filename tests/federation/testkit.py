"""Planning and executing in one call, for tests."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLSchema, OperationDefinitionNode, parse, validate
from graphql.execution.values import get_variable_values

from federation import planning
from federation.composition import SubgraphSource, compose
from federation.execution import ExecutionResult, execute
from federation.execution.transport import RequestContext, Transport
from federation.supergraph import Supergraph
from tests.federation.emulator import Row, Subgraph

Source = str | Mapping[str, str]
"""A supergraph's SDL, or subgraphs by name."""

LINK = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@shareable", "@external",
  "@requires", "@provides", "@override", "@interfaceObject", "@inaccessible", "@context", "@fromContext"])
"""


def supergraph_of(source: Source) -> Supergraph:
    if isinstance(source, str):
        return Supergraph.parse(source)
    composed = compose([SubgraphSource(name, f"http://{name}", LINK + sdl) for name, sdl in source.items()])
    assert composed.sdl is not None, composed.errors
    return Supergraph.parse(composed.sdl)


def plan(source: Source, query: str, **options: Any) -> str:
    """The printed plan of an operation that is valid."""
    supergraph = supergraph_of(source)
    document = parse(query)
    assert not validate(supergraph.api_schema, document)
    return str(planning.plan(document, supergraph, **options))


def printed(text: str) -> str:
    """An expected plan as it stands in a test."""
    return textwrap.dedent(text).strip()


def subgraphs_of(source: Mapping[str, str], rows: Sequence[Row]) -> dict[str, Subgraph]:
    return {name: Subgraph(name, sdl, rows) for name, sdl in source.items()}


async def answer(
    supergraph: Supergraph,
    transports: Mapping[str, Transport],
    query: str,
    variables: Mapping[str, Any] | None = None,
    **options: Any,
) -> ExecutionResult:
    """The answer to a valid operation; boolean variables are flags."""
    document = parse(query)
    assert not validate(supergraph.api_schema, document)
    values = coerced(supergraph.api_schema, document.definitions[0], variables or {})
    flags = {name: value for name, value in values.items() if isinstance(value, bool)}
    return await execute(
        planning.plan(document, supergraph, flags=flags, **options), values, transports, RequestContext()
    )


def coerced(schema: GraphQLSchema, operation: Any, variables: Mapping[str, Any]) -> dict[str, Any]:
    assert isinstance(operation, OperationDefinitionNode)
    values = get_variable_values(schema, operation.variable_definitions or (), dict(variables))
    assert not isinstance(values, list), values
    return dict(getattr(values, "coerced", values))


async def answer_from(
    source: Mapping[str, str],
    rows: Sequence[Row],
    query: str,
    variables: Mapping[str, Any] | None = None,
    **options: Any,
) -> tuple[ExecutionResult, dict[str, Subgraph]]:
    """The answer of emulated subgraphs, and the subgraphs, to see what they were asked."""
    subgraphs = subgraphs_of(source, rows)
    result = await answer(supergraph_of(source), subgraphs, query, variables, **options)
    return result, subgraphs
