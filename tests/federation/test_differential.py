"""The engine against graphql-core: random federated graphs answer as the same data behind one schema does."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from graphql import GraphQLSchema, execute_sync, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.federation import pockets
from tests.federation.emulator import Row
from tests.federation.graphs import FederatedGraph, random_graph
from tests.federation.operations import random_operation
from tests.federation.testkit import answer, subgraphs_of, supergraph_of

GRAPHS = 25
SOAK_GRAPHS = int(os.environ.get("SOAK_GRAPHS", "1000"))
OPERATIONS = 20  # per graph


@dataclass(frozen=True)
class Seen:
    """A row, and through which others it was reached."""

    row: Row
    above: Seen | None = None

    def wrap(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.wrap(item) for item in value]
        return Seen(value, self) if isinstance(value, dict) else value

    @property
    def context(self) -> int:
        """What the nearest holder above says."""
        assert self.above is not None
        return pockets.setting_of(self.row) if self.row["__typename"] in ("Bag", "Crate") else self.above.context


def in_one_piece(graph: FederatedGraph, schema: GraphQLSchema, query: str) -> Any:
    """What graphql-core makes of the operation on the whole schema."""
    root = {name: value for row in graph.rows if row["__typename"] == "Query" for name, value in row.items()}

    def resolve(seen: Seen, info: Any, **arguments: Any) -> Any:
        value = seen.row.get(info.field_name)
        if value is pockets.size:
            arguments["of"] = seen.context
        return seen.wrap(value(seen.row, arguments) if callable(value) else value)

    result = execute_sync(
        schema,
        parse(query),
        Seen(root),
        field_resolver=resolve,
        type_resolver=lambda seen, info, kind: seen.row["__typename"],
    )
    assert not result.errors
    return result.data


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
@settings(max_examples=SOAK_GRAPHS, deadline=None, database=None)
async def test_20000_random_operations_answer_as_one_schema_does(seed: int) -> None:
    await compare(seed)
