"""Rows of content with sensible values, for tests that care about a few of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.content.tables import Entry, EntryProduct
from models.states import EntryKind, EntryState
from tests.factories.ids import fresh
from tests.support.moments import HOUR, NOON

_PREFIX = {
    EntryKind.BANNER: "bnr",
    EntryKind.ZONE: "zon",
    EntryKind.LIVE_ROOM: "liv",
    EntryKind.VIDEO: "vid",
    EntryKind.NOTE: "nte",
}


async def entry(kind: EntryKind, *, products: Sequence[str] = (), **columns: Any) -> Entry:
    """An entry that is seen at NOON, showing `products` in their order."""
    defaults = {
        "id": fresh(_PREFIX[kind]),
        "kind": kind,
        "state": EntryState.LIVE if kind is EntryKind.LIVE_ROOM else EntryState.PUBLISHED,
        "title": "春茶上新",
        "body": "",
        "image": "https://img.example/cover.jpg",
        "media": [],
        "author_name": "",
        "author_avatar": "",
        "likes": 0,
        "viewers": 0,
        "score": 0,
        "starts_at": NOON - HOUR,
    }
    made = await Entry.create(**defaults | columns)
    for position, product_id in enumerate(products, 1):
        await linked(made.id, product_id, position=position)
    return made


async def linked(entry_id: str, product_id: str, *, position: int) -> EntryProduct:
    """The entry shows one product more."""
    return await EntryProduct.create(id=fresh("enp"), entry_id=entry_id, product_id=product_id, position=position)


async def banner(**columns: Any) -> Entry:
    return await entry(EntryKind.BANNER, **columns)


async def zone(**columns: Any) -> Entry:
    return await entry(EntryKind.ZONE, **columns)


async def live_room(**columns: Any) -> Entry:
    return await entry(EntryKind.LIVE_ROOM, **{"shop_id": "shp_tea"} | columns)


async def video(**columns: Any) -> Entry:
    media = [{"url": "https://img.example/film.mp4", "seconds": 31}]
    return await entry(EntryKind.VIDEO, **{"media": media} | columns)


async def note(**columns: Any) -> Entry:
    author = {"author_id": "mbr_lin", "author_name": "小林", "author_avatar": "https://img.example/lin.jpg"}
    return await entry(EntryKind.NOTE, **author | columns)
