"""Answers for the wallet: coupons to take, and coupons that members hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit import clock
from kit.page import Connection, Page, connection
from kit.payload import Payload, UserError
from kit.viewer import Viewer
from models.base import unit_of_work
from models.orders import reads
from models.orders.rows import CouponRow, OfferRow
from models.states import CouponState
from resolvers.context import Context, Loads
from resolvers.feeds import listed
from resolvers.keys import ids_of
from resolvers.lists import Counted
from resolvers.money import money_in
from resolvers.orders.keys import MemberKey, shops_of
from services.orders import wallet
from services.orders.wallet import OfferEmpty, OfferGone, OfferTaken

__all__ = ["CouponRow", "OfferEmpty", "OfferGone", "OfferRow", "OfferTaken", "money_in", "shops_of"]


@dataclass(frozen=True, slots=True)
class CouponsPage(Page):
    state: CouponState = CouponState.USABLE


async def coupon_offers(roots: Sequence[Any], args: Page, viewer: Viewer) -> list[Connection[OfferRow]]:
    now = clock.now()
    found = await reads.offers_to_take(viewer.member_id, now, args)
    counted = Counted(reads.count_offers, now)
    return [connection(found, args, key=reads.OFFERS_IN_ORDER.key_of, of=counted)] * len(roots)


async def offers_by_key(keys: Sequence[dict[str, Any]], loads: Loads) -> list[OfferRow | None]:
    return await loads.many(reads.offers_by_id, ids_of(keys))


async def offers_of(coupons: Sequence[CouponRow], loads: Loads) -> list[OfferRow | None]:
    return await loads.many(reads.offers_by_id, [coupon.offer_id for coupon in coupons])


async def taken_by_me(offers: Sequence[OfferRow], viewer: Viewer, loads: Loads) -> list[int]:
    """The viewer's own count: the list of offers brings it along, an offer that was found by key does not."""
    unknown = [offer.id for offer in offers if offer.taken_by_me is None]
    member_id = viewer.member_id
    counts = await loads.many(reads.taken_counts, [(member_id, offer_id) for offer_id in unknown]) if member_id else []
    counted = dict(zip(unknown, counts, strict=False))
    return [counted.get(offer.id, offer.taken_by_me or 0) for offer in offers]


async def coupons_by_key(keys: Sequence[dict[str, Any]], viewer: Viewer, loads: Loads) -> list[CouponRow | None]:
    ids = ids_of(keys)
    if viewer.member_id is None:
        return [None] * len(ids)
    return await loads.many(reads.coupons_by_id, [(viewer.member_id, coupon_id) for coupon_id in ids])


async def coupons_of(members: Sequence[MemberKey], args: CouponsPage, loads: Loads) -> list[Connection[CouponRow]]:
    now = clock.now()
    return await listed(reads.COUPONS, [reads.wallet_of(member.id, args.state, now) for member in members], args, loads)


async def states_of(coupons: Sequence[CouponRow]) -> list[CouponState]:
    """A coupon that nobody used in time is expired, whether or not its row says so yet."""
    now = clock.now()
    return [
        CouponState.EXPIRED
        if coupon.state == CouponState.USABLE and coupon.expires_at <= now
        else CouponState(coupon.state)
        for coupon in coupons
    ]


async def take_coupon(context: Context, *, offer_id: str, key: str) -> Payload[CouponRow]:
    member_id = context.viewer.member_id
    assert member_id is not None, "takeCoupon is open to members only"
    async with unit_of_work("orders"):
        taken = await wallet.take_once(offer_id, member_id=member_id, key=key)
    context.loads = Loads()  # what was read before is not true any more
    if isinstance(taken, UserError):
        return Payload(errors=(taken,))
    return Payload(await context.loads.one(reads.coupons_by_id, (member_id, taken)))
