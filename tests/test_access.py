"""Who may read what: every field says so, guarded fields may be null, keys are open; `access.md` lists it all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLNonNull, is_object_type

from schema.access import RULE, Rule
from subgraphs.mall import SUBGRAPHS

TABLE = Path(__file__).with_name("access.md")
Field = tuple[str, str, str, Any]


def declared() -> Iterator[tuple[str, str, str, Any, Any]]:
    """Subgraph, type, field, its rule, its GraphQL type: of every field that clients could name."""
    for subgraph in SUBGRAPHS.values():
        for name, type_ in subgraph.schema._schema.type_map.items():
            if not is_object_type(type_) or name.startswith("_"):
                continue
            for field_name, field in type_.fields.items():
                own = field.extensions.get("strawberry-definition")
                if own is not None and not field_name.startswith("_"):
                    yield subgraph.name, name, field_name, own.metadata.get(RULE), field.type


FIELDS = list(declared())


def test_every_field_declares_who_may_read_it() -> None:
    assert len(FIELDS) > 200
    assert [f"{type_}.{name}" for _, type_, name, rule, _ in FIELDS if not isinstance(rule, Rule)] == []


def test_a_guarded_field_may_be_null() -> None:
    guarded = [(type_, name, kind) for _, type_, name, rule, kind in FIELDS if rule.scopes]
    assert guarded
    assert [f"{type_}.{name}" for type_, name, kind in guarded if isinstance(kind, GraphQLNonNull)] == []


def test_a_key_is_never_guarded() -> None:
    assert [f"{type_}.{name}" for _, type_, name, rule, _ in FIELDS if name == "id" and rule.scopes] == []


def test_a_root_field_may_be_null() -> None:
    roots = [(type_, name, kind) for _, type_, name, _, kind in FIELDS if type_ in ("Query", "Mutation")]
    assert [f"{type_}.{name}" for type_, name, kind in roots if isinstance(kind, GraphQLNonNull)] == []


def test_the_table_is_up_to_date() -> None:
    rows = sorted({f"| {type_}.{name} | {rule.name} |" for _, type_, name, rule, _ in FIELDS})
    head = ["# Who may read what (generated: `ACCESS=write make test`)", "", "| field | shown to |", "|---|---|"]
    table = "\n".join([*head, *rows, ""])
    if os.environ.get("ACCESS") == "write":
        TABLE.write_text(table, "utf-8")
    assert TABLE.read_text("utf-8") == table


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_the_printed_scopes_are_the_rules(name: str) -> None:
    sdl = SUBGRAPHS[name].sdl
    guarded = [rule for subgraph, _, _, rule, _ in FIELDS if subgraph == name and rule.scopes]
    assert sdl.count("@requiresScopes(scopes:") == len(guarded)
