"""The reads of content: each is one statement for any number of keys, and brings entries with the products they show.

An entry shows at most `services.content.LINKS_CAP` products, fewer than a page may ask for. So their ids come with the
entry, and a list of them is answered, counted and scrolled from there: a screen of banners, zones, live rooms and notes
with their products is one statement, whatever page sizes it asks for. What that costs is a join along `entry_product`'s
unique index, a few rows per entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

import msgspec

from kit.page import Page
from models.content.rows import ROW_OF_KIND, EntryColumns, EntryRow, LinkedProduct
from models.reading import Order, fetch, in_order, marks
from models.states import EntryKind, EntryState, TargetKind

BEST_FIRST = Order(EntryColumns, ("score", "id"), descending=True)

_ROOMS = "rooms"
"""The list of the live rooms to which listed entries lead."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Entries of one kind and state; with `running_at`, those alone that have begun and not ended at that moment."""

    kind: EntryKind
    state: EntryState
    running_at: datetime | None = None

    def where(self) -> tuple[str, list[Any]]:
        """The condition that an entry stands here, with its values."""
        condition, values = "kind = ? AND state = ?", [self.kind.value, self.state.value]
        if self.running_at is None:
            return condition, values
        running = "starts_at <= ? AND (ends_at IS NULL OR ends_at > ?)"
        return f"{condition} AND {running}", [*values, self.running_at, self.running_at]


@dataclass(frozen=True, slots=True)
class EntryList:
    """A page of a shelf, the best first: up to `limit` entries after the sort key `start`."""

    shelf: Shelf
    start: tuple[Any, ...] | None
    limit: int

    @classmethod
    def of(cls, shelf: Shelf, page: Page) -> EntryList:
        """Read the page before lists are read together, so that a bad one fails alone. Raises Invalid."""
        start = BEST_FIRST.start(page)
        return cls(shelf, tuple(start) if start else None, page.limit())


@dataclass(frozen=True, slots=True)
class OwnedList:
    """A page of those entries of a shelf that belong to an owner: a shop, an author, or a product that they show."""

    owner: Literal["shop_id", "author_id", "product_id"]
    shelf: Shelf
    page: Page


async def lists_of_entries(lists: Sequence[EntryList]) -> list[list[EntryRow]]:
    """The entries of each list, and one more where there are more. Each part of the union walks an index."""
    parts: list[str] = []
    values: list[Any] = []
    for number, wanted in enumerate(lists):
        where, shelf_values = wanted.shelf.where()
        later, later_values = BEST_FIRST.after(wanted.start)
        page = f"SELECT * FROM entry WHERE {where} AND {later} ORDER BY {BEST_FIRST.sql()} LIMIT ?"
        parts.append(f"SELECT '{number}' AS list, p{number}.* FROM ({page}) p{number}")
        values += [*shelf_values, *later_values, wanted.limit]
    leading = any(wanted.shelf.kind in (EntryKind.BANNER, EntryKind.ZONE) for wanted in lists)
    found = await _listed(" UNION ALL ".join(parts), values, with_rooms=leading)
    return [found.get(str(number), []) for number in range(len(lists))]


async def owned_entries(wanted: OwnedList, owners: Sequence[str]) -> list[list[EntryRow]]:
    """For each owner the entries of its list, and one more where there are more."""
    source, where, values = _owned(wanted.owner, wanted.shelf, owners)
    later, later_values = BEST_FIRST.after(BEST_FIRST.start(wanted.page))
    ranked = (
        f"SELECT {wanted.owner} AS list, entry.*,"
        f" ROW_NUMBER() OVER (PARTITION BY {wanted.owner} ORDER BY {BEST_FIRST.sql()}) AS place"
        f" FROM {source} WHERE {where} AND {later}"
    )
    page = f"SELECT list, {EntryColumns.columns('r')} FROM ({ranked}) r WHERE place <= ?"
    found = await _listed(page, [*values, *later_values, wanted.page.limit()])
    return [found.get(owner, []) for owner in owners]


async def entries_by_id(ids: Sequence[str]) -> list[EntryRow | None]:
    """The entry of each id, None where there is none."""
    found = await _listed(f"SELECT '' AS list, entry.* FROM entry WHERE id IN ({marks(ids)})", ids)
    return in_order(ids, found.get("", []), lambda entry: entry.id)


async def count_shelves(shelves: Sequence[Shelf]) -> list[int]:
    """How many entries stand on each shelf."""
    parts: list[str] = []
    values: list[Any] = []
    for number, shelf in enumerate(shelves):
        where, shelf_values = shelf.where()
        parts.append(f"SELECT {number} AS list, COUNT(*) AS held FROM entry WHERE {where}")
        values += shelf_values
    held = {row["list"]: row["held"] for row in await fetch("content", " UNION ALL ".join(parts), values)}
    return [held[number] for number in range(len(shelves))]


@dataclass(frozen=True, slots=True)
class CountOwned:
    """Counts the entries of a shelf by owner; equal ones are one read."""

    owner: Literal["shop_id", "author_id", "product_id"]
    shelf: Shelf

    async def __call__(self, owners: Sequence[str]) -> list[int]:
        source, where, values = _owned(self.owner, self.shelf, owners)
        sql = f"SELECT {self.owner} AS list, COUNT(*) AS held FROM {source} WHERE {where} GROUP BY {self.owner}"
        held = {row["list"]: row["held"] for row in await fetch("content", sql, values)}
        return [held.get(owner, 0) for owner in owners]


def _owned(owner: str, shelf: Shelf, owners: Sequence[str]) -> tuple[str, str, list[Any]]:
    """Where entries of a shelf by owner come from: a source, a condition and its values."""
    where, values = shelf.where()
    if owner == "product_id":
        # Apart from `entry`, so that `id` means an entry's.
        shown = f"(SELECT entry_id, product_id FROM entry_product WHERE product_id IN ({marks(owners)})) shown"
        return f"{shown} JOIN entry ON entry.id = shown.entry_id", where, [*owners, *values]
    return "entry", f"{owner} IN ({marks(owners)}) AND {where}", [*owners, *values]


async def _listed(pages: str, values: Sequence[Any], *, with_rooms: bool = False) -> dict[str, list[EntryRow]]:
    """The entries that `pages` selects (`list`, columns of entry), by list, the best first, with what they show."""
    columns = EntryColumns.columns("e")
    shown = f"SELECT e.list, {columns} FROM listed e"
    if with_rooms:
        rooms = f"SELECT target_id FROM listed WHERE target_kind = '{TargetKind.LIVE_ROOM}'"
        shown += (
            f" UNION ALL SELECT '{_ROOMS}' AS list, {EntryColumns.columns('t')} FROM entry t WHERE t.id IN ({rooms})"
        )
    sql = (
        f"WITH listed AS ({pages}), shown AS ({shown})"
        f" SELECT e.list, {columns}, l.position AS link_position, l.product_id AS link_product"
        " FROM shown e LEFT JOIN entry_product l ON l.entry_id = e.id"
        " ORDER BY e.list, e.score DESC, e.id DESC, l.position, l.product_id"
    )
    rows = await fetch("content", sql, values)
    lists = {name: _entries(list(part)) for name, part in groupby(rows, key=itemgetter("list"))}
    return _led(lists) if with_rooms else lists


def _entries(rows: Sequence[dict[str, Any]]) -> list[EntryRow]:
    """The entries of one list; a row per product that an entry shows, or one without."""
    entries = []
    for _, parts in groupby(rows, key=itemgetter("id")):
        first, *more = parts
        links = tuple(
            LinkedProduct(row["link_position"], row["link_product"])
            for row in (first, *more)
            if row["link_product"] is not None
        )
        columns = {name: first[name] for name in EntryColumns.__struct_fields__}
        entries.append(ROW_OF_KIND[first["kind"]].read({**columns, "links": links, "room": None}))
    return entries


def _led(lists: dict[str, list[EntryRow]]) -> dict[str, list[EntryRow]]:
    """The lists, their entries with the live rooms to which they lead."""
    rooms = {room.id: room for room in lists.pop(_ROOMS, [])}

    def led(entry: EntryRow) -> EntryRow:
        room = rooms.get(entry.target_id or "") if entry.target_kind == TargetKind.LIVE_ROOM else None
        return msgspec.structs.replace(entry, room=room) if room else entry

    return {name: [led(entry) for entry in entries] for name, entries in lists.items()}
