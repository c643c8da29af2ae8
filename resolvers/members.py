"""Answers for members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kit.errors import Invalid, Unavailable
from kit.money import Money
from kit.page import Connection, Page, connection
from kit.payload import Payload, UserError
from kit.sealing import SealBroken, mask_phone, unseal
from kit.viewer import Viewer
from models.base import unit_of_work
from models.feeds import equal
from models.members import reads
from models.members.rows import AddressRow, LevelRow, MemberRow, MembershipRow, ViewingRow
from resolvers.context import Context, Loads, Tools
from resolvers.feeds import listed
from resolvers.keys import ids_of
from resolvers.lists import Counted, owned
from services import members as rules
from services.members import LockedOut, ProductUnknown, SessionUnknown, WrongCredentials

__all__ = [
    "AddressRow",
    "LevelRow",
    "LockedOut",
    "MemberRow",
    "MembershipRow",
    "ProductUnknown",
    "SessionUnknown",
    "ViewingRow",
    "WrongCredentials",
]


@dataclass(frozen=True, slots=True)
class ProductKey:
    """A product; price and shop are known where the gateway sent them along."""

    id: str
    price: Money | None = None
    shop_id: str | None = None


@dataclass(frozen=True, slots=True)
class ShopKey:
    id: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in, and the token that says so until `expires_at`."""

    token: str
    expires_at: datetime
    member_id: str


@dataclass(frozen=True, slots=True)
class SignedOut:
    at: datetime


async def members_by_key(keys: Sequence[dict[str, Any]], loads: Loads) -> list[MemberRow | None]:
    return await loads.many(reads.members_by_id, ids_of(keys))


async def shops_by_key(keys: Sequence[dict[str, Any]]) -> list[ShopKey]:
    return [ShopKey(shop_id) for shop_id in ids_of(keys)]


async def products_by_key(keys: Sequence[dict[str, Any]]) -> list[ProductKey]:
    ids = ids_of(keys)
    return [ProductKey(id_, _price_in(key), _shop_in(key)) for id_, key in zip(ids, keys, strict=True)]


def _price_in(representation: dict[str, Any]) -> Money | None:
    match representation.get("price"):
        case None:
            return None
        case {"amount": int(amount), "currency": str(currency)}:
            return Money(amount, currency)
    raise Invalid("entity.required", "price must be { amount currency }")


def _shop_in(representation: dict[str, Any]) -> str | None:
    match representation.get("shop"):
        case None:
            return None
        case {"id": str(shop_id)}:
            return shop_id
    raise Invalid("entity.required", "shop must be { id }")


async def me(roots: Sequence[Any], viewer: Viewer, loads: Loads) -> list[MemberRow | None]:
    member = await loads.one(reads.members_by_id, viewer.member_id) if viewer.member_id else None
    return [member] * len(roots)


async def levels_of(members: Sequence[MemberRow], loads: Loads) -> list[LevelRow | None]:
    """Each member's level on the platform."""
    held = await loads.many(reads.memberships_of, [member.id for member in members])
    return [next((one.level for one in memberships if one.shop_id is None), None) for memberships in held]


async def memberships_of(members: Sequence[MemberRow], args: Page, loads: Loads) -> list[Connection[MembershipRow]]:
    """Prices need all memberships of a member, some tens: a page is cut from what the request reads anyway."""
    start, limit = reads.MEMBERSHIPS_IN_ORDER.start(args), args.limit()
    held = await loads.many(reads.memberships_of, [member.id for member in members])
    return [
        connection(
            [one for one in memberships if not start or one.id > start[0]][:limit],
            args,
            key=reads.MEMBERSHIPS_IN_ORDER.key_of,
            of=Counted(reads.count_memberships, member.id),
        )
        for member, memberships in zip(members, held, strict=True)
    ]


async def shops_of(memberships: Sequence[MembershipRow]) -> list[ShopKey | None]:
    return [ShopKey(held.shop_id) if held.shop_id else None for held in memberships]


async def my_memberships(shops: Sequence[ShopKey], viewer: Viewer, loads: Loads) -> list[MembershipRow | None]:
    by_shop = {held.shop_id: held for held in await _held_by(viewer, loads)}
    return [by_shop.get(shop.id) for shop in shops]


async def member_prices(products: Sequence[ProductKey], viewer: Viewer, loads: Loads) -> list[Money | None]:
    held = await _held_by(viewer, loads)
    return [rules.member_price(product.price, product.shop_id, held) if product.price else None for product in products]


async def _held_by(viewer: Viewer, loads: Loads) -> list[MembershipRow]:
    return await loads.one(reads.memberships_of, viewer.member_id) if viewer.member_id else []


async def addresses_of(members: Sequence[MemberRow], args: Page) -> list[Connection[AddressRow]]:
    return await owned(reads.ADDRESSES, [member.id for member in members], args)


async def streets_of(addresses: Sequence[AddressRow], tools: Tools) -> list[str | SealBroken]:
    return [_unsealed(address.street_sealed, address, tools) for address in addresses]


async def receivers_of(addresses: Sequence[AddressRow], tools: Tools) -> list[str | SealBroken]:
    return [_unsealed(address.receiver_sealed, address, tools) for address in addresses]


async def phones_of(addresses: Sequence[AddressRow], tools: Tools) -> list[str | SealBroken]:
    phones = [_unsealed(address.phone_sealed, address, tools) for address in addresses]
    return [phone if isinstance(phone, SealBroken) else mask_phone(phone) for phone in phones]


def _unsealed(sealed: str, address: AddressRow, tools: Tools) -> str | SealBroken:
    try:
        return unseal(sealed, key=tools.sealing_key, row_id=address.id)
    except SealBroken as broken:
        return broken


async def places_of(addresses: Sequence[AddressRow]) -> list[PlaceRow]:
    return [PlaceRow(address.latitude / 1e6, address.longitude / 1e6) for address in addresses]


async def viewings_of(members: Sequence[MemberRow], args: Page, loads: Loads) -> list[Connection[ViewingRow]]:
    return await listed(reads.VIEWINGS, [equal(member_id=member.id) for member in members], args, loads)


async def products_of(viewings: Sequence[ViewingRow]) -> list[ProductKey]:
    return [ProductKey(viewing.product_id) for viewing in viewings]


async def signed_in_members(signed: Sequence[SignedIn], loads: Loads) -> list[MemberRow | None]:
    return await loads.many(reads.members_by_id, [one.member_id for one in signed])


async def sign_in(context: Context, *, phone: str, password: str) -> Payload[SignedIn]:
    """The password is checked between two transactions, so that no row is locked while it is."""
    tools = context.tools
    if tools.tokens is None:
        raise Unavailable("sign_in.closed", "nobody can sign in here now")
    async with unit_of_work("members"):
        attempt = await rules.begin_attempt(phone, sealing_key=tools.sealing_key)
    if isinstance(attempt, LockedOut):
        return Payload(errors=(attempt,))
    member_id = await rules.member_behind(attempt, password)
    if member_id is None:
        return Payload(errors=(WrongCredentials(),))
    shops = await tools.staff.hats(member_id) if tools.staff else {}
    async with unit_of_work("members"):
        session = await rules.open_session(attempt, member_id)
    token = tools.tokens.sign(Viewer(member_id, shops, session_id=session.id), lasting=rules.SIGNED_IN_FOR)
    return Payload(SignedIn(token, session.expires_at, member_id))


async def sign_out(context: Context) -> Payload[SignedOut]:
    viewer = context.viewer
    async with unit_of_work("members"):
        closed = await rules.close_session(viewer.session_id, member_id=_member(viewer))
    return Payload(errors=(closed,)) if isinstance(closed, UserError) else Payload(SignedOut(closed))


async def record_viewing(context: Context, *, product_id: str) -> Payload[ViewingRow]:
    async with unit_of_work("members"):
        seen = await rules.record_viewing(product_id, member_id=_member(context.viewer))
    context.loads = Loads()  # what was read before is not true any more
    if isinstance(seen, UserError):
        return Payload(errors=(seen,))
    return Payload(ViewingRow(seen.id, seen.product_id, seen.at))


def _member(viewer: Viewer) -> str:
    assert viewer.member_id is not None, "open to members only"
    return viewer.member_id
