"""When whole answers are kept and used, and for whom."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from graphql import parse

from federation import planning
from federation.execution import ExecutionResult, execute
from federation.execution.spliced import Fragments, Wholes, whole
from federation.execution.transport import RequestContext
from tests.federation.execution.fused.village import Village
from tests.federation.execution.spliced.test_splicing import QUERY, Ledger


class Counter:
    """A village whose answers are kept whole."""

    def __init__(self, **cells: Any) -> None:
        self.village = Village(cells=cells)
        self.ledger = Ledger()
        self.wholes = Wholes(self.ledger, Fragments(100, 10**6))
        self.plans: dict[str, Any] = {}
        self.told: list[Any] = []

    async def ask(self, query: str = QUERY, viewer: str | None = None, **variables: Any) -> tuple[Any, list[str]]:
        """The answer as a client reads it, and what was asked for it."""
        context, given = RequestContext({"baggage": "mine"}, value=viewer), {"first": 2, **variables}
        plan = self.plans.setdefault(query, planning.plan(parse(query), self.village.supergraph))
        del self.village.calls[:]

        async def run(plan: Any, context: RequestContext) -> ExecutionResult:
            self.told.append(context.value)
            return await execute(plan, given, self.village.transports, context)

        result = await self.wholes.answer(plan, given, context, run)
        answer = orjson.loads(orjson.dumps({"data": result.data, "errors": result.errors}))
        return answer, [name for name, _ in self.village.calls]


async def test_an_answer_is_kept_when_it_is_asked_for_again_and_used_from_then_on() -> None:
    counter = Counter()
    answers = [await counter.ask() for _ in range(4)]
    assert [bool(asked) for _, asked in answers] == [True, True, False, False]
    assert [answer for answer, _ in answers] == [answers[0][0]] * 4
    assert list(answers[3][0]["data"]) == ["few", "currency", "__typename"]
    assert counter.wholes.counts == {"make": 1, "hit": 2}


async def test_it_is_made_again_when_its_record_falls() -> None:
    counter = Counter()
    for _ in range(3):
        await counter.ask()
    counter.ledger.records[0].stands = False
    assert (await counter.ask())[1]
    assert (await counter.ask())[1] == []


async def test_who_is_somebody_neither_gets_nor_makes_one() -> None:
    counter = Counter()
    for _ in range(3):
        assert (await counter.ask(viewer="a"))[1]
    for _ in range(3):
        await counter.ask()
    assert (await counter.ask(viewer="a"))[1]
    assert counter.told[:3] == ["a"] * 3


async def test_other_variables_are_other_answers() -> None:
    counter = Counter(shops=lambda _: [])
    for first in (2, 3):
        asked = [(await counter.ask(first=first))[1] for _ in range(3)]
        assert asked[-1] == []
        assert "shops" in asked[0]


async def test_an_answer_with_an_error_is_not_kept() -> None:
    counter = Counter(price=lambda row: ValueError("no price"))
    for _ in range(4):
        answer, asked = await counter.ask()
        assert answer["errors"]
        assert asked
    assert counter.wholes.counts == {"unkept": 3}


async def test_one_that_does_not_stand_is_shown_once() -> None:
    counter = Counter()
    counter.ledger.stand = False
    for _ in range(4):
        assert (await counter.ask())[1]
    assert counter.wholes.counts == {"unkept": 3}


async def test_a_mutation_is_never_kept() -> None:
    counter = Counter()
    for _ in range(3):
        await counter.ask('mutation { open(name: "x") { name } }')
    assert counter.wholes.counts == {}
    assert len(counter.told) == 3


async def test_while_one_is_made_again_others_wait_for_it() -> None:
    counter = Counter()
    for _ in range(3):
        await counter.ask()
    counter.ledger.records[0].stands = False
    before = len(counter.told)
    answers = await asyncio.gather(*(counter.ask() for _ in range(9)))
    assert [answer for answer, _ in answers] == [answers[0][0]] * 9
    assert len(counter.told) - before == 1
    assert counter.wholes._making == {}


async def test_nobody_waits_for_one_that_never_stood() -> None:
    counter = Counter()
    counter.ledger.stand = False
    await counter.ask()
    await asyncio.gather(*(counter.ask() for _ in range(9)))
    assert counter.wholes.counts == {"unkept": 9}
    assert len(counter.told) == 10


async def test_who_gives_up_while_he_makes_it_leaves_others_to_it() -> None:
    counter = Counter()
    for _ in range(3):
        await counter.ask()
    counter.ledger.records[0].stands = False
    first, second = (asyncio.create_task(counter.ask()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    answer, _ = await second
    assert answer["errors"] == []
    assert counter.wholes._making == {}


async def test_what_is_kept_does_not_keep_plans() -> None:
    counter = Counter()
    for number in range(20):
        await counter.ask(f"{{ a{number}: currency }}")
    counter.plans.clear()
    gc.collect()
    assert len(counter.wholes.fragments) == 20
    assert len(counter.wholes._numbers) == 0


def _for_everybody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Ledger, "is_anonymous", lambda self, value: True)


def _without_variables(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(whole, "key_of", lambda variables: b"")


def _standing_forever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(whole.Kept, "stands", property(lambda kept: kept.json is not None))


@pytest.mark.parametrize(
    ("plant", "test"),
    [
        (_for_everybody, test_who_is_somebody_neither_gets_nor_makes_one),
        (_without_variables, test_other_variables_are_other_answers),
        (_standing_forever, test_it_is_made_again_when_its_record_falls),
    ],
)
async def test_a_planted_bug_is_caught(
    plant: Callable[[pytest.MonkeyPatch], None], test: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        await test()
