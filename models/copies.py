"""A shop's rows as plain data: read for a backup, compared with what is there, and put back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec
from tortoise import Tortoise, fields
from tortoise.exceptions import IntegrityError
from tortoise.expressions import Subquery

from kit.errors import Conflict, Invalid
from kit.settings import DOMAINS
from models import bulk
from models.base import Row
from models.belonging import BELONGINGS, Copied, Own, Under
from models.members.privacy import Erasure
from models.personal import declarations, erase_rows
from models.shops.tables import Shop, Staff

Plain = dict[str, Any]
"""A row with every column in a form that JSON knows."""

_canonical = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True)
class Table:
    """A table of which a shop's rows are copied."""

    domain: str
    model: type[Row]
    belonging: Copied

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @cached_property
    def parent(self) -> Table:
        """The table that this one hangs on."""
        assert isinstance(self.belonging, Under)
        return next(table for table in tables_of(self.domain) if table.name == self.belonging.table)

    @property
    def is_moving(self) -> bool:
        """Whether trade changes its rows from minute to minute."""
        own = self.parent.belonging if isinstance(self.belonging, Under) else self.belonging
        return isinstance(own, Own) and own.moving

    def of(self, shop_id: str) -> Mapping[str, Any]:
        """Which rows are the shop's, as Tortoise filters them."""
        if not isinstance(self.belonging, Under):
            return {self.belonging.column: shop_id}
        theirs = self.parent.model.filter(**self.parent.of(shop_id))
        return {f"{self.belonging.column}__in": Subquery(theirs.values("id"))}


def tables_of(domain: str) -> Iterator[Table]:
    """The tables of a domain of which a shop's rows are copied; a table comes after those that it hangs on."""
    models = {model._meta.db_table: model for model in (Tortoise.apps or {})[domain].values() if issubclass(model, Row)}
    for name, kind in BELONGINGS[domain].items():
        if isinstance(kind, Copied):
            yield Table(domain, models[name], kind)


async def shop_ids() -> list[str]:
    """Every shop there is."""
    return [str(id_) for (id_,) in await Shop.all().order_by("id").values_list("id")]


async def page(table: Table, shop_id: str, after: str, limit: int) -> list[Plain]:
    """The shop's next rows after the id `after`."""
    rows = table.model.filter(**table.of(shop_id), id__gt=after).order_by("id").limit(limit)
    return [_plain(row) for row in await rows.values()]


async def count(table: Table, shop_id: str) -> int:
    """How many rows the shop has."""
    return await table.model.filter(**table.of(shop_id)).count()


def _plain(row: Mapping[str, Any]) -> Plain:
    plain: Plain = msgspec.to_builtins(row)
    return plain


def digest(rows: Sequence[Plain]) -> str:
    """A hash by which rows can be compared."""
    return hashlib.sha256(_canonical.encode(rows)).hexdigest()


def completed(table: Table, row: Plain) -> Plain:
    """A row of an older form of the table: what is new has its default. Raises Invalid where there is none, or where
    the table has a column no more."""
    columns = table.model._meta.fields_map
    new = {name: columns[name] for name in table.model._meta.fields_db_projection if name not in row}
    unknown = row.keys() - table.model._meta.fields_db_projection.keys()
    if unknown or any(field.default is None and not field.null for field in new.values()):
        said = f"the rows of {table.name} are of another form than the table's: nothing was changed"
        raise Invalid("backup.form", said)
    return row | _plain({name: field.default for name, field in new.items()})


async def living(table: Table, ids: Sequence[str]) -> dict[str, Plain]:
    """The rows that are there under these ids, whosever they are."""
    return {row["id"]: _plain(row) for row in await table.model.filter(id__in=ids).values()}


def workers(table: Table, rows: Iterable[Plain]) -> set[str]:
    """The persons whose tokens say what these rows say: where they work, and as what."""
    return {row["member_id"] for row in rows} if table.model is Staff else set()


async def is_foreign(table: Table, shop_id: str, rows: Sequence[Plain]) -> bool:
    """Whether one of `rows` is not the shop's."""
    column = table.belonging.column
    if not isinstance(table.belonging, Under):
        return any(row[column] != shop_id for row in rows)
    parents = {row[column] for row in rows}
    theirs = table.parent.model.filter(id__in=list(parents), **table.parent.of(shop_id))
    return await theirs.count() < len(parents)


async def put(table: Table, rows: Sequence[Plain]) -> None:
    """Insert rows as they were. Runs in the caller's transaction. Raises Conflict where the table refuses one."""
    try:
        await bulk.insert(table.model, [_typed(table, row) for row in rows])
    except IntegrityError:
        said = f"rows of {table.name} do not go beside those that are there: nothing was changed"
        raise Conflict("restore.beside", said) from None


async def replace(table: Table, row: Plain) -> None:
    """Set a row that is there to what it was. Runs in the caller's transaction."""
    values = {name: value for name, value in _typed(table, row).items() if name != "id"}
    await table.model.filter(id=row["id"]).update(**values)


async def erased(table: Table, rows: Sequence[Plain]) -> set[str]:
    """The persons whom some rows are about, and who were erased."""
    columns = [personal.of for personal in declarations(table.model) if not personal.through]
    persons = {person for row in rows for column in columns if (person := row.get(column))}
    found = await Erasure.filter(person_id__in=list(persons)).values("person_id") if persons else []
    return {row["person_id"] for row in found}


async def erase_again(persons: Iterable[str]) -> None:
    """Do to rows that came back what the persons' erasure did to them. Runs in the caller's transactions."""
    for person in sorted(persons):
        for domain in DOMAINS:
            await erase_rows(domain, person)


def _typed(table: Table, row: Plain) -> Plain:
    columns = table.model._meta.fields_map
    moments = [name for name, field in columns.items() if isinstance(field, fields.DatetimeField)]
    return {**row, **{name: datetime.fromisoformat(row[name]) for name in moments if row[name] is not None}}
