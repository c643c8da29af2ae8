"""The wallet: taking coupons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tortoise.expressions import F

from kit import clock
from kit.ids import new_id
from kit.payload import UserError
from models.orders.wallet import Coupon, CouponOffer
from models.states import CouponState
from services.events import CouponTaken, fact_id, publish
from services.orders.idempotency import Answer, once


@dataclass(frozen=True, slots=True)
class OfferGone(UserError):
    code: str = "offer.gone"
    message: str = "there is no such offer now"
    path: tuple[str, ...] | None = ("input", "offerId")


@dataclass(frozen=True, slots=True)
class OfferEmpty(UserError):
    code: str = "offer.empty"
    message: str = "all coupons of this offer are taken"
    path: tuple[str, ...] | None = ("input", "offerId")


@dataclass(frozen=True, slots=True)
class OfferTaken(UserError):
    code: str = "offer.taken"
    message: str = "you have taken as many coupons of this offer as one member may"
    path: tuple[str, ...] | None = ("input", "offerId")


_REFUSALS: dict[str, Callable[[], UserError]] = {kind.__name__: kind for kind in (OfferGone, OfferEmpty, OfferTaken)}


async def take_once(offer_id: str, *, member_id: str, key: str) -> str | UserError:
    """`take` under an idempotency key: the id of the coupon, or the refusal, that the first request got."""

    async def act() -> Answer:
        taken = await take(offer_id, member_id=member_id)
        return {"refused": type(taken).__name__} if isinstance(taken, UserError) else {"coupon": taken.id}

    asked: dict[str, Any] = {"takeCoupon": {"offerId": offer_id}}
    answer = await once(key, by=member_id, asked=asked, act=act)
    return _REFUSALS[answer["refused"]]() if "refused" in answer else str(answer["coupon"])


async def take(offer_id: str, *, member_id: str) -> Coupon | UserError:
    """Put a coupon of the offer into the member's wallet, or say why not. Runs in the caller's transaction.

    The offer's row is locked first, so that what is read after it is still true when it is written; the conditional
    decrement and the table's uniqueness of (offer, member, number) hold whoever writes.
    """
    now = clock.now()
    offer = await CouponOffer.filter(id=offer_id).select_for_update().first()
    if offer is None or not offer.starts_at <= now < offer.ends_at:
        return OfferGone()
    held = await Coupon.filter(offer_id=offer.id, member_id=member_id).count()
    if held >= offer.per_member:
        return OfferTaken()
    if not await CouponOffer.filter(id=offer.id, taken__lt=F("total")).update(taken=F("taken") + 1):
        return OfferEmpty()
    coupon = await Coupon.create(
        id=new_id("cpn"),
        offer_id=offer.id,
        member_id=member_id,
        number=held + 1,
        shop_id=offer.shop_id,
        title=offer.title,
        currency=offer.currency,
        amount=offer.amount,
        threshold=offer.threshold,
        state=CouponState.USABLE,
        taken_at=now,
        expires_at=now + timedelta(days=offer.valid_days),
    )
    await publish("orders", CouponTaken(fact_id(), coupon.id, offer.id, offer.shop_id, member_id, now))
    return coupon
