"""The engine against graphql-core: random federated graphs answer as the same data behind one schema does."""

from __future__ import annotations

import json
import os
from random import Random
from typing import Any

import pytest
from graphql import GraphQLSchema, execute_sync, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.federation.graphs import FederatedGraph, random_graph, random_operation
from tests.federation.testkit import answer, subgraphs_of, supergraph_of

GRAPHS = 50
SOAK_GRAPHS = int(os.environ.get("SOAK_GRAPHS", "2000"))
OPERATIONS = 10  # per graph


def in_one_piece(graph: FederatedGraph, schema: GraphQLSchema, query: str) -> Any:
    """What graphql-core makes of the operation on the whole schema."""

    def resolve(row: dict[str, Any], info: Any, **arguments: Any) -> Any:
        value = row.get(info.field_name)
        return value(row, arguments) if callable(value) else value

    result = execute_sync(
        schema,
        parse(query),
        graph.rows[0],
        field_resolver=resolve,
        type_resolver=lambda row, info, kind: row["__typename"],
    )
    assert not result.errors
    return result.data


async def compare(seed: int) -> None:
    random = Random(seed)
    graph = random_graph(random)
    supergraph = supergraph_of(graph.sdls)
    for _ in range(OPERATIONS):
        query = random_operation(random, graph)
        result = await answer(supergraph, subgraphs_of(graph.sdls, graph.rows), query)
        assert result.errors == [], query
        assert json.dumps(result.data) == json.dumps(in_one_piece(graph, supergraph.api_schema, query)), query


@given(seed=st.integers(0, 2**32))
@settings(max_examples=GRAPHS, deadline=None, derandomize=True, database=None)
async def test_500_random_operations_answer_as_one_schema_does(seed: int) -> None:
    await compare(seed)


@pytest.mark.soak
@given(seed=st.integers(0, 2**32))
@settings(max_examples=SOAK_GRAPHS, deadline=None, database=None)
async def test_20000_random_operations_answer_as_one_schema_does(seed: int) -> None:
    await compare(seed)
