"""A spliced answer is the one that the same plan gives without any part kept: whoever asked before, whatever was
written meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tests.federation.execution.spliced.differential import compare_graph

GRAPHS = 25
OPERATIONS = 6


@pytest.mark.parametrize("part", range(2))
def test_random_operations_under_random_writes_are_answered_as_without_fragments(part: int) -> None:
    met: Counter[str] = Counter()
    for seed in range(part * GRAPHS, (part + 1) * GRAPHS):
        difference = asyncio.run(compare_graph(seed, OPERATIONS, met))
        assert difference is None, difference
    assert met["hit"] > met["answers"] / 10
    assert met["make"] > 50
    assert met["failed"] > 5
    assert met["with errors"] > 20


@pytest.mark.soak
def test_fifty_thousand_answers_under_random_writes_are_as_without_fragments() -> None:
    met: Counter[str] = Counter()
    for seed in range(700):
        difference = asyncio.run(compare_graph(seed, OPERATIONS, met))
        assert difference is None, difference
    assert met["answers"] > 50_000
