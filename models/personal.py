"""Which rows are about a person, and what becomes of them: declared on the table, as `shown` is on the field.

A table with a person's id says by `personal` what erasure does to its rows, and what of them an export shows to the
person. A table that says nothing fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tortoise import Tortoise

from models.base import Row

NOBODY = "已注销用户"
"""What an erased person is called."""
SEALED = "_sealed"
"""How the name of a column ends whose text is an envelope (`kit.sealing`)."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """Erasure deletes the rows."""


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """Erasure leaves the rows, with `columns` set to what says nothing."""

    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """The law keeps the rows, under an id that names nobody any more."""

    law: str
    says: str
    """What is kept and for how long, in the words of the answer to the person."""


@dataclass(frozen=True, slots=True)
class Through:
    """Rows of another table, with the person's id in the column `of`, on which the personal rows hang by their id."""

    table: str
    of: str
    where: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Personal:
    """Rows about the person whose id stands in the column `of`."""

    of: str
    fate: Deleted | Scrubbed | Kept
    keeper: str | None = None
    """The column with the shop that keeps the person's key; None where the platform does."""
    through: Through | None = None
    """Where `of` holds no person's id, but that of another row about the person."""
    where: Mapping[str, Any] = field(default_factory=dict)
    """Which of the person's rows this is about, where not about all of them."""
    secret: Sequence[str] = ()
    """Columns that nobody gets to read, such as a password's hash."""


def personal_tables(domain: str) -> list[tuple[type[Row], Personal]]:
    """What a domain's tables declare; rows that hang on others come before those."""
    if Tortoise.apps is None:
        raise RuntimeError("the database is not open: use open_database()")
    models = [model for model in Tortoise.apps[domain].values() if issubclass(model, Row)]
    declared = [(model, personal) for model in models for personal in declarations(model)]
    return sorted(declared, key=lambda pair: (pair[1].through is None, pair[0]._meta.db_table))


def declarations(model: type[Row]) -> Sequence[Personal]:
    """What a table declares."""
    personal: Sequence[Personal] = getattr(model, "personal", ())
    return personal


async def erase_rows(domain: str, person_id: str) -> int:
    """Do to the person's rows what their tables declare, in the running transaction; how many rows were touched."""
    touched = 0
    for model, personal in personal_tables(domain):
        match personal.fate:
            case Deleted():
                touched += await (await _rows(domain, model, personal, person_id)).delete()
            case Scrubbed(columns):
                touched += await (await _rows(domain, model, personal, person_id)).update(**columns)
            case Kept():
                pass
    return touched


async def rows_about(domain: str, model: type[Row], personal: Personal, person_id: str) -> list[dict[str, Any]]:
    """The person's rows of one declaration, by column, without what is secret."""
    rows = await (await _rows(domain, model, personal, person_id)).order_by("id").values()
    return [{name: value for name, value in row.items() if name not in personal.secret} for row in rows]


async def _rows(domain: str, model: type[Row], personal: Personal, person_id: str) -> Any:
    through = personal.through
    if through is None:
        return model.filter(**{personal.of: person_id}, **personal.where)
    assert Tortoise.apps is not None
    parent = next(other for other in Tortoise.apps[domain].values() if other._meta.db_table == through.table)
    ids = await parent.filter(**{through.of: person_id}, **through.where).values_list("id", flat=True)
    return model.filter(**{f"{personal.of}__in": ids}, **personal.where)
