"""The wallet: coupons to take, and coupons that members hold."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import federation
from strawberry.types import Info

from models import states
from resolvers.context import Context
from resolvers.orders import wallet as answers
from schema import payload
from schema.access import ANYONE, MEMBER, OWNER_OF_IT, PROMOTERS, shown
from schema.entity import entity, node
from schema.scalars import ID, Money

if TYPE_CHECKING:
    from schema.orders.order import Shop

CouponState = strawberry.enum(states.CouponState, description="What has become of a coupon (券状态).")


@entity(row=answers.OfferRow, by=answers.offers_by_key, says="Coupons that may be taken (领券).")
class CouponOffer:
    id: ID = shown(to=ANYONE, says="Its id.")
    shop: Annotated["Shop", strawberry.lazy("schema.orders.order")] | None = shown(
        to=ANYONE,
        by=answers.shops_of,
        says="The shop where they hold; null where the platform pays: all shops take them.",
    )
    title: str = shown(to=ANYONE, says="Its title.")
    amount: Money = shown(to=ANYONE, by=answers.money_in("amount"), says="What a coupon takes off.")
    threshold: Money = shown(
        to=ANYONE, by=answers.money_in("threshold"), says="The sum from which on it counts (门槛)."
    )
    remaining: int = shown(to=ANYONE, says="How many are still to be had.")
    total: int | None = shown(to=PROMOTERS, says="How many there are in all (预算).")
    taken: int | None = shown(to=PROMOTERS, says="How many were taken (已领).")
    per_member: int = shown(to=ANYONE, says="How many one member may take (每人限领).")
    starts_at: datetime = shown(to=ANYONE, says="From when on they may be taken.")
    ends_at: datetime = shown(to=ANYONE, says="Until when they may be taken.")
    valid_days: int = shown(to=ANYONE, says="For how many days a coupon holds after it was taken.")
    taken_by_me: int | None = shown(to=ANYONE, by=answers.taken_by_me, says="How many you have taken; 0 for guests.")


@entity(
    row=answers.CouponRow,
    by=answers.coupons_by_key,
    says="A coupon in a wallet (优惠券).",
    to=OWNER_OF_IT,
)
class Coupon:
    id: ID = shown(to=ANYONE, says="Its id.")
    offer: CouponOffer | None = shown(to=ANYONE, by=answers.offers_of, says="The offer that it was taken from.")
    shop: Annotated["Shop", strawberry.lazy("schema.orders.order")] | None = shown(
        to=ANYONE, by=answers.shops_of, says="The shop where it holds; null where all shops take it."
    )
    title: str = shown(to=ANYONE, says="Its title.")
    amount: Money = shown(to=ANYONE, by=answers.money_in("amount"), says="What it takes off.")
    threshold: Money = shown(
        to=ANYONE, by=answers.money_in("threshold"), says="The sum from which on it counts (门槛)."
    )
    state: CouponState = shown(to=ANYONE, by=answers.states_of, says="What has become of it.")  # type: ignore[valid-type]
    taken_at: datetime = shown(to=ANYONE, says="When it was taken.")
    expires_at: datetime = shown(to=ANYONE, says="Until when it may be used.")


@node(row=answers.OfferGone, says="There is no such offer, or not now: it has ended, or not begun.")
class OfferGone(payload.UserError):
    pass


@node(row=answers.OfferEmpty, says="Somebody else took the last one (已领完).")
class OfferEmpty(payload.UserError):
    pass


@node(row=answers.OfferTaken, says="The member has as many as one member may take (已领过).")
class OfferTaken(payload.UserError):
    pass


TakeCouponError = Annotated[
    OfferGone | OfferEmpty | OfferTaken,
    federation.union("TakeCouponError", description="Why no coupon was taken."),
]


@federation.input(description="Which coupon to take.")
class TakeCouponInput:
    offer_id: ID = federation.field(description="The id of its offer.")


@federation.type(description="A coupon, or why there is none.")
class TakeCouponPayload:
    result: Coupon | None = shown(to=ANYONE, says="The coupon, now in the wallet.")
    errors: list[TakeCouponError] = shown(to=ANYONE, says="Why there is none; empty where there is one.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


async def _take_coupon(info: Info[Context, Any], input: TakeCouponInput, idempotency_key: ID) -> Any:
    return await answers.take_coupon(info.context, offer_id=input.offer_id, key=idempotency_key)


@federation.type
class Mutation:
    take_coupon: TakeCouponPayload | None = shown(
        to=MEMBER,
        resolver=_take_coupon,
        says="Take a coupon (领券). The same idempotencyKey again gives the same coupon again, never a second one.",
    )
