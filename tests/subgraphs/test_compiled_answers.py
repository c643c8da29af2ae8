"""The compiled executor answers the mall's own subgraphs as strawberry does."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import orjson
import pytest

from kit.settings import Settings
from kit.viewer import GUEST, Viewer
from resolvers.context import Context
from subgraphs.runtime import Answer, Subgraph
from tests.subgraphs.asking import Ids, queries
from tests.support.mall import persona

SUBGRAPHS: dict[str, Subgraph] = {
    name: import_module(f"subgraphs.{name}").subgraph for name in ("shops", "products", "orders", "members", "content")
}
QUERIES = 12


def shown(answer: Answer) -> tuple[str, list[bytes]]:
    """Data with the order of its keys; errors in any order: strawberry's is that in which its loaders come home."""
    return repr(answer.data), sorted(orjson.dumps(error) for error in answer.errors)


async def compare(subgraph: Subgraph, query: str, variables: dict[str, Any], viewer: Viewer) -> Answer:
    """The answer, once both agree on it."""
    by_strawberry = await subgraph.answer_by_strawberry(query, variables, Context(viewer))
    compiled = await subgraph.answer(query, variables, Context(viewer))
    assert shown(compiled) == shown(by_strawberry), query
    assert "Cannot query field" not in str(compiled.errors), query
    return compiled


@pytest.mark.usefixtures("noon")
async def test_random_queries_are_answered_as_strawberry_answers_them(tiny_mall: Settings) -> None:
    viewers = [GUEST, *(persona(tiny_mall, name) for name in ("buyer", "merchant"))]
    ids, errors, runs = Ids(), 0, {name: subgraph.operations.counts["run"] for name, subgraph in SUBGRAPHS.items()}
    for round_ in range(QUERIES):
        for name, subgraph in SUBGRAPHS.items():
            for query, variables in queries(subgraph.schema._schema, (name, round_), ids, 1):
                for viewer in viewers:
                    answer = await compare(subgraph, query, variables, viewer)
                    ids.learn(answer.data)
                    errors += len(answer.errors)
    assert errors > 20
    assert {
        name: subgraph.operations.counts["run"] - runs[name] for name, subgraph in SUBGRAPHS.items()
    } == dict.fromkeys(SUBGRAPHS, QUERIES * len(viewers))
    assert {"Shop", "Branch", "Product", "Category", "Member"} <= set(ids.known)
