"""Whatever is asked and whatever goes wrong, the compiled operation answers as graphql-core does."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from graphql import parse, validate
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.federation.execution.compiled.differential import compare_world
from tests.federation.execution.compiled.operations import operation
from tests.federation.execution.compiled.worlds import world

WORLDS = 25
OPERATIONS = 20

worlds = settings(
    max_examples=WORLDS,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # a smaller seed is no smaller world
    suppress_health_check=[HealthCheck.too_slow],
)
seeds = given(seed=st.integers(0, 2**48))


@pytest.mark.parametrize("quarter", range(4))
def test_five_hundred_random_operations_are_answered_as_graphql_core_answers_them(quarter: int) -> None:
    met: Counter[str] = Counter()

    @worlds
    @seeds
    def compared(seed: int) -> None:
        difference = asyncio.run(compare_world(seed, OPERATIONS, met))
        assert difference is None, difference

    compared()
    assert met["operations"] == WORLDS * OPERATIONS
    # Both ways were gone, with settled conditions and with conditions in the code.
    assert min(met[way] for way in ("settled, fast", "settled, exact", "open, fast", "open, exact")) > 25
    assert met["with errors"] > 100


@pytest.mark.soak
def test_a_hundred_thousand_random_operations_are_answered_as_graphql_core_answers_them() -> None:
    met: Counter[str] = Counter()
    for seed in range(5_000):
        difference = asyncio.run(compare_world(seed, OPERATIONS, met))
        assert difference is None, difference
    assert met["operations"] == 100_000


def test_the_operations_compared_are_valid() -> None:
    for seed in range(8):
        made = world(seed)
        for number in range(4):
            asked = operation(made, number)
            assert validate(made.schema, parse(asked.text)) == [], asked.text
