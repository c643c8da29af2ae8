"""Answers for the wallet: coupons to take, and coupons that members hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit import clock
from kit.page import Connection, Page
from kit.payload import Payload, UserError
from kit.viewer import Viewer
from models.feeds import equal
from models.orders import reads
from models.orders.rows import CountedOfferRow, CouponRow, OfferRow
from models.reading import NOW, cut
from models.repeating import carry_out
from models.scope import Scope
from models.states import CouponState
from resolvers.context import Context, Loads
from resolvers.feeds import listed_within
from resolvers.keys import ids_of
from resolvers.lists import shown
from resolvers.money import money_in
from resolvers.orders.keys import MemberKey, ShopKey, shops_of
from services.orders import wallet
from services.orders.wallet import OfferEmpty, OfferGone, OfferTaken

__all__ = ["CouponRow", "OfferEmpty", "OfferGone", "OfferRow", "OfferTaken", "money_in", "shops_of"]


@dataclass(frozen=True, slots=True)
class CouponsPage(Page):
    state: CouponState = CouponState.USABLE


async def coupon_offers(roots: Sequence[Any], args: Page, viewer: Viewer, loads: Loads) -> list[Connection[OfferRow]]:
    """What a member has taken comes along in the same statement; everybody else sees the same."""
    wanted = cut(reads.OFFERS_IN_ORDER, args)
    found: Sequence[OfferRow]
    if viewer.member_id:
        found = await reads.offers_taken_by(Scope.of(viewer), wanted)
    else:
        found = await loads.one(reads.offers_to_take, wanted)
    return [shown(found, args, reads.OFFERS_IN_ORDER, reads.count_offers, NOW)] * len(roots)


async def offers_by_key(keys: Sequence[dict[str, Any]], loads: Loads) -> list[OfferRow | None]:
    return await loads.many(reads.offers_by_id, ids_of(keys))


async def offers_of(coupons: Sequence[CouponRow], loads: Loads) -> list[OfferRow | None]:
    return await loads.many(reads.offers_by_id, [coupon.offer_id for coupon in coupons])


async def taken_by_me(offers: Sequence[OfferRow], viewer: Viewer, loads: Loads) -> list[int]:
    """The viewer's own count: the list of offers brings it along, an offer that was found by key does not."""
    known = {offer.id: offer.taken_by_me for offer in offers if isinstance(offer, CountedOfferRow)}
    unknown = [offer.id for offer in offers if offer.id not in known]
    scope = Scope.of(viewer)
    counts = await loads.many(reads.taken_counts, [(scope, id_) for id_ in unknown]) if scope.member_id else []
    known |= zip(unknown, counts, strict=False)
    return [known.get(offer.id, 0) for offer in offers]


async def coupons_by_key(keys: Sequence[dict[str, Any]], viewer: Viewer, loads: Loads) -> list[CouponRow | None]:
    scope = Scope.of(viewer)
    return await loads.many(reads.COUPONS.by_id, [(scope, coupon_id) for coupon_id in ids_of(keys)])


async def coupons_of(
    members: Sequence[MemberKey], args: CouponsPage, viewer: Viewer, loads: Loads
) -> list[Connection[CouponRow]]:
    now = clock.now()
    lists = [reads.wallet_of(member.id, args.state, now) for member in members]
    return await listed_within(Scope.of(viewer), reads.COUPONS, lists, args, loads)


async def offers_of_shops(
    shops: Sequence[ShopKey], args: Page, viewer: Viewer, loads: Loads
) -> list[Connection[OfferRow]]:
    lists = [equal(shop_id=shop.id) for shop in shops]
    return await listed_within(Scope.of(viewer), reads.SHOPS_OFFERS, lists, args, loads)


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
    taken = await carry_out("orders", wallet.take_once, offer_id, member_id=member_id, key=key)
    context.loads = Loads()  # what was read before is not true any more
    if isinstance(taken, UserError):
        return Payload(errors=(taken,))
    return Payload(await context.loads.one(reads.COUPONS.by_id, (Scope.of(context.viewer), taken)))
