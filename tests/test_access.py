"""Who may read what: every field says so, guarded fields may be null, keys are open; `access.md` lists it all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLNonNull, get_named_type

from kit.errors import Forbidden
from kit.viewer import GUEST, Viewer
from schema.rules import ANYONE, MEMBER, OWNER_OF_IT, SELLER, SIGNED_IN, Rule
from subgraphs.guards import rules_of_pages
from subgraphs.mall import SUBGRAPHS
from tests.support.matrix import HATS, NOTHING, cells_of, declared, rules_of_rows, table

TABLE = Path(__file__).with_name("access.md")
FIELDS = list(declared())
ROOTS = ("Query", "Mutation")


def test_every_field_declares_who_may_read_it() -> None:
    assert len(FIELDS) > 200
    assert [field.spot for field in FIELDS if not isinstance(field.rule, Rule)] == []


def test_a_guarded_field_may_be_null() -> None:
    guarded = [field for field in FIELDS if not field.rule.is_open]
    assert guarded
    assert [field.spot for field in guarded if isinstance(field.kind, GraphQLNonNull)] == []


def test_a_key_is_never_guarded() -> None:
    assert [field.spot for field in FIELDS if field.name == "id" and not field.rule.is_open] == []


def test_a_root_field_may_be_null_and_asks_for_no_row() -> None:
    roots = [field for field in FIELDS if field.type in ROOTS]
    assert [field.spot for field in roots if isinstance(field.kind, GraphQLNonNull)] == []
    assert [field.spot for field in roots if any(way.own for way in field.rule.ways)] == []


def test_how_many_private_rows_there_are_is_private_too() -> None:
    """A page of rows with a rule stands behind a field, or on a type, that has one."""
    pages = {name for subgraph in SUBGRAPHS.values() for name in rules_of_pages(subgraph.schema)}
    leading = [field for field in FIELDS if get_named_type(field.kind).name in pages]
    assert len(leading) >= 8
    rows = rules_of_rows()
    open_ = [field.spot for field in leading if field.rule.is_open and field.type not in rows]
    assert open_ == [spot for spot in open_ if spot.endswith("Connection.edges")]


def test_every_field_can_be_read_by_somebody() -> None:
    seen = [cells_of(scopes) for scopes in HATS.values()]
    assert [field.spot for field in FIELDS if all(cells[field.spot] == NOTHING for cells in seen)] == []


def test_the_table_is_up_to_date() -> None:
    if os.environ.get("ACCESS") == "write":
        TABLE.write_text(table(), "utf-8")
    assert TABLE.read_text("utf-8") == table()


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_the_printed_directives_are_the_rules(name: str) -> None:
    """On fields, on types that keep their rows to some, and on the pages of those."""
    subgraph = SUBGRAPHS[name]
    guarded = [field.rule for field in FIELDS if field.subgraph == name and not field.rule.is_open]
    own = set(subgraph.schema._schema.type_map)
    guarded += [rule for type_, rule in rules_of_rows().items() if type_ in own]
    guarded += rules_of_pages(subgraph.schema).values()
    printed = subgraph.sdl.count("@requiresScopes(scopes:") + subgraph.sdl.count(" @authenticated")
    assert printed == len(guarded)


class Owned:
    """A row of a member and a shop."""

    def __init__(self, member_id: str | None, shop_id: str | None) -> None:
        self.member_id, self.shop_id = member_id, shop_id


LIN, TEA = Viewer.member("mbr_lin"), Viewer.shop_staff("mbr_shen", "shp_tea", "OWNER")
ROW = Owned("mbr_lin", "shp_tea")


@pytest.mark.parametrize(
    ("rule", "open_to"),
    [
        (ANYONE, [GUEST, LIN, TEA]),
        (SIGNED_IN, [LIN, TEA]),
        (MEMBER, [LIN]),
        (OWNER_OF_IT, [LIN]),
        (SELLER, [TEA]),
        (OWNER_OF_IT | SELLER, [LIN, TEA]),
        (OWNER_OF_IT & SELLER, []),
        (MEMBER & SELLER, []),
        (SELLER.hats, [TEA]),
        (Rule(()), []),
    ],
    ids=lambda value: value.name if isinstance(value, Rule) else "",
)
def test_a_rule_lets_in_whom_it_names(rule: Rule, open_to: list[Viewer]) -> None:
    viewers = [GUEST, LIN, TEA]
    assert [viewer for viewer in viewers if rule.allows(viewer, ROW)] == open_to
    refusals = [rule.refusals(viewer, [ROW], "it")[0] for viewer in viewers]
    assert [viewer for viewer, refusal in zip(viewers, refusals, strict=True) if refusal is None] == open_to
    assert all(isinstance(refusal, Forbidden) for refusal in refusals if refusal)


@pytest.mark.parametrize("row", [Owned(None, None), Owned("mbr_other", "shp_other")])
def test_a_row_of_nobody_or_of_others_is_not_ones_own(row: Owned) -> None:
    for viewer in (GUEST, LIN, TEA):
        assert not (OWNER_OF_IT | SELLER).allows(viewer, row)


def test_a_rule_that_fails_lets_nobody_pass() -> None:
    row: Any = object()
    (refusal,) = OWNER_OF_IT.refusals(LIN, [row], "it")
    assert isinstance(refusal, AttributeError)
