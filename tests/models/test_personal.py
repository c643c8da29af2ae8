"""Every table that tells of a person says what becomes of its rows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tortoise import fields

from kit.settings import DOMAINS, Settings
from models.audit import AuditRow, SealRow, UnsealedRow
from models.base import HeardRow, OutboxRow, Row
from models.personal import SEALED, Kept, declarations, personal_tables
from tests.support.statements import models_of

OF_PERSONS = re.compile(r"(member|person|author|viewer|staff|buyer|owner|user|actor|approver|creator)_id")
PASSING = (OutboxRow, HeardRow, UnsealedRow, SealRow)
"""Facts and seals: they hold ids alone, and `jobs.retention` forgets them after days."""


def undeclared(model: type[Row]) -> list[str]:
    """Columns of the table that tell of a person, of which no declaration speaks."""
    said = {personal.of for personal in declarations(model)}
    names = model._meta.fields_db_projection
    telling = [name for name in names if OF_PERSONS.fullmatch(name)]
    sealed = [name for name in names if name.endswith(SEALED)]
    return [name for name in telling if name not in said] + ([] if said else sealed)


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_table_with_a_persons_id_declares_what_becomes_of_it(domain: str) -> None:
    tables = [model for model in models_of(domain) if not issubclass(model, PASSING)]
    assert {model._meta.db_table: lost for model in tables if (lost := undeclared(model))} == {}


def test_a_new_table_that_says_nothing_is_seen() -> None:
    class Wish(Row):
        member_id = fields.CharField(max_length=30)
        note_sealed = fields.CharField(max_length=100)

        class Meta:
            abstract = True

    assert undeclared(Wish) == ["member_id", "note_sealed"]


@pytest.mark.parametrize("domain", DOMAINS)
async def test_no_other_column_of_the_mall_holds_a_members_id(tiny_mall: Settings, domain: str) -> None:
    """What the names of columns do not tell, the seeded rows do: ids in columns of other names, and in JSON."""
    for model in models_of(domain):
        said = {personal.of.removesuffix("__startswith") for personal in declarations(model)}
        for row in await model.all().limit(200).values():
            assert [name for name, value in row.items() if name not in said and "mbr_" in str(value)] == [], model


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_is_declared_can_be_done(database: Any, domain: str) -> None:
    for model, personal in personal_tables(domain):
        names = set(model._meta.fields_db_projection)
        assert {personal.of.removesuffix("__startswith"), *personal.secret} <= names, model
        assert {name.split("__")[0] for name in personal.where} <= names, model
        assert personal.keeper is None or personal.keeper in names, model
        assert not isinstance(personal.fate, Kept) or (personal.fate.law and personal.fate.says), model


def test_the_trail_keeps_who_did_what() -> None:
    assert isinstance(declarations(AuditRow)[0].fate, Kept)
