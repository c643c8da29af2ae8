"""What can be reached composes; what cannot is shown with a query and the reasons."""

from __future__ import annotations

import pytest

from federation.composition import compose
from tests.federation.composition.mistakes import mistake

COMPOSES = {
    "key through a third subgraph": (
        'type Query { t: T } type T @key(fields: "x") { x: ID! }',
        'type T @key(fields: "x") @key(fields: "y") { x: ID! y: ID! }',
        'type T @key(fields: "y") { y: ID! a: Int }',
    ),
    "key whose fields lie in another object": (
        'type Query { t: T } type T @key(fields: "o { id }") { o: O! } type O @key(fields: "id") { id: ID! }',
        'type T @key(fields: "o { id }") { o: O! a: Int } type O @key(fields: "id") { id: ID! }',
    ),
    "requirement on a requirement": (
        'type Query { t: T } type T @key(fields: "id") { id: ID! }',
        'type T @key(fields: "id") { id: ID! a: Int @external b: Int @requires(fields: "a") }',
        'type T @key(fields: "id") { id: ID! a: Int b: Int @external c: Int @requires(fields: "b") }',
    ),
    "requirement through objects of the same type": (
        'type Query { t: T } type T @key(fields: "id") { id: ID! like: [T!]! }',
        'type T @key(fields: "id") { id: ID! like: [T!]! @external n: Int @requires(fields: "like { id }") }',
    ),
    "value type that is provided": (
        'type Query { t: T @provides(fields: "a") } type T @key(fields: "id") { id: ID! a: Int @external }',
        'type T @key(fields: "id") { id: ID! a: Int @shareable }',
    ),
    "root type below the root": (
        "type Query { a: Int } type Mutation { m: Result } type Result { query: Query }",
        "type Query { b: Int }",
    ),
    "object that a shared field can never be": (
        "type Query { i: I @shareable } interface I { a: Int } type T implements I @shareable { a: Int }",
        "type Query { i: I @shareable } interface I { a: Int } type T implements I @shareable { a: Int }"
        " type U implements I { a: Int b: Int }",
    ),
    "interface object whose interface is resolved elsewhere": (
        'type Query { j: I } type I @interfaceObject @key(fields: "id") { id: ID! b: Int }',
        'interface I @key(fields: "id") { id: ID! a: Int }'
        ' type T implements I @key(fields: "id") { id: ID! a: Int c: Int }',
    ),
    "hidden field that nobody can reach": (
        "type Query { t: T } type T { a: Int @shareable }",
        "type Query { u: T } type T { a: Int @shareable b: Int @inaccessible }",
    ),
}


@pytest.mark.parametrize("name", COMPOSES)
def test_what_can_be_reached_composes(name: str) -> None:
    composition = compose(mistake(name, "", *COMPOSES[name]).sources)
    assert [str(error) for error in composition.errors] == []


def test_what_cannot_be_reached_is_shown_with_a_query_and_reasons() -> None:
    planted = mistake(
        "key that cannot be read",
        "SATISFIABILITY_ERROR",
        'type Query { found: [U!]! } union U = T | S type S { s: Int } type T @key(fields: "x") { x: ID! }',
        'type T @key(fields: "y") { y: ID! o: O } type O { n: Int }',
    )
    errors = {error.coordinate: error for error in compose(planted.sources).errors}
    assert sorted(errors) == ["T.o", "T.y"]
    assert errors["T.o"].subgraphs == ("a",)
    assert errors["T.o"].message == (
        "no plan can answer this query:\n"
        "{\n"
        "  found {\n"
        "    ... on T {\n"
        "      o { ... }\n"
        "    }\n"
        "  }\n"
        "}\n"
        "because:\n"
        '- the query can be in "a" at T\n'
        '- subgraph "b" has T.o, but none of its keys can be read: "y"'
    )


def test_requirements_in_a_circle_cannot_be_met() -> None:
    """Here @apollo/composition 2.14.4 overflows its stack; a circle of requirements proves nothing."""
    planted = mistake(
        "requirements in a circle",
        "SATISFIABILITY_ERROR",
        'type Query { t: T } type T @key(fields: "id") { id: ID! a: Int @external b: Int @requires(fields: "a") }',
        'type T @key(fields: "id") { id: ID! b: Int @external a: Int @requires(fields: "b") }',
    )
    errors = compose(planted.sources).errors
    assert [(error.code, error.coordinate) for error in errors] == [
        ("SATISFIABILITY_ERROR", "T.a"),
        ("SATISFIABILITY_ERROR", "T.b"),
    ]


def test_way_back_into_a_known_set_of_places_is_followed_with_what_it_no_longer_provides() -> None:
    """@apollo/composition 2.14.4 takes a place for seen by its subgraphs alone, and lets this one through."""
    planted = mistake(
        "provided once, then not any more",
        "SATISFIABILITY_ERROR",
        'type Query { c: C @provides(fields: "subs { id subs { id } }") }'
        ' type C @key(fields: "id") { id: ID! subs: [C] @external }',
        'type C @key(fields: "id") { id: ID! @external subs: [C] @shareable }',
    )
    errors = compose(planted.sources).errors
    assert [(error.code, error.coordinate) for error in errors] == [("SATISFIABILITY_ERROR", "C.id")]
