"""However many different operations come, what an engine remembers of them is bounded."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from federation.admission import GraphQLRequest
from federation.engine import Engine, Options
from federation.execution.spliced import Record
from federation.execution.transport import RequestContext
from kit.memory import settle_memory
from tests.federation.execution.fused.village import Village
from tests.federation.execution.spliced.sharing import sharing_village

LOOKS = (10_000, 50_000, 100_000)
"""Operations after which the memory of the process is looked at; every memory of operations is full at the first."""
SLACK = 12_000_000
"""Bytes that a process may differ by, however long it runs."""

_log = logging.getLogger(__name__)


@pytest.fixture
def settled() -> Iterator[None]:
    """The garbage collector works as in a server."""
    usual = gc.get_threshold()
    settle_memory()
    yield
    gc.set_threshold(*usual)
    gc.unfreeze()


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


async def sizes(looks: Sequence[int], plans: int = 500) -> list[int]:
    """How many bytes the process has after each of so many operations, all different."""
    village = sharing_village()
    options = Options(ledger=Trusting(), fragments=(500, 2_000_000), plans=plans)
    engine = Engine(village.supergraph, village.transports, options)
    found = []
    for number in range(1, looks[-1] + 1):
        await ask(village, engine, number)
        if number in looks:
            found.append(resident())
            _log.info("%.1f MB after %d operations", found[-1] / 1e6, number)
    return found


@pytest.mark.soak
@pytest.mark.timeout(3_600)
async def test_a_hundred_thousand_different_operations_leave_a_process_as_large_as_ten_thousand(settled: None) -> None:
    first, *later = await sizes(LOOKS)
    assert max(later) < first + SLACK


@pytest.mark.soak
@pytest.mark.timeout(3_600)
async def test_a_memory_without_a_bound_is_found(settled: None) -> None:
    """The planted bug: plans that are never forgotten, over a tenth of the way."""
    first, last = await sizes((10_000, 20_000), plans=10**9)
    assert last > first + SLACK


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
