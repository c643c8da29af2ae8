"""The small languages of federation/spec.py."""

from __future__ import annotations

import pytest
from graphql import GraphQLSyntaxError, parse, print_ast

from federation.spec import (
    DIRECTIVES,
    Link,
    Version,
    directive_available,
    join_version,
    parse_field_set,
    parse_link_url,
)


@pytest.mark.parametrize("text", ["id", "{ id }", " a b { c ... on T { d } } ", 'price(currency: "USD")'])
def test_field_set_is_a_selection_with_or_without_braces(text: str) -> None:
    bare = text.strip().removeprefix("{").removesuffix("}") if text.strip().startswith("{") else text
    operation = parse(f"{{ {bare} }}", no_location=True).definitions[0]
    assert print_ast(parse_field_set(text)) == print_ast(operation.selection_set)


@pytest.mark.parametrize("text", ["", "{}", "a {", "a } { b", "a } query B { b", "a } fragment F on T { b"])
def test_field_set_that_is_no_selection_is_refused(text: str) -> None:
    with pytest.raises(GraphQLSyntaxError):
        parse_field_set(text)


def test_link_url_ends_in_name_and_version() -> None:
    assert parse_link_url("https://example.com/a/my_spec/v2.13/") == (
        "https://example.com/a/my_spec",
        "my_spec",
        Version(2, 13),
    )


@pytest.mark.parametrize("url", ["https://example.com/spec", "https://example.com/spec/v2", "v1.0", "spec/v1.0"])
def test_link_url_without_name_and_version_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="does not end in a name and a version"):
        parse_link_url(url)


def test_names_are_imported_or_have_the_alias_in_front() -> None:
    link = Link("", "https://example.com/spec", "spec", Version(1, 0), "my", {"@a": "@b", "T": "U"})
    assert [link.local_name(name) for name in ("@a", "@c", "@spec", "T", "V")] == ["@b", "@my__c", "@my", "U", "my__V"]


def test_every_directive_has_a_definition_that_parses() -> None:
    for spec in DIRECTIVES.values():
        definition = parse(spec.sdl("renamed", {"FieldSet": "Fields", "Scope": "S"})).definitions[0]
        assert definition.name.value == "renamed"
        assert "FieldSet" not in print_ast(definition)


def test_directives_come_with_their_version() -> None:
    early = {name for name in DIRECTIVES if directive_available(name, Version(2, 0))}
    assert early == {
        *("key", "requires", "provides", "external", "extends", "shareable", "override", "tag", "inaccessible"),
    }
    assert {name for name in DIRECTIVES if directive_available(name, Version(1, 0))} == {
        *("key", "requires", "provides", "external", "extends", "tag"),
    }
    assert {name for name in DIRECTIVES if directive_available(name, Version(2, 9))} == set(DIRECTIVES)


@pytest.mark.parametrize(("federation", "join"), [((2, 0), (0, 3)), ((2, 7), (0, 4)), ((2, 14), (0, 5))])
def test_join_version_is_the_lowest_that_serves(federation: tuple[int, int], join: tuple[int, int]) -> None:
    assert join_version(Version(*federation)) == join
