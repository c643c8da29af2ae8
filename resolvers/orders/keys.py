"""Other domains' things that orders adds to, by key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from resolvers.keys import ids_of


class SkuKey(msgspec.Struct, frozen=True, gc=False):
    id: str


class ProductKey(msgspec.Struct, frozen=True, gc=False):
    id: str


class BranchKey(msgspec.Struct, frozen=True, gc=False):
    id: str


class FlashSaleItemKey(msgspec.Struct, frozen=True, gc=False):
    id: str


class GroupBuyKey(msgspec.Struct, frozen=True, gc=False):
    id: str


class ShopKey(msgspec.Struct, frozen=True, gc=False):
    id: str

    @property
    def shop_id(self) -> str:
        return self.id


class MemberKey(msgspec.Struct, frozen=True, gc=False):
    id: str

    @property
    def member_id(self) -> str:
        return self.id


class OfShop(Protocol):
    """A row that may belong to a shop."""

    @property
    def shop_id(self) -> str | None: ...


async def shops_by_key(keys: Sequence[dict[str, Any]]) -> list[ShopKey]:
    return [ShopKey(shop_id) for shop_id in ids_of(keys)]


async def members_by_key(keys: Sequence[dict[str, Any]]) -> list[MemberKey]:
    return [MemberKey(member_id) for member_id in ids_of(keys)]


async def shops_of(rows: Sequence[OfShop]) -> list[ShopKey | None]:
    return [ShopKey(row.shop_id) if row.shop_id else None for row in rows]
