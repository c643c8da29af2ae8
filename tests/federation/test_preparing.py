"""What comes for the first time is prepared beside the loop: it holds nobody up, and is made once."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from typing import Any

import pytest

from federation import engine as engine_module
from federation.admission import LRU, GraphQLRequest, documents, known
from federation.engine import Engine, Options
from federation.execution.compiled import CompiledOperations, compile_operation
from federation.execution.compiled import cache as compiled_cache
from federation.execution.fused import cache as fused_cache
from federation.execution.transport import InProcessTransport
from tests.federation.execution.compiled.shop import Watched
from tests.federation.execution.fused.village import Village
from tests.federation.small_mall import PRODUCTS, REVIEWS, Subgraph, supergraph

PATIENCE_SECONDS = 10


class Held:
    """A step that goes on only once the loop has answered somebody else; it notes its calls."""

    def __init__(self, step: Any) -> None:
        self.step = step
        self.begun, self.may_end = threading.Event(), threading.Event()
        self.calls = 0

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        self.calls += 1
        self.begun.set()
        assert self.may_end.wait(PATIENCE_SECONDS), "nobody else was answered meanwhile"
        return self.step(*arguments, **named)


def small_mall() -> Engine:
    ways = {name: Subgraph(sdl) for name, sdl in (("products", PRODUCTS), ("reviews", REVIEWS))}
    return Engine(supergraph(), {name: InProcessTransport(name, way.call) for name, way in ways.items()})


def village(options: Options | None = None) -> Engine:
    made = Village()
    return Engine(made.supergraph, made.transports, options)


STEPS = [
    (small_mall, "{ __typename }", "{ top: __typename }", documents, "validate"),
    (small_mall, "{ __typename }", "{ top: __typename }", known, "print_ast"),
    (small_mall, "{ __typename }", "{ __schema { queryType { name } } }", engine_module, "execute_sync"),
    (village, "{ shops { name } }", "{ shops { other: name } }", engine_module, "plan"),
    (village, "{ shops { name } }", "{ shops { other: name } }", fused_cache, "fuse"),
]


@pytest.mark.parametrize(("made", "usual", "new", "module", "step"), STEPS, ids=[str(step[-1]) for step in STEPS])
async def test_who_asks_what_is_known_is_answered_while_something_new_is_prepared(
    made: Any, usual: str, new: str, module: Any, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = made()
    before = await engine.execute(GraphQLRequest(usual))
    held = Held(getattr(module, step))
    monkeypatch.setattr(module, step, held)
    asked = [asyncio.create_task(engine.execute(GraphQLRequest(new))) for _ in range(3)]
    await asyncio.to_thread(held.begun.wait, PATIENCE_SECONDS)
    assert await engine.execute(GraphQLRequest(usual)) == before
    held.may_end.set()
    answers = await asyncio.gather(*asked)
    assert answers[0].errors == []
    assert answers == [answers[0]] * 3
    assert held.calls == 1  # once for the three who asked


async def test_what_is_known_runs_while_something_new_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched()
    operations = CompiledOperations(watched.schema, watched.answers)

    async def ask(text: str) -> Any:
        return await operations.run(text, watched.document(text), None, {}, None)

    before = await ask("{ shops(first: 1) { name } }")
    held = Held(compile_operation)
    monkeypatch.setattr(compiled_cache, "compile_operation", held)
    asked = [asyncio.create_task(ask("{ shops(first: 2) { name } }")) for _ in range(3)]
    await asyncio.to_thread(held.begun.wait, PATIENCE_SECONDS)
    assert await ask("{ shops(first: 1) { name } }") == before
    held.may_end.set()
    answers = await asyncio.gather(*asked)
    assert answers == [answers[0]] * 3
    assert operations.counts == Counter(compile=2, run=5)


@pytest.mark.parametrize(("module", "step"), [(engine_module, "plan"), (fused_cache, "fuse")])
async def test_what_takes_long_to_prepare_takes_no_time_from_its_calls(
    module: Any, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = getattr(module, step)

    def slow(*arguments: Any, **named: Any) -> Any:
        time.sleep(1.2)
        return quick(*arguments, **named)

    monkeypatch.setattr(module, step, slow)
    answer = await village(Options(deadline=1.0)).execute(GraphQLRequest("{ shops { name } }"))
    assert answer.errors == []


async def test_what_fails_in_preparation_is_the_clients_error() -> None:
    refused = await small_mall().execute(GraphQLRequest("{ nothing }"))
    assert [error["extensions"]["code"] for error in refused.errors] == ["GRAPHQL_VALIDATION_FAILED"]


def test_a_memory_that_threads_share_stays_bounded() -> None:
    memory: LRU[int, int] = LRU(3)
    failed: list[BaseException] = []

    def hammer(start: int) -> None:
        try:
            for number in range(start, start + 20_000):
                memory.put(number % 7, number)
                memory.get((number + 3) % 7)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=hammer, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(memory) == 3
