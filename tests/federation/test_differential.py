"""The engine against graphql-core: random federated graphs answer as the same data behind one schema does."""

from __future__ import annotations

import json
import os
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.federation.graphs import random_graph
from tests.federation.one_schema import in_one_piece
from tests.federation.operations import random_operation
from tests.federation.testkit import answer, subgraphs_of, supergraph_of

GRAPHS = 25
SOAK_GRAPHS = int(os.environ.get("SOAK_GRAPHS", "1000"))
OPERATIONS = 20  # per graph


async def compare(seed: int) -> None:
    random = Random(seed)
    graph = random_graph(random)
    supergraph = supergraph_of(graph.sdls)
    subgraphs = subgraphs_of(graph.sdls, graph.rows)
    for _ in range(OPERATIONS):
        query = random_operation(random, graph)
        labels = frozenset(label for label in sorted(graph.labels) if random.random() < 0.5)
        result = await answer(supergraph, subgraphs, query, override_labels=labels)
        assert result.errors == [], query
        assert json.dumps(result.data) == json.dumps(in_one_piece(graph, supergraph.api_schema, query)), query


@given(seed=st.integers(0, 2**32))
@settings(max_examples=GRAPHS, deadline=None, derandomize=True, database=None)
async def test_500_random_operations_answer_as_one_schema_does(seed: int) -> None:
    await compare(seed)


@pytest.mark.soak
@given(seed=st.integers(0, 2**32))
@settings(max_examples=SOAK_GRAPHS, deadline=None, database=None, derandomize=False)
async def test_20000_random_operations_answer_as_one_schema_does(seed: int) -> None:
    await compare(seed)
