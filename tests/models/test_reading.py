"""Rows as hot reads bring them: each shows what was written, whatever the values, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module
from typing import Any, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tortoise import fields

from kit.settings import DOMAINS, Settings
from models import bulk
from models.base import HeardRow, OutboxRow, Row
from models.reading import Hundredths, ReadRow, fetch
from models.shops.rows import ShopRow
from tests.support.moments import NOON
from tests.support.statements import models_of

EXAMPLES = 15
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
ZONES = st.integers(-720, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001 - zones are drawn


def rows_of(kind: type[ReadRow]) -> Iterator[type[ReadRow]]:
    """All kinds of rows below `kind`."""
    for below in kind.__subclasses__():
        yield below
        yield from rows_of(below)


def table_of(row: type[ReadRow]) -> type[Row | OutboxRow | HeardRow]:
    """The table that has most of its columns."""
    domain = row.__module__.split(".")[1]
    return max(models_of(domain), key=lambda model: len(shared(row, model)))


def shared(row: type[ReadRow], model: type[Any]) -> list[str]:
    return [name for name in row.__struct_fields__ if name in model._meta.fields_map]


for domain in DOMAINS:
    import_module(f"models.{domain}.rows")
ROWS = [row for row in rows_of(ReadRow) if row.__module__.endswith(".rows") and shared(row, table_of(row))]


def values_for(field: fields.Field[Any], hint: Any) -> st.SearchStrategy[Any]:
    """What the column may hold, in the form in which the row shows it."""
    found = _values_for(field, hint)
    return found | st.none() if field.null else found


def _values_for(field: fields.Field[Any], hint: Any) -> st.SearchStrategy[Any]:
    match field:
        case fields.JSONField():
            return st.lists(JSON, max_size=3) if "list" in str(hint) else st.dictionaries(TEXTS, JSON, max_size=3)
        case fields.DatetimeField():
            return MOMENTS
        case fields.BooleanField():
            return st.booleans()
        case fields.BigIntField():
            return st.integers(-(2**63), 2**63 - 1)
        case fields.IntField():
            return st.integers(-(2**31), 2**31 - 1)
        case fields.CharField() if hasattr(field, "enum_type"):
            return st.sampled_from([member.value for member in field.enum_type])
        case fields.CharField():
            return TEXTS.map(lambda text: text[: field.max_length])
    return TEXTS


def unique_texts(model: type[Any]) -> set[str]:
    """The columns of text that make its rows unlike each other."""
    together = {name for group in model._meta.unique_together for name in group}
    return {
        name
        for name, field in model._meta.fields_map.items()
        if isinstance(field, fields.CharField)
        and not hasattr(field, "enum_type")
        and (field.unique or name in together)
    }


def drawn(row: type[ReadRow], model: type[Any]) -> list[dict[str, Any]]:
    """Values for whole rows of the table."""
    hints = get_type_hints(row)
    columns = {name: values_for(field, hints.get(name)) for name, field in model._meta.fields_map.items()}
    found: list[dict[str, Any]] = []

    @settings(max_examples=EXAMPLES)
    @given(st.fixed_dictionaries(columns))
    def draw(values: dict[str, Any]) -> None:
        found.append({**values, **{name: f"{len(found)}" for name in unique_texts(model)}})

    draw()
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.__module__.split('.')[1]}-{row.__name__}")
async def test_a_row_shows_what_was_written(row: type[ReadRow], database: Settings) -> None:
    model = table_of(row)
    written, names = drawn(row, model), shared(row, model)
    await bulk.insert(model, written)
    columns = ", ".join(f"t.{name}" for name in (model._meta.pk_attr, *names))
    rows = await fetch(model._meta.app or "", f"SELECT {columns} FROM {model._meta.db_table} t")
    absent = {name: None for name in row.__struct_fields__ if name not in names}
    by_id = {values[0]: row(**absent, **dict(zip(names, values[1:], strict=True))) for values in rows}
    for values in written:
        shown = by_id[values["id"]]
        hundredths = {name for name, hint in get_type_hints(row).items() if hint is Hundredths}
        for name in names:
            expected = values[name] / 100 if name in hundredths else values[name]
            assert (name, getattr(shown, name)) == (name, expected)
            assert type(getattr(shown, name)) is type(expected)


def test_all_domains_have_rows() -> None:
    assert {row.__module__.split(".")[1] for row in ROWS} == set(DOMAINS)
    assert len(ROWS) > 20


SHOP = ShopRow("shp_a", "茶", "", "RETAIL", "上海", "", Hundredths(4.8), 1, 2, {"cover": "a"}, NOON)


def test_a_row_of_our_values_equals_one_of_a_databases_form() -> None:
    forms = (
        {"rating": 480, "decoration": '{"cover":"a"}', "opened_at": "2026-11-22 04:00:00+00:00"},
        {"rating": 480, "decoration": '{"cover": "a"}', "opened_at": NOON.astimezone(UTC).replace(tzinfo=None)},
    )
    for form in forms:
        read = msgspec.structs.replace(SHOP, **form)
        assert (read, hash(read)) == (SHOP, hash(SHOP))
        assert (read.rating, read.decoration, read.opened_at) == (4.8, {"cover": "a"}, NOON)
    assert msgspec.structs.replace(SHOP, rating=481) != SHOP
    assert msgspec.structs.replace(SHOP, opened_at="2026-11-22 04:00:00.000001+00:00") != SHOP
