"""Answers with fragments are those without: for every viewer, whoever came before, after every write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from random import Random
from typing import Any

import pytest
from graphql import is_object_type

from federation.execution.spliced import parts
from kit.records import Record
from kit.settings import Settings
from models.base import unit_of_work
from models.cached import CACHE
from resolvers.context import NotedLoads
from schema.access import BATCH, RULE
from subgraphs import requests
from subgraphs.mall import SUBGRAPHS
from tests.journeys.test_cached_home import NAMES, WRITES, viewer
from tests.support.caches import trusted_cache
from tests.support.mall import Mall, embedded_mall
from tests.support.statements import counted_statements

SIZE = 10**7
CARDS = "edges { node { id name price { amount } memberPrice { amount } shop { id name } } }"
QUERIES: tuple[tuple[str, tuple[dict[str, Any], ...]], ...] = (
    (
        f"query($n: Int!) {{ products(first: $n) {{ {CARDS} totalCount }} zones(first: 3) {{ totalCount }} }}",
        ({"n": 2}, {"n": 5}),
    ),
    ("query($a: Boolean!) { one: sections(first: 2) @include(if: $a) { edges { node { title } } } notes(first: 3) "
     "{ edges { node { title likes } } } me { id } }", ({"a": True}, {"a": False})),
    ("{ a: couponOffers(first: 5) { edges { node { id title remaining takenByMe } } } b: couponOffers(first: 2) "
     "{ edges { node { remaining } } } c: couponOffers(first: 500) { edges { node { id } } } }", ({},)),
)  # fmt: skip


@pytest.fixture(autouse=True)
def cached(tiny_mall: Settings, noon: None) -> Iterator[None]:
    with trusted_cache():
        yield


def hits(mall: Mall) -> int:
    splicer = mall.engine._state.splicer
    assert splicer
    return splicer.counts["hit"]


async def warmed(mall: Mall, ask: Callable[[Mall], Any]) -> Any:
    """An answer of kept parts, as far as there are any."""
    for _ in range(3):
        await ask(mall)
    return await ask(mall)


async def test_whoever_came_before_everybody_gets_the_same_as_without_fragments(tiny_mall: Settings) -> None:
    plain, people = embedded_mall(), {name: viewer(tiny_mall, name) for name in NAMES}
    apart = {name: await plain.home(person) for name, person in people.items()}
    assert len({str(answer) for answer in apart.values()}) == len(NAMES)
    for order in permutations(NAMES):
        mall = embedded_mall(fragments=SIZE)
        for name in order * 4:
            assert str(await mall.home(people[name])) == str(apart[name])
        assert hits(mall) > 20


async def test_a_guests_home_is_spliced_of_all_its_parts_without_a_statement_or_a_call() -> None:
    mall = embedded_mall(fragments=SIZE)
    await warmed(mall, lambda mall: mall.home())
    mall.calls.clear()
    with counted_statements() as statements:
        await mall.home()
    assert len(statements) == 0
    assert mall.calls == {}
    assert mall.engine.fragment_counts() == {"make": 10, "hit": 20}
    assert mall.engine.plan_counts() == {"fuse": 11, "run": 2}


async def test_a_members_home_asks_for_what_is_personal_alone(tiny_mall: Settings) -> None:
    mall = embedded_mall(fragments=SIZE)
    member = viewer(tiny_mall, "buyer")
    await warmed(mall, lambda mall: mall.home(member))
    division = next(iter(mall.engine._state.splicer._divided.values()))  # type: ignore[union-attr]
    assert division
    assert division.others
    kept = {part.key for part in division.others.parts}
    assert set(division.others.keys) - kept == {"sections", "couponOffers"}


@pytest.mark.parametrize("name", WRITES)
async def test_after_a_write_home_is_as_without_fragments(name: str) -> None:
    mall, plain = embedded_mall(fragments=SIZE), embedded_mall()
    before = await warmed(mall, lambda mall: mall.home())
    domain, write = WRITES[name]
    async with unit_of_work(domain):
        await write()
    after = await mall.home()
    CACHE.distrust()
    assert str(after) == str(await plain.home())
    assert after != before


async def test_without_trust_nothing_is_spliced() -> None:
    mall = embedded_mall(fragments=SIZE)
    await warmed(mall, lambda mall: mall.home())
    before = hits(mall)
    CACHE.distrust()
    await mall.home()
    assert hits(mall) == before


async def stream(settings: Settings, seed: int, steps: int) -> str | None:
    """The first answer that differs, in a stream of random questions by random viewers and random writes."""
    random, mall, plain = Random(seed), embedded_mall(fragments=SIZE), embedded_mall()
    people = [viewer(settings, name) for name in NAMES]
    for _ in range(steps):
        if random.random() < 0.2:
            domain, write = random.choice([*WRITES.values()])
            async with unit_of_work(domain):
                await write()
        person, (query, choices) = random.choice(people), random.choice(QUERIES)
        given = random.choice(choices)
        wanted, got = await plain.ask(query, person, given), await mall.ask(query, person, given)
        if str(wanted) != str(got):
            return f"{query} {given} {person}\n{wanted}\n{got}"
    assert hits(mall) > steps / 10
    return None


async def test_a_stream_of_writes_and_questions_is_answered_as_without_fragments(tiny_mall: Settings) -> None:
    assert await stream(tiny_mall, 1, 120) is None


def _guests_parts_for_everybody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(requests.CacheLedger, "is_anonymous", lambda self, scope: True)


def _made_as_the_viewer(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(requests, "replace", lambda scope, viewer, loads: type(scope)(scope.viewer, scope.tools, loads))
    patch.setattr(requests.CacheLedger, "is_anonymous", lambda self, scope: True)


def _records_that_always_stand(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Record, "stands", True)


def _reads_that_are_not_noted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(NotedLoads, "many", NotedLoads.__mro__[1].many)  # type: ignore[attr-defined]


def _only_the_first_variables(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("federation.execution.spliced.splicing.key_of", lambda variables: b"")


def _whatever_depends_on_the_viewer_is_everybodys(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(parts, "fewest", lambda levels: "everybody")


@pytest.mark.parametrize(
    "plant",
    [
        _guests_parts_for_everybody,
        _made_as_the_viewer,
        _records_that_always_stand,
        _reads_that_are_not_noted,
        _only_the_first_variables,
        _whatever_depends_on_the_viewer_is_everybodys,
    ],
)
async def test_a_planted_bug_is_caught(
    plant: Callable[[pytest.MonkeyPatch], None], tiny_mall: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    assert await stream(tiny_mall, 0, 120)


def test_what_may_be_kept_for_everybody_cannot_know_who_asks() -> None:
    """It is called without a viewer and without tools, nobody guards it, and it shows no rows that are somebody's: so
    two viewers get the same."""
    seen = 0
    for subgraph in SUBGRAPHS.values():
        for (type_name, name), answer in subgraph.operations.answers.fields.items():
            if answer.shared == "nobody":
                continue
            type_ = subgraph.schema._schema.type_map[type_name]
            assert is_object_type(type_)
            declared = type_.fields[name].extensions["strawberry-definition"].metadata
            assert answer.guard is None
            assert declared[RULE].is_open if RULE in declared else "_" in (name[0], type_name[0])
            offered = {"args", "loads"} if answer.shared == "everybody" else {"args", "loads", "viewer"}
            assert not declared.get(BATCH) or declared[BATCH].names <= offered
            seen += 1
    assert seen > 300
