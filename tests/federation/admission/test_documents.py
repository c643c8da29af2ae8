"""Text to operation: every mistake has a code and a place, and every size has a bound."""

from __future__ import annotations

from typing import Any

import pytest

from federation.admission import Grants, GraphQLRequest, Limits
from federation.errors import AdmissionError
from tests.federation.admission.gate import admission, admitted, code, refused

MALL = """
type Query { shop(id: ID!): Shop  shops(first: Int = 10, after: String): [Shop!]!  now: String }
type Shop { id: ID!  name(long: Boolean): String  shops(first: Int): [Shop] open: Boolean }
type Mutation { rename(id: ID!, name: String!): Shop }
type Subscription { ticks: Int }
input Where { name: String! in: [ID!] }
"""
GATE = admission(MALL)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "{ shop(id: 1) { nam } }",
            {
                "message": "Cannot query field 'nam' on type 'Shop'.",
                "locations": [{"line": 1, "column": 17}],
                "path": ["shop", "nam"],
                "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
            },
        ),
        (
            "{ shop(id: 1) { ...F } } fragment F on Shop { x: name(long: 3) }",
            {
                "message": "Boolean cannot represent this value",
                "locations": [{"line": 1, "column": 61}],
                "path": ["shop", "x"],
                "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
            },
        ),
        (
            "{ shop(id: 1) {",
            {
                "message": "Syntax Error: Expected Name, found <EOF>.",
                "locations": [{"line": 1, "column": 16}],
                "extensions": {"code": "GRAPHQL_PARSE_FAILED"},
            },
        ),
    ],
)
async def test_a_mistake_in_the_document_has_code_and_path(query: str, expected: dict[str, Any]) -> None:
    assert await refused(GATE, query) == [expected]
    assert await refused(GATE, query) == [expected]  # remembered as it was


async def test_a_mistake_in_a_variable_has_a_code() -> None:
    assert await refused(GATE, "query ($id: ID!, $n: Int) { shop(id: $id) { shops(first: $n) { id } } }", n="x") == [
        {
            "message": "Variable '$id' has invalid value: Expected a value of non-null type 'ID!' to be provided.",
            "path": ["shop"],
            "extensions": {"code": "BAD_USER_INPUT", "variable": "id"},
        },
        {
            "message": "Variable '$n' has invalid value: Int cannot represent this value",
            "path": ["shop", "shops"],
            "extensions": {"code": "BAD_USER_INPUT", "variable": "n"},
        },
    ]


async def test_messages_never_echo_a_book() -> None:
    (error,) = await refused(GATE, "query ($n: Int) { shops(first: $n) { id } }", n="x" * 100_000)
    assert len(error["message"]) < 400


async def test_at_most_ten_mistakes_are_listed() -> None:
    assert len(await refused(GATE, "{ " + " ".join(f"x{number}" for number in range(20)) + " }")) == 10


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ shops { id } " + "now " * 5000 + "}", "TOKEN_LIMIT_EXCEEDED"),
        ("{ shops { " * 13 + "id" + " }" * 26, "GRAPHQL_PARSE_FAILED"),
        ("{ shops " * 30 + "{ id }" + " }" * 30, "DEPTH_LIMIT_EXCEEDED"),
        ("{ " + " ".join(f"a{number}: now" for number in range(101)) + " }", "ROOT_FIELD_LIMIT_EXCEEDED"),
        (
            "{ shops { " + " ".join(f"a{number}: id" for number in range(101)) + " } }",
            "ALIAS_LIMIT_EXCEEDED",
        ),
        ("{ shops { " + "id " * 500 + " } }", "REPEAT_LIMIT_EXCEEDED"),
        ("{ now " + "@include(if: true) " * 10 + "}", "DIRECTIVE_LIMIT_EXCEEDED"),
        ("query " + "@x " * 10 + "{ now }", "DIRECTIVE_LIMIT_EXCEEDED"),
        ("{ now " + " " * 30_000 + "}", "TEXT_LIMIT_EXCEEDED"),
        ("{ now }" + "".join(f" fragment F{n} on Shop {{ id }}" for n in range(50)), "DEFINITION_LIMIT_EXCEEDED"),
        ("query (" + "".join(f"$a{n}: Int " for n in range(31)) + ") { now }", "VARIABLE_LIMIT_EXCEEDED"),
        ("{ now } fragment F on Shop { " + "id " * 500 + "}", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...F } fragment F on Query { ...F }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ shops { ...F } } fragment F on Shop { shops { ...F } }", "DEPTH_LIMIT_EXCEEDED"),
        ("{ shops { } }", "GRAPHQL_PARSE_FAILED"),
        ("#\n" * 2_000 + "{ now }", "GRAPHQL_PARSE_FAILED"),
        ("query A { now } query B { now }", "OPERATION_RESOLUTION_FAILURE"),
        ("fragment F on Shop { id }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { ticks }", "SUBSCRIPTIONS_NOT_SUPPORTED"),
        ("", "GRAPHQL_PARSE_FAILED"),
        ("\ud800", "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_what_is_too_much_or_nothing_is_refused(query: str, expected: str) -> None:
    assert await code(GATE, query) == expected


async def test_fragments_that_double_are_bounded_without_being_walked_out() -> None:
    levels = 20
    fragments = "".join(
        f"fragment F{n} on Shop {{ shops {{ a{n}: id ...F{n + 1} }} b: shops {{ ...F{n + 1} }} }} "
        for n in range(levels)
    )
    query = f"{{ shops {{ ...F0 }} }} {fragments} fragment F{levels} on Shop {{ id }}"
    gate = admission(MALL, Limits(aliases=10**9, depth=100))
    assert await code(gate, query) == "SELECTION_LIMIT_EXCEEDED"


async def test_the_limits_themselves_are_let_in() -> None:
    limits = Limits(depth=3, aliases=2, root_fields=2, repeats=2, selections=6, directives=1)
    query = "{ a: shops { shops { id id } } b: now @skip(if: false) }"
    assert (await admitted(admission(MALL, limits), query)).variables == {}


async def test_the_operation_is_chosen_by_name_and_its_variables_get_their_defaults() -> None:
    query = "query A { now } query B($n: Int = 3, $m: Int) { shops(first: $n) { shops(first: $m) { id } } }"
    found = await GATE.admit(GraphQLRequest(query, "B"), Grants())
    assert found.variables == {"n": 3}
    with pytest.raises(AdmissionError) as caught:
        await GATE.admit(GraphQLRequest(query, "C"), Grants())
    assert caught.value.code == "OPERATION_RESOLUTION_FAILURE"


async def test_defaults_are_each_requests_own() -> None:
    gate = admission("type Query { rows(n: Int = 3, ids: [ID!]!): Int }")
    query = "query ($n: Int = 3, $ids: [ID!]! = [1]) { rows(n: $n, ids: $ids) }"
    first = await admitted(gate, query)
    first.variables["n"] = 9
    assert (await admitted(gate, query)).variables == {"n": 3, "ids": ["1"]}
    assert (await admitted(gate, query, n=4)).variables == {"n": 4, "ids": ["1"]}
    assert (await admitted(gate, query)).variables == {"n": 3, "ids": ["1"]}


async def test_booleans_that_feed_conditions_are_told_apart() -> None:
    query = """query ($a: Boolean!, $b: Boolean! = true, $long: Boolean) {
      now @skip(if: $a) shop(id: 1) @include(if: $b) { name(long: $long) }
    }"""
    found = await admitted(GATE, query, a=False, long=True)
    assert found.flags() == {"a": False, "b": True}


async def test_a_mutation_is_refused_where_only_reading_is_allowed() -> None:
    with pytest.raises(AdmissionError) as caught:
        await GATE.admit(GraphQLRequest('mutation { rename(id: 1, name: "x") { id } }', read_only=True), Grants())
    assert (caught.value.code, caught.value.status) == ("METHOD_NOT_ALLOWED", 405)


async def test_introspection_can_be_closed() -> None:
    closed = admission(MALL, introspection=False)
    assert await code(closed, "{ __schema { types { name } } }") == "INTROSPECTION_DISABLED"
    assert (await admitted(closed, "{ __typename }")).left.introspection is None


async def test_names_are_proposed_only_where_wanted() -> None:
    (hidden,) = await refused(GATE, "{ shop(id: 1) { nam } }")
    (shown,) = await refused(admission(MALL, suggestions=True), "{ shop(id: 1) { nam } }")
    assert (hidden["message"], shown["message"]) == (
        "Cannot query field 'nam' on type 'Shop'.",
        "Cannot query field 'nam' on type 'Shop'. Did you mean 'name'?",
    )
