"""Answers for accounts: members, their levels, addresses and viewings, and what a price is for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from kit.errors import Invalid
from kit.hidden import mask_name, mask_phone
from kit.money import Money
from kit.page import Connection, Page, connection
from kit.payload import Payload, UserError
from kit.sealing import SealBroken
from kit.viewer import Viewer
from models.feeds import equal
from models.members import reads
from models.members.rows import AddressRow, LevelRow, MemberRow, MembershipRow, ViewingRow
from models.repeating import carry_out
from models.scope import Scope
from resolvers.context import Context, Loads, Tools
from resolvers.feeds import listed_within
from resolvers.keys import ids_of
from resolvers.lists import Counted, known_count
from resolvers.members.keys import member_of
from resolvers.sealed import SealedColumn
from services.members import account as rules
from services.members.account import AvatarRefused, NicknameRefused, ProductUnknown

__all__ = [
    "AddressRow",
    "AvatarRefused",
    "LevelRow",
    "MemberRow",
    "MembershipRow",
    "NicknameRefused",
    "ProductUnknown",
    "ViewingRow",
]

Masked = str | SealBroken | None

_PHONE = SealedColumn("member", "phone_sealed")
_RECEIVER = SealedColumn("address", "receiver_sealed")
_RECEIVERS_PHONE = SealedColumn("address", "phone_sealed")


class ProductKey(msgspec.Struct, frozen=True, gc=False):
    """A product; price and shop are known where the gateway sent them along."""

    id: str
    price: Money | None = None
    shop_id: str | None = None


class ShopKey(msgspec.Struct, frozen=True, gc=False):
    id: str


async def members_by_key(keys: Sequence[dict[str, Any]], loads: Loads) -> list[MemberRow | None]:
    return await loads.many(reads.members_by_id, ids_of(keys))


async def shops_by_key(keys: Sequence[dict[str, Any]]) -> list[ShopKey]:
    return [ShopKey(shop_id) for shop_id in ids_of(keys)]


async def products_by_key(keys: Sequence[dict[str, Any]]) -> list[ProductKey]:
    return [
        ProductKey(id_, _price_in(key.get("price")), _shop_in(key.get("shop")))
        for id_, key in zip(ids_of(keys), keys, strict=True)
    ]


def _price_in(price: Any) -> Money | None:
    if price is None:
        return None
    if type(price) is dict and type(amount := price.get("amount")) is int and type(price.get("currency")) is str:
        return Money(amount, price["currency"])
    raise Invalid("entity.required", "price must be { amount currency }")


def _shop_in(shop: Any) -> str | None:
    if shop is None:
        return None
    if type(shop) is dict and type(shop_id := shop.get("id")) is str:
        return shop_id
    raise Invalid("entity.required", "shop must be { id }")


async def me(roots: Sequence[Any], viewer: Viewer, loads: Loads) -> list[MemberRow | None]:
    person_id = viewer.person_id
    member = await loads.one(reads.members_by_id, person_id) if person_id else None
    return [member] * len(roots)


async def levels_of(members: Sequence[MemberRow], viewer: Viewer, loads: Loads) -> list[LevelRow | None]:
    """Each member's level on the platform."""
    held = await _memberships(members, viewer, loads)
    return [next((one.level for one in memberships if one.shop_id is None), None) for memberships in held]


async def memberships_of(
    members: Sequence[MemberRow], args: Page, viewer: Viewer, loads: Loads
) -> list[Connection[MembershipRow]]:
    """Prices need all memberships of a member, some tens: a page is cut from what the request reads anyway."""
    start, limit = reads.MEMBERSHIPS_IN_ORDER.start(args), args.limit()
    return [
        connection(
            [one for one in held if not start or one.id > start[0]][:limit],
            args,
            key=reads.MEMBERSHIPS_IN_ORDER.key_of,
            of=Counted(known_count, len(held)),
        )
        for held in await _memberships(members, viewer, loads)
    ]


async def _memberships(members: Sequence[MemberRow], viewer: Viewer, loads: Loads) -> list[list[MembershipRow]]:
    scope = Scope.of(viewer)
    return await loads.many(reads.memberships_of, [(scope, member.id) for member in members])


async def shops_of(memberships: Sequence[MembershipRow]) -> list[ShopKey | None]:
    return [ShopKey(held.shop_id) if held.shop_id else None for held in memberships]


async def my_memberships(shops: Sequence[ShopKey], viewer: Viewer, loads: Loads) -> list[MembershipRow | None]:
    by_shop = {held.shop_id: held for held in await _held_by(viewer, loads)}
    return [by_shop.get(shop.id) for shop in shops]


async def member_prices(products: Sequence[ProductKey], viewer: Viewer, loads: Loads) -> list[Money | None]:
    held = await _held_by(viewer, loads)
    if not held:
        return [None] * len(products)
    return [rules.member_price(product.price, product.shop_id, held) if product.price else None for product in products]


async def _held_by(viewer: Viewer, loads: Loads) -> list[MembershipRow]:
    member_id = viewer.member_id
    return await loads.one(reads.memberships_of, (Scope.of(viewer), member_id)) if member_id else []


async def addresses_of(
    members: Sequence[MemberRow], args: Page, viewer: Viewer, loads: Loads
) -> list[Connection[AddressRow]]:
    lists = [equal(member_id=member.id) for member in members]
    return await listed_within(Scope.of(viewer), reads.ADDRESSES, lists, args, loads)


async def phones_of_members(members: Sequence[MemberRow], tools: Tools, loads: Loads) -> list[Masked]:
    return await _PHONE.masked(mask_phone, members, tools, loads)


async def receivers_of(addresses: Sequence[AddressRow], tools: Tools, loads: Loads) -> list[Masked]:
    return await _RECEIVER.masked(mask_name, addresses, tools, loads)


async def phones_of(addresses: Sequence[AddressRow], tools: Tools, loads: Loads) -> list[Masked]:
    return await _RECEIVERS_PHONE.masked(mask_phone, addresses, tools, loads)


async def viewings_of(
    members: Sequence[MemberRow], args: Page, viewer: Viewer, loads: Loads
) -> list[Connection[ViewingRow]]:
    lists = [equal(member_id=member.id) for member in members]
    return await listed_within(Scope.of(viewer), reads.VIEWINGS, lists, args, loads)


async def products_of(viewings: Sequence[ViewingRow]) -> list[ProductKey]:
    return [ProductKey(viewing.product_id) for viewing in viewings]


async def record_viewing(context: Context, *, product_id: str) -> Payload[ViewingRow]:
    seen = await carry_out("members", rules.record_viewing, product_id, member_id=member_of(context.viewer))
    context.loads = Loads()  # what was read before is not true any more
    if isinstance(seen, UserError):
        return Payload(errors=(seen,))
    return Payload(ViewingRow(seen.id, seen.member_id, seen.product_id, seen.at))


async def change_profile(context: Context, *, nickname: str | None, avatar: str | None) -> Payload[MemberRow]:
    if refused := tuple(rules.profile_refusals(nickname, avatar)):
        return Payload(errors=refused)
    member_id = member_of(context.viewer)
    await carry_out("members", rules.change_profile, nickname, avatar, member_id=member_id)
    context.loads = Loads()  # what was read before is not true any more
    return Payload(await context.loads.one(reads.members_by_id, member_id))
