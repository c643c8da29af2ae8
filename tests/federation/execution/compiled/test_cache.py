"""Which operations are compiled, how many are kept, and what is counted."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from graphql import build_schema, parse

from federation.execution.compiled import (
    Answer,
    Answers,
    Attribute,
    CompiledOperations,
    NotCompilable,
    compile_operation,
)
from federation.execution.compiled.cache import MAX_VARIANTS
from tests.federation.execution.compiled.shop import Watched


class Cache:
    """Compiled operations of the watched schema, asked by text."""

    def __init__(self, **bounds: int) -> None:
        self.watched = Watched()
        self.operations = CompiledOperations(self.watched.schema, self.watched.answers, **bounds)

    async def ask(self, text: str, variables: dict[str, Any] | None = None, name: str | None = None) -> Any:
        document = self.watched.document(text)
        result = await self.operations.run(text, document, name, variables or {}, None)
        return result and result[0]


async def test_an_operation_is_compiled_once() -> None:
    cache = Cache()
    for _ in range(3):
        assert await cache.ask("{ shops(first: 1) { name } }") == {"shops": [{"name": "a"}]}
    assert cache.operations.counts == Counter(compile=1, run=3)


async def test_an_operation_is_left_to_others_until_it_has_come_often_enough() -> None:
    cache = Cache(after_hits=3)
    answers = [await cache.ask("{ shops(first: 0) { name } }") for _ in range(4)]
    assert answers == [None, None, {"shops": []}, {"shops": []}]
    assert cache.operations.counts == Counter(cold=2, compile=1, run=2)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{ __schema { queryType { name } } }", "introspection"),
        ('{ shops { name } __type(name: "Shop") { name } }', "introspection"),
        ("query @experimental_disableErrorPropagation { shops { name } }", "error-propagation"),
    ],
)
async def test_what_is_not_compiled_is_counted_by_its_reason(text: str, reason: str) -> None:
    cache = Cache()
    document = cache.watched.document(text) if "@" not in text else parse(text)
    for _ in range(2):
        assert await cache.operations.run(text, document, None, {}, None) is None
    assert cache.operations.counts == Counter({"compile": 1, reason: 2})


async def test_incremental_delivery_is_not_compiled() -> None:
    cache, text = Cache(), "{ ... @defer { shops { name } } }"
    assert await cache.operations.run(text, parse(text), None, {}, None) is None
    assert cache.operations.counts["incremental-delivery"] == 1


async def test_a_field_without_an_answer_is_not_compiled() -> None:
    cache = Cache()
    del cache.operations.answers.fields["Shop", "city"]  # type: ignore[attr-defined]
    assert await cache.ask("{ shops { city } }") is None
    assert cache.operations.counts["unanswered-field"] == 1


async def test_each_combination_of_flags_is_a_variant() -> None:
    cache = Cache()
    text = "query($x: Boolean = true, $y: Boolean!) { shops(first: 1) { name @include(if: $x) city @skip(if: $y) } }"
    assert await cache.ask(text, {"y": False}) == {"shops": [{"name": "a", "city": None}]}
    assert await cache.ask(text, {"x": True, "y": False}) == {"shops": [{"name": "a", "city": None}]}
    assert await cache.ask(text, {"x": False, "y": True}) == {"shops": [{}]}
    assert cache.operations.counts == Counter(compile=2, run=3)


async def test_an_operation_with_more_than_sixteen_variants_is_compiled_once_with_its_conditions() -> None:
    cache, flags = Cache(), "abcde"
    assert 2 ** len(flags) > MAX_VARIANTS == 16
    declared = ", ".join(f"${flag}: Boolean!" for flag in flags)
    fields = " ".join(f"{flag}: name @include(if: ${flag})" for flag in flags)
    text = f"query({declared}) {{ shops(first: 1) {{ {fields} }} }}"
    for number in range(2 ** len(flags)):
        chosen = {flag: bool(number >> place & 1) for place, flag in enumerate(flags)}
        shown = {flag: "a" for flag in flags if chosen[flag]}
        answer = await cache.ask(text, chosen)
        assert answer == {"shops": [shown]}
        assert list(answer["shops"][0]) == list(shown)
    assert cache.operations.counts == Counter(compile=1, run=32)


@pytest.mark.parametrize("value", [None, "yes", 1])
async def test_a_flag_that_is_no_boolean_is_left_to_graphql_core_or_refused(value: object) -> None:
    cache = Cache()
    text = "query($x: Boolean = true) { shops { name @include(if: $x) } }"
    assert await cache.ask(text, {"x": value}) is None
    assert cache.operations.counts["run"] == (value is not None)
    assert cache.watched.calls == []


async def test_runs_that_only_the_exact_completer_could_complete_are_counted() -> None:
    cache = Cache()
    await cache.ask("{ shops { name } }")
    assert cache.operations.exact_runs == 0
    cache.watched.shops[0].name = None
    assert await cache.ask("{ shops { name } }") == {"shops": None}
    assert cache.operations.exact_runs == 1


async def test_operations_of_one_document_are_told_apart_by_name() -> None:
    cache, text = Cache(), "query A { shops(first: 1) { name } } query B { shops(first: 0) { name } }"
    assert await cache.ask(text, name="A") == {"shops": [{"name": "a"}]}
    assert await cache.ask(text, name="B") == {"shops": []}


async def test_the_least_lately_used_operations_leave() -> None:
    cache = Cache(max_operations=3)
    for number in (1, 2, 3, 1, 4, 1, 2):
        await cache.ask(f"{{ shops(first: {number}) {{ name }} }}")
    assert len(cache.operations) == 3
    # 2 had left for 4; 1 was used again and again.
    assert cache.operations.counts == Counter(compile=5, run=7)


async def test_the_number_of_fields_is_bounded_whatever_is_asked() -> None:
    cache = Cache(max_operations=1_000, max_fields=500)
    for number in range(200):
        names = " ".join(f"n{number}_{place}: name" for place in range(number % 20))
        await cache.ask(f"{{ shops {{ name {names} }} }}")
        assert cache.operations.fields <= 500
    assert 10 < len(cache.operations) < 30


def test_selections_that_would_explode_are_left_to_graphql_core() -> None:
    types = " ".join(f"type T{number} implements I {{ more: [I] }}" for number in range(4))
    schema = build_schema(f"type Query {{ more: [I] }} interface I {{ more: [I] }} {types}")
    places = ("Query", "T0", "T1", "T2", "T3")
    answers = Answers({(name, "more"): Answer(Attribute("more")) for name in places})
    deep = "{ more " * 6 + "{ __typename }" + " }" * 6
    assert compile_operation(schema, parse("{ more { more { __typename } } }"), None, None, answers).tree.nodes == 21
    with pytest.raises(NotCompilable, match="too-large"):
        compile_operation(schema, parse(deep), None, None, answers)


def test_conditional_spreads_of_spreads_do_not_multiply() -> None:
    watched, depth = Watched(), 40
    fragments = " ".join(
        f"fragment F{level} on Query {{ ...F{level + 1} @include(if: $a) ...F{level + 1} @include(if: $b) }}"
        for level in range(depth)
    )
    text = (
        f"query($a: Boolean!, $b: Boolean!) {{ ...F0 }} {fragments} fragment F{depth} on Query {{ shops {{ name }} }}"
    )
    assert watched.compiled(text, {"a": True, "b": True}).tree.fields == 2
    assert watched.compiled(text).tree.fields == 2
