"""What reads of content bring: a class per kind of entry, by which a place that may hold several tells them apart."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from models.reading import ReadRow
from models.states import EntryKind


class LinkedProduct(msgspec.Struct, frozen=True, gc=False, order=True, array_like=True):
    """A product that an entry shows, at its place among the entry's products."""

    position: int
    product_id: str


_LINKS = msgspec.json.Decoder(list[LinkedProduct])


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
    """An entry with all products that it shows: `linked` has an item of JSON for each, None where there are none."""

    linked: str | None

    @property
    def links(self) -> list[LinkedProduct]:
        """The products by position, equal ones by id."""
        return sorted(_LINKS.decode(f"[{self.linked}]")) if self.linked else []


class LiveRoomRow(EntryRow, frozen=True, gc=False):
    """A live room."""


class VideoRow(EntryRow, frozen=True, gc=False):
    """A short video; its file is the first of its media."""


class NoteRow(EntryRow, frozen=True, gc=False):
    """A community note; its media are pictures."""


class LeadingRow(EntryRow, frozen=True, gc=False):
    """An entry that leads somewhere, with the live room to which it does, if it is one."""

    room: LiveRoomRow | None = None


class BannerRow(LeadingRow, frozen=True, gc=False):
    """A banner."""


class ZoneRow(LeadingRow, frozen=True, gc=False):
    """An activity zone."""


ROW_OF_KIND: dict[str, type[EntryRow]] = {
    EntryKind.BANNER: BannerRow,
    EntryKind.ZONE: ZoneRow,
    EntryKind.LIVE_ROOM: LiveRoomRow,
    EntryKind.VIDEO: VideoRow,
    EntryKind.NOTE: NoteRow,
}
