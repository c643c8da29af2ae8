"""The reads of content: each is one statement for any number of keys, and brings entries with the products they show.

An entry shows at most `services.content.LINKS_CAP` products, fewer than a page may ask for. So their ids come with the
entry, and a list of them is answered, counted and scrolled from there: a screen of banners, zones, live rooms and notes
with their products is one statement, whatever page sizes it asks for. What that costs is a join along `entry_product`'s
unique index, a few rows per entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from models.cached import SECOND, cached
from models.content.rows import ROW_OF_KIND, EntryColumns, EntryRow, LeadingRow
from models.filtering import Matches
from models.reading import NOW, Cut, Order, by_group, fetch, in_order, marks
from models.states import EntryKind, EntryState, TargetKind

BEST_FIRST = Order(EntryColumns, ("score", "id"), descending=True)

TABLES = ("entry", "entry_product")

_ROOMS = "rooms"
"""The list of the live rooms to which listed entries lead."""
_LEADING = (EntryKind.BANNER, EntryKind.ZONE)

_LINKED = (
    "(SELECT GROUP_CONCAT(JSON_ARRAY(l.position, l.product_id)) FROM entry_product l WHERE l.entry_id = e.id) AS linked"
)
_KIND = 1 + EntryColumns.__struct_fields__.index("kind")


class Shelf(msgspec.Struct, frozen=True, gc=False):
    """Entries of one kind and state that match; of those that are `running`, the ones alone that have begun and not
    ended.
    """

    kind: EntryKind
    state: EntryState
    running: bool = False
    matches: Matches = ()

    def where(self) -> tuple[str, list[Any]]:
        """The condition that an entry stands here, with its values."""
        values: list[Any] = [self.kind.value, self.state.value]
        condition = " AND ".join(["kind = ? AND state = ?", *(match.sql() for match in self.matches)])
        values += [value for match in self.matches for value in match.values]
        if not self.running:
            return condition, values
        running = "starts_at <= ? AND (ends_at IS NULL OR ends_at > ?)"
        return f"{condition} AND {running}", [*values, NOW, NOW]


class EntryList(msgspec.Struct, frozen=True, gc=False):
    """A page of a shelf, the best first."""

    shelf: Shelf
    cut: Cut

    def page(self, columns: str) -> tuple[str, list[Any]]:
        """The statement that selects `columns` of its entries, with its values."""
        where, values = self.shelf.where()
        later, start = BEST_FIRST.after(self.cut.start)
        text = f"SELECT {columns} FROM entry WHERE {where} AND {later} ORDER BY {BEST_FIRST.sql()} LIMIT ?"
        return text, [*values, *start, self.cut.limit]


class Owned(msgspec.Struct, frozen=True, gc=False):
    """Those entries of a shelf that belong to somebody: to a shop, an author, or a product that they show."""

    owner: Literal["shop_id", "author_id", "product_id"]
    shelf: Shelf


@cached(also=TABLES, max_age=SECOND)
async def lists_of_entries(lists: Sequence[EntryList]) -> list[list[EntryRow]]:
    """The entries of each list, and one more where there are more. Each part of the union walks an index."""
    parts: list[str] = []
    values: list[Any] = []
    for number, wanted in enumerate(lists):
        page, page_values = wanted.page("id")
        parts.append(f"SELECT '{number}' AS list, p{number}.* FROM ({page}) p{number}")
        values += page_values
    for number, wanted in enumerate(lists):
        if wanted.shelf.kind in _LEADING:
            page, page_values = wanted.page("target_id, target_kind")
            kind = TargetKind.LIVE_ROOM.value
            parts.append(f"SELECT '{_ROOMS}', r{number}.target_id FROM ({page}) r{number} WHERE target_kind = '{kind}'")
            values += page_values
    found = await _listed(" UNION ALL ".join(parts), values)
    rooms = {room.id: room for room in found.get(_ROOMS, [])}
    return [[_led(entry, rooms) for entry in found.get(str(number), [])] for number in range(len(lists))]


@cached(also=TABLES, max_age=SECOND)
async def owned_entries(lists: Sequence[tuple[tuple[Owned, Cut], str]]) -> list[list[EntryRow]]:
    """For each (list, owner) the entries of its page: a statement for all owners."""
    return await by_group(_owned_page, lists)


async def _owned_page(page_of: tuple[Owned, Cut], owners: Sequence[str]) -> list[list[EntryRow]]:
    wanted, cut = page_of
    source, where, values = _owned(wanted, owners)
    later, later_values = BEST_FIRST.after(cut.start)
    ranked = (
        f"SELECT {wanted.owner} AS list, entry.id,"
        f" ROW_NUMBER() OVER (PARTITION BY {wanted.owner} ORDER BY {BEST_FIRST.sql()}) AS place"
        f" FROM {source} WHERE {where} AND {later}"
    )
    page = f"SELECT list, id FROM ({ranked}) r WHERE place <= ?"
    found = await _listed(page, [*values, *later_values, cut.limit])
    return [found.get(owner, []) for owner in owners]


@cached(by={"entry": "id", "entry_product": "entry_id"}, max_age=SECOND)
async def entries_by_id(ids: Sequence[str]) -> list[EntryRow | None]:
    """The entry of each id, None where there is none."""
    found = await _listed(f"SELECT '' AS list, id FROM entry WHERE id IN ({marks(ids)})", ids)
    return in_order(ids, found.get("", []), lambda entry: entry.id)


@cached(also=("entry",), max_age=SECOND)
async def count_shelves(shelves: Sequence[Shelf]) -> list[int]:
    """How many entries stand on each shelf."""
    parts: list[str] = []
    values: list[Any] = []
    for number, shelf in enumerate(shelves):
        where, shelf_values = shelf.where()
        parts.append(f"SELECT {number} AS list, COUNT(*) AS held FROM entry WHERE {where}")
        values += shelf_values
    held: dict[int, int] = dict(await fetch("content", " UNION ALL ".join(parts), values))
    return [held[number] for number in range(len(shelves))]


@cached(also=TABLES, max_age=SECOND)
async def count_owned(lists: Sequence[tuple[Owned, str]]) -> list[int]:
    """How many entries each list of an owner has: a statement for all owners."""
    return await by_group(_count_owned, lists)


async def _count_owned(wanted: Owned, owners: Sequence[str]) -> list[int]:
    source, where, values = _owned(wanted, owners)
    sql = f"SELECT {wanted.owner} AS list, COUNT(*) AS held FROM {source} WHERE {where} GROUP BY {wanted.owner}"
    held: dict[str, int] = dict(await fetch("content", sql, values))
    return [held.get(owner, 0) for owner in owners]


def _owned(wanted: Owned, owners: Sequence[str]) -> tuple[str, str, list[Any]]:
    """Where entries of a shelf by owner come from: a source, a condition and its values."""
    where, values = wanted.shelf.where()
    if wanted.owner == "product_id":
        # Apart from `entry`, so that `id` means an entry's.
        shown = f"(SELECT entry_id, product_id FROM entry_product WHERE product_id IN ({marks(owners)})) shown"
        return f"{shown} JOIN entry ON entry.id = shown.entry_id", where, [*owners, *values]
    return "entry", f"{wanted.owner} IN ({marks(owners)}) AND {where}", [*owners, *values]


async def _listed(pages: str, values: Sequence[Any]) -> dict[str, list[EntryRow]]:
    """The entries whose (`list`, `id`) `pages` selects, by list, the best first, with what they show.

    The texts are joined to the ids at the end: MariaDB would put them to disk on their way through a union.
    """
    sql = f"SELECT m.list, {EntryColumns.columns('e')}, {_LINKED} FROM ({pages}) m JOIN entry e ON e.id = m.id"
    lists: dict[str, list[EntryRow]] = {}
    for row in await fetch("content", sql, values):
        lists.setdefault(row[0], []).append(ROW_OF_KIND[row[_KIND]].read(row[1:]))
    for entries in lists.values():
        BEST_FIRST.sort(entries)
    return lists


def _led(entry: EntryRow, rooms: Mapping[str, EntryRow]) -> EntryRow:
    """The entry with the live room to which it leads."""
    leads = isinstance(entry, LeadingRow) and entry.target_kind == TargetKind.LIVE_ROOM
    room = rooms.get(entry.target_id or "") if leads else None
    return msgspec.structs.replace(entry, room=room) if room else entry
