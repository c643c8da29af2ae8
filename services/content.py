"""The rules of content: what is shown when, and how a live room and a note come to be seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from kit import clock
from kit.errors import NotFound
from kit.ids import new_id, prefix_of
from kit.payload import UserError
from kit.ports import Author
from kit.viewer import Viewer
from models.content.tables import Entry, EntryProduct
from models.states import EntryKind, EntryState

LINKS_CAP = 50
"""How many products an entry may show: no more than a page of a list."""
TITLE_CAP = 60
"""Characters, the width of the column."""
BODY_CAP = 1_000
"""Characters of a note."""
IMAGE_CAP = 200
"""Characters of a picture's address, the width of the column."""

_LANDMARK = datetime(2025, 1, 1, tzinfo=UTC)

_TIMED = frozenset({EntryState.PUBLISHED, EntryState.LIVE})


class Shown(Protocol):
    """What of an entry decides whether it is seen."""

    @property
    def state(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class NoteTextRefused(UserError):
    """The title or the text of a note is missing or too long."""


@dataclass(frozen=True, slots=True)
class NoteImageRefused(UserError):
    code: str = "note.image"
    message: str = f"a cover is an https address of at most {IMAGE_CAP} characters"
    path: tuple[str, ...] | None = ("input", "image")


@dataclass(frozen=True, slots=True)
class NoteProductsRefused(UserError):
    code: str = "note.products"
    message: str = f"a note shows at most {LINKS_CAP} products, each once, by their ids"
    path: tuple[str, ...] | None = ("input", "productIds")


def must_run(state: EntryState) -> bool:
    """Whether entries of `state` are listed only while they run; otherwise their state alone decides.

    What is published or live runs from `starts_at` until `ends_at`. A planned room has not begun, an ended one is over.
    """
    return state in _TIMED


def is_seen(entry: Shown, now: datetime) -> bool:
    """Whether anybody may see the entry by its id."""
    if entry.state == EntryState.WITHDRAWN:
        return False
    if entry.state not in _TIMED:
        return True
    return entry.starts_at <= now and (entry.ends_at is None or now < entry.ends_at)


def score_of(published_at: datetime, *, likes: int = 0, viewers: int = 0) -> int:
    """Rank of an entry in lists, higher first: an entry is worth a day more whenever its liking doubles.

    Minutes since a landmark, plus 90 for every sixteenth of a doubling of likes, where ten viewers count as one like.
    Time ages all entries alike, so that a rank changes with their liking only and is never rewritten. Integers, equal
    on every machine.
    """
    minutes = (published_at - _LANDMARK) // timedelta(minutes=1)
    liking = max(likes, 0) + max(viewers, 0) // 10 + 1
    return minutes + 90 * ((liking**16).bit_length() - 1)


async def go_live(room_id: str, *, by: Viewer) -> Entry:
    """A planned live room of the viewer's shop begins. Raises NotFound, Refused."""
    return await _move(room_id, EntryState.LIVE, by=by, starts_at=clock.now(), ends_at=None)


async def end_live(room_id: str, *, by: Viewer) -> Entry:
    """A live room of the viewer's shop is over. Raises NotFound, Refused."""
    return await _move(room_id, EntryState.ENDED, by=by, ends_at=clock.now())


async def _move(room_id: str, state: EntryState, *, by: Viewer, **times: datetime | None) -> Entry:
    theirs = Entry.filter(kind=EntryKind.LIVE_ROOM, shop_id=by.shop_id or "")
    room = await theirs.select_for_update().get_or_none(id=room_id)
    if room is None:
        raise NotFound("live_room.unknown", "there is no such live room")
    room.move_to(state)
    await room.update_from_dict(times).save()
    return room


async def publish_note(
    author: Author, *, title: str, body: str, image: str, product_ids: Sequence[str]
) -> Entry | tuple[UserError, ...]:
    """A note of `author` is seen from now on, with the products in their order; or all reasons why not.

    The products are not looked up: they are another domain's, and a note outlives them anyway.
    """
    title, body = title.strip(), body.strip()
    if refusals := tuple(_refusals(title, body, image, product_ids)):
        return refusals
    now = clock.now()
    note = await Entry.create(
        id=new_id("nte"),
        kind=EntryKind.NOTE,
        state=EntryState.PUBLISHED,
        title=title,
        body=body,
        image=image,
        media=[],
        author_id=author.id,
        author_name=author.nickname,
        author_avatar=author.avatar,
        likes=0,
        viewers=0,
        score=score_of(now),
        starts_at=now,
    )
    await EntryProduct.bulk_create(
        EntryProduct(id=new_id("enp"), entry_id=note.id, product_id=product_id, position=position)
        for position, product_id in enumerate(product_ids, 1)
    )
    return note


def _refusals(title: str, body: str, image: str, product_ids: Sequence[str]) -> Iterator[UserError]:
    for name, text, cap in (("title", title, TITLE_CAP), ("body", body, BODY_CAP)):
        if not 1 <= len(text) <= cap:
            yield NoteTextRefused(f"note.{name}", f"{name} has from 1 to {cap} characters", ("input", name))
    if not image.startswith("https://") or len(image) > IMAGE_CAP or not image.isprintable():
        yield NoteImageRefused()
    repeated = len(set(product_ids)) < len(product_ids)
    if repeated or len(product_ids) > LINKS_CAP or any(prefix_of(id_) != "prd" for id_ in product_ids):
        yield NoteProductsRefused()
