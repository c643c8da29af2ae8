"""Reading one subgraph: links, extensions, and the machinery that subgraph libraries print."""

from __future__ import annotations

from federation.composition.facts import with_facts
from federation.composition.model import Directive, EnumName, Subgraph
from federation.composition.parsing import SubgraphSource, parse_subgraph
from federation.composition.parsing.federation1 import upgraded
from federation.spec import Version


def parsed(sdl: str, name: str = "a") -> Subgraph:
    subgraph, errors = parse_subgraph(SubgraphSource(name, "", sdl))
    assert errors == []
    assert subgraph is not None
    return with_facts(subgraph)


def test_directives_have_the_names_of_the_specification() -> None:
    subgraph = parsed(
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", as: "fed",'
        ' import: [{name: "@key", as: "@id"}])'
        ' type Query { t: T @fed__shareable } type T @id(fields: "a") { a: ID @fed__tag(name: "x") }'
    )
    assert subgraph.version == Version(2, 5)
    assert subgraph.types["T"].directives == (Directive("key", {"fields": "a"}),)
    assert subgraph.types["T"].fields["a"].directives == (Directive("tag", {"name": "x"}),)
    assert subgraph.types["Query"].fields["t"].directives == (Directive("shareable"),)


def test_directive_that_only_looks_like_federations_is_not_taken_for_it() -> None:
    subgraph = parsed(
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@shareable"])'
        " directive @key(order: Int) on FIELD_DEFINITION type Query { a: Int @key(order: 1) }"
    )
    assert subgraph.types["Query"].fields["a"].directives == ()


def test_extensions_are_folded_into_their_types() -> None:
    subgraph = parsed(
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable"])'
        " type Query { e: E u: U } enum E { A } extend enum E { B } union U = T type T { a: Int }"
        " type S { s: Int } extend union U = S extend type T @shareable { b(x: E = A): Int }"
    )
    assert list(subgraph.types["E"].values) == ["A", "B"]
    assert subgraph.types["U"].members == ("T", "S")
    assert [(field.name, field.extension, field.has("shareable")) for field in subgraph.types["T"].fields.values()] == [
        ("a", False, False),
        ("b", True, True),
    ]
    assert isinstance(subgraph.types["T"].fields["b"].arguments["x"].default, EnumName)


def test_machinery_of_subgraph_libraries_is_left_out() -> None:
    subgraph = parsed(
        "schema { query: Root } scalar _Any scalar _FieldSet type _Service { sdl: String } union _Entity = T"
        " directive @key(fields: _FieldSet!) repeatable on OBJECT | INTERFACE"
        " type Root { t: T _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }"
        ' type T @key(fields: "id") { id: ID root: Root }'
    )
    assert sorted(subgraph.types) == ["Query", "T"]
    assert list(subgraph.types["Query"].fields) == ["t"]
    assert subgraph.types["T"].fields["root"].type == "Query"
    assert dict(subgraph.schema.definitions) == {}


def test_subgraph_without_queries_has_an_empty_query_type() -> None:
    subgraph = parsed('type T @key(fields: "id") { id: ID }')
    assert dict(subgraph.types["Query"].fields) == {}


def test_federation_1_is_rewritten_to_what_it_meant() -> None:
    first = parsed(
        'extend type T @key(fields: "id") { id: ID @external a: Int @external b: Int @external'
        ' c: Int @requires(fields: "a") } type V { v: Int } type Query { t: T }'
    )
    second = parsed('type T @key(fields: "id") { id: ID a: Int b: Int } type V { v: Int }', "b")
    (upgraded_first, upgraded_second), errors = upgraded([first, second])
    assert errors == []
    fields = {name: [one.name for one in field.directives] for name, field in upgraded_first.types["T"].fields.items()}
    assert fields == {"id": ["shareable"], "a": ["external", "shareable"], "c": ["requires"]}
    assert upgraded_first.types["T"].defined
    assert upgraded_first.types["V"].fields["v"].has("shareable")
    assert not upgraded_second.types["T"].fields["b"].has("shareable")
