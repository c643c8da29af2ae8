"""The tables of content.

Banners, zones, live rooms, videos and notes are rows of one table: all are a title, a picture, a time and linked
products, they are listed, moderated and counted alike, and a screen that shows all of them reads one statement.
"""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.indexes import Index

from kit.errors import Refused
from models.base import HeardRow, IdField, OutboxRow, Row
from models.personal import NOBODY, Deleted, Personal, Scrubbed, Through
from models.states import LIVE_MOVES, EntryKind, EntryState, TargetKind

_NOTES = {"kind": EntryKind.NOTE}
_OTHERS = {"kind__not": EntryKind.NOTE}
"""The shop's own, such as a live room that the member hosts."""


class Entry(Row):
    """A piece of content: `bnr_` banner, `zon_` activity zone, `liv_` live room, `vid_` short video, `nte_` note."""

    told_by = ("id",)
    untold = ("likes", "viewers", "score")

    kind = fields.CharEnumField(EntryKind, max_length=20)
    state = fields.CharEnumField(EntryState, max_length=20)
    title = fields.CharField(max_length=60)
    body = fields.TextField()
    image = fields.CharField(max_length=200)
    media = fields.JSONField[list[dict[str, Any]]]()
    """Pictures of a note, the file and seconds of a video, the stream of a live room."""
    shop_id = IdField(null=True, db_index=True)
    """Whose it is; None where the platform's or a member's."""
    author_id = IdField(null=True, db_index=True)
    """The member who wrote or hosts it."""
    author_name = fields.CharField(max_length=40)
    """The author's nickname when it was published: shown without asking members."""
    author_avatar = fields.CharField(max_length=200)
    target_kind = fields.CharEnumField(TargetKind, max_length=20, null=True)
    """Where a banner or a zone leads."""
    target_id = IdField(null=True)
    likes = fields.IntField()
    viewers = fields.IntField()
    """Who watches now, or has watched."""
    score = fields.IntField()
    """Rank in lists, higher first."""
    starts_at = fields.DatetimeField()
    """When it is published, or goes live."""
    ends_at = fields.DatetimeField(null=True)

    personal = (
        Personal(of="author_id", fate=Deleted(), where=_NOTES),
        Personal(of="author_id", fate=Scrubbed({"author_name": NOBODY, "author_avatar": ""}), where=_OTHERS),
    )

    def move_to(self, state: EntryState) -> None:
        """Let it be `state` from now on. Raises Refused where the table of moves does not allow it."""
        if state not in LIVE_MOVES.get(self.state, ()):
            raise Refused("live_room.move", f"what is {self.state} cannot become {state}")
        self.state = state

    class Meta:
        table = "entry"
        indexes = (Index(fields=("kind", "state", "score", "id")),)


class EntryProduct(Row):
    """A product that an entry shows, `enp_`: pinned in a live room, linked in a note."""

    told_by = ("entry_id",)

    entry_id = IdField()
    product_id = IdField(db_index=True)
    position = fields.IntField()

    personal = (Personal(of="entry_id", fate=Deleted(), through=Through("entry", "author_id", _NOTES)),)

    class Meta:
        table = "entry_product"
        unique_together = (("entry_id", "product_id"),)


class ContentOutbox(OutboxRow):
    class Meta:
        table = "content_outbox"


class ContentHeard(HeardRow):
    class Meta:
        table = "content_heard"
