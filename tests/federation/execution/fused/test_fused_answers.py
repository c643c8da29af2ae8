"""A fused plan answers as the ordinary executor over graphql-core does, and as one schema would, come what may."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tests.federation.execution.fused.differential import compare_graph

GRAPHS = 12
OPERATIONS = 20


@pytest.mark.parametrize("part", range(2))
def test_random_operations_are_answered_as_by_the_ordinary_executor(part: int) -> None:
    met: Counter[str] = Counter()
    for seed in range(part * GRAPHS, (part + 1) * GRAPHS):
        difference = asyncio.run(compare_graph(seed, OPERATIONS, met))
        assert difference is None, difference
    assert met["operations"] == GRAPHS * OPERATIONS
    assert met["run"] > GRAPHS * OPERATIONS / 2
    assert met["with errors"] > 20
    assert met["resolution"] > 5  # runs that the ordinary executor ended, of what had been resolved


@pytest.mark.soak
def test_ten_thousand_random_operations_are_answered_as_by_the_ordinary_executor() -> None:
    met: Counter[str] = Counter()
    for seed in range(500):
        difference = asyncio.run(compare_graph(seed, OPERATIONS, met))
        assert difference is None, difference
    assert met["operations"] == 10_000
