"""A mistake is told without the value that was sent; by graphql-core's own messages, so that a new version shows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from graphql import (
    GraphQLError,
    GraphQLScalarType,
    OperationDefinitionNode,
    build_schema,
    get_variable_values,
    parse,
    validate,
)
from hypothesis import given
from hypothesis import strategies as some

from federation.mistakes import without_values

SCHEMA = build_schema("""
  type Query { a(i: Int, f: Float, s: String, b: Boolean, d: ID, e: E, o: O, l: [Int!], u: U, n: Int! = 1, t: T): ID }
  enum E { A B }
  input O { x: Int! y: String }
  input U @oneOf { p: Int q: String }
  scalar T
""")
CANARY = "林金丝雀13812345678"
VARIABLES = "($i: Int, $f: Float, $s: String, $b: Boolean, $d: ID, $e: E, $o: O, $l: [Int!], $u: U, $n: Int!, $t: T)"


def refuse(value: Any) -> Any:
    raise ValueError(f"{value} is nothing of mine")


def quote(value: Any) -> Any:
    raise GraphQLError(f"I did not expect {value}")


def dated(value: Any) -> Any:
    raise GraphQLError(f'Value cannot represent a DateTime: "{value}". It has no month.')


def mistakes(query: str) -> list[str]:
    """What graphql-core says of a document."""
    try:
        return [error.message for error in validate(SCHEMA, parse(query))]
    except GraphQLError as error:
        return [error.message]


def mistaken(name: str, value: Any) -> list[str]:
    """What graphql-core says of a variable's value."""
    (operation,) = parse(f"query {VARIABLES} {{ a }}").definitions
    assert isinstance(operation, OperationDefinitionNode)
    found = get_variable_values(SCHEMA, operation.variable_definitions, {"n": 1, name: value})
    return [error.message for error in found] if isinstance(found, list) else []


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (f'{{ a(i: "{CANARY}") }}', "Int cannot represent this value"),
        (f'{{ a(e: "{CANARY}") }}', "Enum 'E' cannot represent this value"),
        ("{ a(e: LinXiao) }", "The value does not exist in 'E' enum"),
        (f'{{ a(o: "{CANARY}") }}', "Expected value of type 'O' to be an object"),
        (f'{{ a(o: {{ y: "{CANARY}" }}) }}', "Expected value of type 'O' to include required field 'x'"),
        (f'{{ a(o: {{ x: 1, z: "{CANARY}" }}) }}', "Expected value of type 'O' not to include unknown field 'z'"),
        ("{ a(n: null) }", "Expected value of non-null type 'Int!' not to be None."),
        ("{ b }", "Cannot query field 'b' on type 'Query'. Did you mean 'a'?"),
        (f'{{ a "{CANARY}" }}', "Syntax Error: Expected Name, found String"),
        ("{ a 13812345678 }", "Syntax Error: Expected Name, found Int"),
        ("LinXiao", "Syntax Error: Unexpected Name"),
        ("{ a(", "Syntax Error: Expected Name, found <EOF>."),
        ('{ a(s: "\\uLin") }', "Syntax Error: Invalid Unicode escape sequence"),
    ],
)
def test_of_a_document_it_says_what_is_wrong_and_not_what_was_sent(query: str, told: str) -> None:
    assert [without_values(message) for message in mistakes(query)] == [told]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("i", CANARY, "Variable '$i' has invalid value: Int cannot represent this value"),
        ("s", [CANARY], "Variable '$s' has invalid value: String cannot represent this value"),
        ("e", CANARY, "Variable '$e' has invalid value: The value does not exist in 'E' enum"),
        ("l", [1, CANARY], "Variable '$l' has invalid value at [1]: Int cannot represent this value"),
        ("o", {"x": CANARY}, "Variable '$o' has invalid value at .x: Int cannot represent this value"),
        ("n", None, "Variable '$n' has invalid value: Expected value of non-null type 'Int!' not to be None."),
        (
            "o",
            {"x": 1, "z": CANARY},
            "Variable '$o' has invalid value: Expected value of type 'O' not to include unknown field 'z'",
        ),
        (
            "o",
            {"x": 1, CANARY: 1},
            "Variable '$o' has invalid value: Expected value of type 'O' not to include unknown field",
        ),
        (
            "u",
            {"p": 1, "q": CANARY},
            "Variable '$u' has invalid value: Within OneOf Input Object type 'U', exactly one field must be specified, "
            "and the value for that field must be non-null.",
        ),
    ],
)
def test_of_a_variable_it_says_the_place_and_the_type(name: str, value: Any, told: str) -> None:
    assert [without_values(message) for message in mistaken(name, value)] == [told]


@pytest.mark.parametrize(
    ("coerce", "told"),
    [
        (refuse, "Expected value of type 'T'"),
        (quote, "it is not allowed"),
        (dated, "Value cannot represent a DateTime"),
    ],
)
def test_what_a_custom_scalar_quotes_is_cut(monkeypatch: pytest.MonkeyPatch, coerce: Any, told: str) -> None:
    scalar = SCHEMA.type_map["T"]
    assert isinstance(scalar, GraphQLScalarType)
    monkeypatch.setattr(scalar, "coerce_input_value", coerce)
    assert [without_values(message) for message in mistaken("t", CANARY)] == [
        f"Variable '$t' has invalid value: {told}"
    ]


# The last letters are of no message and no name: a value that leaks in part shows too.
VALUES = some.text(min_size=1).map(lambda text: f"{text}金丝雀")


@given(some.sampled_from("ifbelou"), VALUES, some.sampled_from([lambda v: v, lambda v: [v], lambda v: {"x": v, v: v}]))
def test_no_text_gets_through_in_a_variable(name: str, text: str, shape: Any) -> None:
    assert "金丝雀" not in "".join(without_values(message) for message in mistaken(name, shape(text)))


@given(some.sampled_from("ifbelou"), VALUES, some.sampled_from(["{}", "[{}]", "{{x: {}, y: {}}}", "1 {}", "{{x {}"]))
def test_no_text_gets_through_in_a_document(name: str, text: str, shape: str) -> None:
    found = mistakes(f"{{ a({name}: {shape.replace('{}', json.dumps(text, ensure_ascii=False))}) }}")
    assert "金丝雀" not in "".join(map(without_values, found))
