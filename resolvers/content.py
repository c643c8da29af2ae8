"""Answers for content."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from kit import clock
from kit.errors import NotFound, Unavailable
from kit.page import Connection, Page, connection
from kit.payload import Payload
from kit.ports import Author
from models.content import reads
from models.content.rows import BannerRow, EntryRow, LeadingRow, LinkedProduct, LiveRoomRow, NoteRow, VideoRow, ZoneRow
from models.filtering import Matches
from models.reading import cut
from models.repeating import carry_out
from models.states import EntryKind, EntryState, LiveState, TargetKind
from resolvers.context import Context, Loads
from resolvers.keys import ById, found, ids_of
from resolvers.lists import Counted, known_count, shown
from services import content as rules
from services.content import NoteImageRefused, NoteProductsRefused, NoteTextRefused

__all__ = [
    "BannerRow",
    "LiveRoomRow",
    "NoteImageRefused",
    "NoteProductsRefused",
    "NoteRow",
    "NoteTextRefused",
    "VideoRow",
    "ZoneRow",
]


@dataclass(frozen=True, slots=True)
class LiveRoomsPage(Page):
    state: LiveState = LiveState.LIVE


@dataclass(frozen=True, slots=True)
class NotesPage(Page):
    where: Matches | None = None


class ProductKey(msgspec.Struct, frozen=True, gc=False):
    id: str


class ShopKey(msgspec.Struct, frozen=True, gc=False):
    id: str


class CategoryKey(msgspec.Struct, frozen=True, gc=False):
    id: str


class MemberRow(msgspec.Struct, frozen=True, gc=False):
    """A member; nickname and avatar are those that stand in an entry, None where the key alone is known."""

    id: str
    nickname: str | None = None
    avatar: str | None = None


class Picture(msgspec.Struct, frozen=True, gc=False):
    url: str
    alt: str


Key = TypeVar("Key", ProductKey, ShopKey, MemberRow)
Target = ProductKey | ShopKey | CategoryKey | LiveRoomRow


def _keyed(kind: Callable[[str], Key]) -> Callable[[Sequence[dict[str, Any]]], Any]:
    async def by_key(representations: Sequence[dict[str, Any]]) -> list[Key]:
        return [kind(id_) for id_ in ids_of(representations)]

    return by_key


products_by_key = _keyed(ProductKey)
shops_by_key = _keyed(ShopKey)
members_by_key = _keyed(MemberRow)


async def _seen(kind: type[EntryRow], ids: Sequence[str], loads: Loads) -> list[Any]:
    """The entry of each id, None where there is none of that kind that anybody may see."""
    now = clock.now()
    found = await loads.many(reads.entries_by_id, ids)
    return [entry if isinstance(entry, kind) and rules.is_seen(entry, now) else None for entry in found]


async def live_rooms_by_key(representations: Sequence[dict[str, Any]], loads: Loads) -> list[LiveRoomRow | None]:
    return await _seen(LiveRoomRow, ids_of(representations), loads)


async def videos_by_key(representations: Sequence[dict[str, Any]], loads: Loads) -> list[VideoRow | None]:
    return await _seen(VideoRow, ids_of(representations), loads)


async def notes_by_key(representations: Sequence[dict[str, Any]], loads: Loads) -> list[NoteRow | None]:
    return await _seen(NoteRow, ids_of(representations), loads)


async def live_room(roots: Sequence[Any], args: ById, loads: Loads) -> list[LiveRoomRow | NotFound]:
    [room] = await _seen(LiveRoomRow, [args.id], loads)
    return [found("live_room", room)] * len(roots)


async def note(roots: Sequence[Any], args: ById, loads: Loads) -> list[NoteRow | NotFound]:
    [note] = await _seen(NoteRow, [args.id], loads)
    return [found("note", note)] * len(roots)


def _shelf(kind: EntryKind, state: EntryState = EntryState.PUBLISHED) -> reads.Shelf:
    return reads.Shelf(kind, state, rules.must_run(state))


def _rooms(state: LiveState) -> reads.Shelf:
    return _shelf(EntryKind.LIVE_ROOM, EntryState(state))


async def _listed(shelf: reads.Shelf, page: Page, loads: Loads) -> Connection[Any]:
    found = await loads.one(reads.lists_of_entries, reads.EntryList(shelf, cut(reads.BEST_FIRST, page)))
    return shown(found, page, reads.BEST_FIRST, reads.count_shelves, shelf)


async def banners(roots: Sequence[Any], args: Page, loads: Loads) -> list[Connection[BannerRow]]:
    return [await _listed(_shelf(EntryKind.BANNER), args, loads)] * len(roots)


async def zones(roots: Sequence[Any], args: Page, loads: Loads) -> list[Connection[ZoneRow]]:
    return [await _listed(_shelf(EntryKind.ZONE), args, loads)] * len(roots)


async def live_rooms(roots: Sequence[Any], args: LiveRoomsPage, loads: Loads) -> list[Connection[LiveRoomRow]]:
    return [await _listed(_rooms(args.state), args, loads)] * len(roots)


async def videos(roots: Sequence[Any], args: Page, loads: Loads) -> list[Connection[VideoRow]]:
    return [await _listed(_shelf(EntryKind.VIDEO), args, loads)] * len(roots)


async def notes(roots: Sequence[Any], args: NotesPage, loads: Loads) -> list[Connection[NoteRow]]:
    shelf = replace(_shelf(EntryKind.NOTE), matches=args.where or ())
    return [await _listed(shelf, args, loads)] * len(roots)


async def feed(roots: Sequence[Any], args: Page, loads: Loads) -> list[Connection[EntryRow]]:
    """Notes, videos and live rooms together: a page of each, of which the best make the page of all."""
    shelves = (_shelf(EntryKind.NOTE), _shelf(EntryKind.VIDEO), _rooms(LiveState.LIVE))
    wanted = cut(reads.BEST_FIRST, args)
    lists = await loads.many(reads.lists_of_entries, [reads.EntryList(shelf, wanted) for shelf in shelves])
    best = sorted((entry for part in lists for entry in part), key=reads.BEST_FIRST.key_of, reverse=True)
    listed = connection(best[: args.limit()], args, key=reads.BEST_FIRST.key_of, of=Counted(_count_together, shelves))
    return [listed] * len(roots)


async def _count_together(groups: Sequence[tuple[reads.Shelf, ...]]) -> list[int]:
    held = iter(await reads.count_shelves([shelf for shelves in groups for shelf in shelves]))
    return [sum(next(held) for _ in shelves) for shelves in groups]


async def _owned(of: reads.Owned, owners: Sequence[str], page: Page, loads: Loads) -> list[Connection[Any]]:
    wanted = cut(reads.BEST_FIRST, page)
    found = await loads.many(reads.owned_entries, [((of, wanted), owner) for owner in owners])
    return [
        shown(entries, page, reads.BEST_FIRST, reads.count_owned, (of, owner))
        for owner, entries in zip(owners, found, strict=True)
    ]


async def notes_of_products(products: Sequence[ProductKey], args: Page, loads: Loads) -> list[Connection[NoteRow]]:
    of = reads.Owned("product_id", _shelf(EntryKind.NOTE))
    return await _owned(of, [product.id for product in products], args, loads)


async def notes_of_members(members: Sequence[MemberRow], args: Page, loads: Loads) -> list[Connection[NoteRow]]:
    of = reads.Owned("author_id", _shelf(EntryKind.NOTE))
    return await _owned(of, [member.id for member in members], args, loads)


async def live_rooms_of_shops(
    shops: Sequence[ShopKey], args: LiveRoomsPage, loads: Loads
) -> list[Connection[LiveRoomRow]]:
    of = reads.Owned("shop_id", _rooms(args.state))
    return await _owned(of, [shop.id for shop in shops], args, loads)


async def products_of(entries: Sequence[EntryRow], args: Page) -> list[Connection[ProductKey]]:
    """What each entry shows, from the ids that came with it: no statement, whatever the page."""
    start, limit = args.key(int, str), args.limit()
    return [_products(entry, args, start, limit) for entry in entries]


def _products(entry: EntryRow, page: Page, start: Any, limit: int) -> Connection[ProductKey]:
    links = entry.links
    after = [link for link in links if start is None or _place(link) > start][:limit]
    listed = connection(after, page, key=_place, of=Counted(known_count, len(links)))
    edges = [edge.showing(ProductKey(edge.node.product_id)) for edge in listed.edges]
    return Connection(edges, listed.page_info, listed.of)


def _place(link: LinkedProduct) -> tuple[int, str]:
    return link.position, link.product_id


_KEY_OF_TARGET: dict[str, Callable[[str], Target]] = {
    TargetKind.PRODUCT: ProductKey,
    TargetKind.SHOP: ShopKey,
    TargetKind.CATEGORY: CategoryKey,
}


async def targets_of(entries: Sequence[LeadingRow]) -> list[Target | None]:
    now = clock.now()
    return [_target(entry, now) for entry in entries]


def _target(entry: LeadingRow, now: datetime) -> Target | None:
    if entry.target_kind == TargetKind.LIVE_ROOM:
        return entry.room if entry.room and rules.is_seen(entry.room, now) else None
    if entry.target_kind is None or entry.target_id is None:
        return None
    return _KEY_OF_TARGET[entry.target_kind](entry.target_id)


async def shops_of(rooms: Sequence[EntryRow]) -> list[ShopKey | None]:
    return [ShopKey(room.shop_id) if room.shop_id else None for room in rooms]


async def authors_of(entries: Sequence[EntryRow]) -> list[MemberRow | None]:
    return [
        MemberRow(entry.author_id, entry.author_name, entry.author_avatar) if entry.author_id else None
        for entry in entries
    ]


async def pictures_of(notes: Sequence[NoteRow]) -> list[list[Picture]]:
    return [[Picture(picture["url"], picture["alt"]) for picture in note.media] for note in notes]


async def urls_of(videos: Sequence[VideoRow]) -> list[str | None]:
    return [video.media[0]["url"] if video.media else None for video in videos]


async def seconds_of(videos: Sequence[VideoRow]) -> list[int | None]:
    return [video.media[0]["seconds"] if video.media else None for video in videos]


async def published_at(entries: Sequence[EntryRow]) -> list[datetime]:
    return [entry.starts_at for entry in entries]


async def publish_note(
    context: Context, *, title: str, body: str, image: str, product_ids: Sequence[str]
) -> Payload[NoteRow]:
    author = await _author(context)
    note = await carry_out(
        "content", rules.publish_note, author, title=title, body=body, image=image, product_ids=product_ids
    )
    if isinstance(note, tuple):
        return Payload(errors=note)
    context.loads = Loads()  # what was read before is not true any more
    return Payload((await _seen(NoteRow, [note.id], context.loads))[0])


async def _author(context: Context) -> Author:
    """The viewer as members know them. Raises Unavailable, NotFound."""
    members, member_id = context.tools.members, context.viewer.member_id
    assert member_id is not None, "publishNote is open to members only"
    if members is None:
        raise Unavailable("members.absent", "this service was started without the way to members")
    author = (await members.authors([member_id]))[0]
    if author is None:
        raise NotFound("member.unknown", "there is no such member")
    return author
