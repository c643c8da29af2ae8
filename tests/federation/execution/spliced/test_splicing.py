"""When parts are made, kept and used, and when a request must do without them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from graphql import parse, print_ast

from federation import planning
from federation.execution import ExecutionResult, execute
from federation.execution.spliced import Fragments, Record, Splicer, splicing, with_roots
from federation.execution.transport import RequestContext
from tests.federation.execution.spliced.sharing import sharing_village

QUERY = "query($first: Int! = 2) { few: shops(first: $first) { name goods { price } } currency __typename }"


@dataclass(slots=True)
class Noted:
    stands: bool = True

    def __len__(self) -> int:
        return 1


@dataclass(slots=True)
class Ledger:
    """Everybody is anonymous to whom the context gives no name. `records` are those of parts, as they were begun; new
    ones stand or not."""

    trusted: bool = True
    whole: bool = False
    stand: bool = True
    records: list[Noted] = field(default_factory=list)

    def is_anonymous(self, value: Any) -> bool:
        return value is None

    def recorded(self, value: Any, count: int) -> Sequence[tuple[Any, Record]]:
        self.records += (Noted(self.stand) for _ in range(count))
        return [(None, record) for record in self.records[-count:]]


class Counter:
    """A village whose answers are spliced. `shared` says so of each field, by name."""

    def __init__(self, shared: dict[str, Any] | None = None, **cells: Any) -> None:
        self.village = sharing_village(shared, **cells)
        self.ledger = Ledger()
        self.splicer = Splicer(self.ledger, self.village.fused, Fragments(100, 10**6))
        self.plans: dict[str, Any] = {}

    async def ask(self, query: str = QUERY, viewer: str | None = None, **variables: Any) -> tuple[Any, list[str]]:
        """The answer as a client reads it, and what was asked for it."""
        context, given = RequestContext(value=viewer), {"first": 2, **variables}
        document = parse(query)
        plan = self.plans.setdefault(query, planning.plan(document, self.village.supergraph))
        del self.village.calls[:]

        async def run(plan: Any) -> ExecutionResult:
            return await execute(plan, given, self.village.transports, context, fused=self.village.fused)

        def plan_of(keys: Any) -> Any:
            return planning.plan(with_roots(document, keys), self.village.supergraph)

        result = await self.splicer.answer(plan, plan_of, given, context, run) or await run(plan)
        answer = orjson.loads(orjson.dumps({"data": result.data, "errors": result.errors}))
        assert list(answer["data"]) == [one.alias for one in plan.shape.fields]
        return answer, [name for name, _ in self.village.calls]


EVERYTHING = ["shops", "currency", "goods", "_entities", "price"]


async def test_a_part_is_made_when_it_is_asked_for_again_and_used_from_then_on() -> None:
    counter = Counter()
    answers = [await counter.ask() for _ in range(5)]
    assert [sorted(asked) for _, asked in answers] == [sorted(EVERYTHING)] * 3 + [[], []]
    assert [answer for answer, _ in answers] == [answers[0][0]] * 5
    assert counter.splicer.counts == {"make": 2, "hit": 4}


async def test_a_part_whose_record_falls_is_made_again_and_no_other() -> None:
    counter = Counter()
    for _ in range(3):
        await counter.ask()
    counter.ledger.records[0].stands = False
    assert (await counter.ask())[1] == ["shops", "goods", "_entities", "price"]
    assert (await counter.ask())[1] == []


async def test_a_part_that_does_not_stand_when_it_is_made_is_shown_once() -> None:
    counter = Counter()
    counter.ledger.stand = False
    assert all([sorted((await counter.ask())[1]) == sorted(EVERYTHING) for _ in range(5)])
    assert counter.splicer.counts == {"make": 6, "unkept": 6, "hit": 0}


async def test_nothing_is_used_or_made_while_the_ledger_is_not_trusted() -> None:
    counter = Counter()
    for _ in range(3):
        await counter.ask()
    counter.ledger.trusted = False
    assert sorted((await counter.ask())[1]) == sorted(EVERYTHING)
    counter.ledger.trusted = True
    assert (await counter.ask())[1] == []


async def test_other_values_of_variables_are_other_parts() -> None:
    counter = Counter(shops=lambda _: [])
    for first in (2, 3):
        asked = [(await counter.ask(first=first))[1] for _ in range(4)]
        assert asked[-1] == []
        assert "shops" in asked[0]


async def test_variables_that_are_not_worth_to_be_remembered_are_not_spliced() -> None:
    counter = Counter()
    for _ in range(5):
        assert sorted((await counter.ask(other=["a", "list"]))[1]) == sorted(EVERYTHING)


async def test_what_is_the_viewers_own_is_asked_for_and_the_rest_is_kept() -> None:
    counter = Counter(shared={"currency": "nobody"})
    for viewer in ("a", None, "b", "a"):
        answer, asked = await counter.ask(viewer=viewer)
    assert asked == ["currency"]
    assert answer["data"]["currency"] == "CNY"
    assert counter.village.houses["prices"].contexts[-1] == "a"


async def test_what_all_strangers_share_is_kept_for_them_alone_and_made_as_for_one() -> None:
    counter = Counter(shared={"price": "anonymous"})
    for viewer in ("a", None, "a", None):
        await counter.ask(viewer=viewer)
    assert (await counter.ask())[1] == []
    counter.village.houses["shops"].contexts.clear()
    assert (await counter.ask(viewer="a"))[1] == ["shops", "goods", "_entities", "price"]
    assert counter.village.houses["shops"].contexts == ["a"]


async def test_a_part_with_an_error_is_never_kept_and_not_tried_again_while_nothing_changes() -> None:
    counter = Counter(price=lambda row: ValueError("no price"))
    answers = [await counter.ask() for _ in range(5)]
    assert [answer for answer, _ in answers] == [answers[0][0]] * 5
    assert [sorted(asked).count("price") for _, asked in answers] == [1, 1, 2, 1, 1]
    assert counter.splicer.counts == {"make": 1, "failed": 1, "hit": 0}
    counter.village.cells["price"] = lambda row: 7
    for record in counter.ledger.records:
        record.stands = False
    answer, _ = await counter.ask()
    assert answer["errors"] == []
    assert answer["data"]["few"][0]["goods"] == [{"price": 7}, {"price": 7}]


async def test_a_part_is_made_once_for_all_who_want_it_at_a_time() -> None:
    counter = Counter()
    for _ in range(2):
        await counter.ask()
    answers = await asyncio.gather(*(counter.ask() for _ in range(9)))
    assert [answer for answer, _ in answers] == [answers[0][0]] * 9
    assert counter.splicer.counts == {"make": 2, "shared": 16, "hit": 0}
    assert counter.splicer._making == {}


async def test_who_waited_for_a_part_that_does_not_stand_asks_himself() -> None:
    counter = Counter()
    for _ in range(2):
        await counter.ask()
    counter.ledger.stand = False
    before = len(counter.village.houses["shops"].contexts)
    await asyncio.gather(*(counter.ask() for _ in range(3)))
    assert len(counter.village.houses["shops"].contexts) - before == 3
    assert counter.splicer.counts == {"make": 2, "unkept": 2, "hit": 0}


async def test_who_gives_up_while_he_makes_a_part_leaves_others_to_it() -> None:
    counter = Counter()
    for _ in range(2):
        await counter.ask()
    first, second = (asyncio.create_task(counter.ask()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    answer, _ = await second
    assert answer["errors"] == []
    assert counter.splicer._making == {}


async def test_a_mutation_is_never_spliced() -> None:
    counter = Counter()
    plan = counter.village.plan('mutation { open(name: "x") { name } }')

    def nothing(_: Any) -> Any:
        raise AssertionError

    for _ in range(4):
        assert await counter.splicer.answer(plan, nothing, {}, RequestContext(), nothing) is None


async def test_only_so_many_plans_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splicing, "MAX_PLANS", 3)
    counter = Counter()
    for number in range(10):
        await counter.ask(f"{{ a{number}: currency }}")
    assert len(counter.splicer._divided) == 3


async def test_the_comparison_catches_parts_that_forget_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted bug."""
    monkeypatch.setattr(splicing, "key_of", lambda variables: b"")
    with pytest.raises(AssertionError):
        await test_other_values_of_variables_are_other_parts()


def test_roots_are_taken_by_their_keys_out_of_fragments_too() -> None:
    text = """
      query Q($on: Boolean!) { a: x { i } ...F ... @include(if: $on) { b: y x } a: x { j } }
      fragment F on Query { y c: x { ...G } }
      fragment G on X { k }
    """
    divided = with_roots(parse(text), ["a", "b", "c"])
    wanted = """
      query Q($on: Boolean!) { a: x { i } ... on Query { c: x { ...G } } ... @include(if: $on) { b: y } a: x { j } }
      fragment F on Query { y c: x { ...G } }
      fragment G on X { k }
    """
    assert print_ast(divided) == print_ast(parse(wanted))
