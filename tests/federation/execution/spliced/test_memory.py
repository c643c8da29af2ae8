"""However many different operations come, what an engine remembers of them is bounded."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from federation.admission import GraphQLRequest
from federation.engine import Engine, Options
from federation.execution.spliced import Record
from federation.execution.transport import RequestContext
from tests.federation.execution.fused.village import Village
from tests.federation.execution.spliced.sharing import sharing_village

SETTLED = 5_000
"""Operations after which every memory is full."""
SLACK = 12_000_000
"""Bytes that a process may differ by, however long it runs."""


class Standing:
    """A record that always stands."""

    stands = True

    def __len__(self) -> int:
        return 5


class Trusting:
    """A ledger that keeps whatever it may."""

    trusted = True
    whole = False

    def is_anonymous(self, value: Any) -> bool:
        return True

    def recorded(self, value: Any, count: int) -> Sequence[tuple[Any, Record]]:
        return [(value, Standing()) for _ in range(count)]


def resident() -> int:
    """Bytes of memory that this process has."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def ask(village: Village, engine: Engine, number: int) -> None:
    """An operation that nobody has asked before; every tenth is asked often enough to be divided and kept."""
    text = f"query Q{number} {{ shops(first: 2) {{ n{number}: name goods {{ id p{number}: price }} }} currency }}"
    for _ in range(1 if number % 10 else 4):
        answer = await engine.execute(GraphQLRequest(text), RequestContext())
        assert answer.errors == []
    village.calls.clear()
    for house in village.houses.values():
        house.contexts.clear()


async def grown(operations: int) -> int:
    """By how many bytes a process grows after its memories are full."""
    village = sharing_village()
    engine = Engine(
        village.supergraph, village.transports, Options(ledger=Trusting(), fragments=(500, 2_000_000), plans=500)
    )
    for number in range(SETTLED):
        await ask(village, engine, number)
    before = resident()
    for number in range(SETTLED, operations):
        await ask(village, engine, number)
    return resident() - before


@pytest.mark.soak
def test_a_hundred_thousand_different_operations_leave_a_process_as_large_as_five_thousand() -> None:
    assert asyncio.run(grown(100_000)) < SLACK


async def test_each_memory_of_operations_has_its_bound() -> None:
    village = sharing_village()
    engine = Engine(village.supergraph, village.transports, Options(ledger=Trusting(), fragments=(20, 10**6), plans=10))
    state = engine._state
    state.fused.max_plans = 10
    for house in village.houses.values():
        house.operations.max_operations = 10
    for number in range(60):
        await ask(village, engine, number)
    assert state.splicer
    assert state.splicer.counts["make"] > 10
    assert len(state.plans) <= 10
    assert len(state.fused) <= 10
    assert len(state.splicer.fragments) <= 20
    assert all(len(house.operations) <= 10 for house in village.houses.values())
    assert len(state.admission._operations) <= 1_000
