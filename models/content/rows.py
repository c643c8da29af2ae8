"""What reads of content bring: a class per kind of entry, by which a place that may hold several tells them apart."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from models.reading import ReadRow
from models.states import EntryKind


class LinkedProduct(msgspec.Struct, frozen=True, gc=False):
    """A product that an entry shows, at its place among the entry's products."""

    position: int
    product_id: str


class EntryColumns(ReadRow, frozen=True, gc=False):
    """The columns of an entry."""

    id: str
    kind: str
    state: str
    title: str
    body: str
    image: str
    media: list[dict[str, Any]]
    shop_id: str | None
    author_id: str | None
    author_name: str
    author_avatar: str
    target_kind: str | None
    target_id: str | None
    likes: int
    viewers: int
    score: int
    starts_at: datetime
    ends_at: datetime | None


class EntryRow(EntryColumns, frozen=True, gc=False):
    """An entry with all products that it shows, and the live room that it leads to, if it leads to one."""

    links: tuple[LinkedProduct, ...] = ()
    room: LiveRoomRow | None = None


class BannerRow(EntryRow, frozen=True, gc=False):
    """A banner."""


class ZoneRow(EntryRow, frozen=True, gc=False):
    """An activity zone."""


class LiveRoomRow(EntryRow, frozen=True, gc=False):
    """A live room."""


class VideoRow(EntryRow, frozen=True, gc=False):
    """A short video; its file is the first of its media."""


class NoteRow(EntryRow, frozen=True, gc=False):
    """A community note; its media are pictures."""


ROW_OF_KIND: dict[str, type[EntryRow]] = {
    EntryKind.BANNER: BannerRow,
    EntryKind.ZONE: ZoneRow,
    EntryKind.LIVE_ROOM: LiveRoomRow,
    EntryKind.VIDEO: VideoRow,
    EntryKind.NOTE: NoteRow,
}
