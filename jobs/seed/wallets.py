"""Coupons: what is offered, what members took, and which order they used them for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jobs.seed.dice import Dice
from jobs.seed.plans import Habit, MemberPlan, OfferPlan, ShopPlan, Tally
from models.states import CouponState

_PLATFORM = (
    ("满100减30", 3_000, 10_000),
    ("满59减8", 800, 5_900),
    ("满199减45", 4_500, 19_900),
    ("新人立减5元", 500, 0),
    ("满299减60", 6_000, 29_900),
    ("生鲜满49减10", 1_000, 4_900),
    ("外卖满38减6", 600, 3_800),
    ("满39减4", 400, 3_900),
)
_SHOP = ((500, 5_000), (800, 6_800), (1_000, 8_800), (1_500, 12_800), (3_000, 20_000), (300, 2_900))


def plan_offers(shops: Sequence[ShopPlan], dice: Dice, anchor: datetime) -> list[OfferPlan]:
    """The platform's coupons first, then those of many shops; all may be taken for at least another week."""
    wanted: list[tuple[str | None, str, int, int]] = [
        (None, title, amount, threshold) for title, amount, threshold in _PLATFORM
    ]
    for shop in shops:
        if dice.hit(45):
            amount, threshold = dice.choice(_SHOP)
            wanted.append((shop.id, f"满{threshold // 100}减{amount // 100}", amount, threshold))
    return [_offer(*offer, position, dice, anchor) for position, offer in enumerate(wanted, start=1)]


def _offer(
    shop_id: str | None, title: str, amount: int, threshold: int, position: int, dice: Dice, anchor: datetime
) -> OfferPlan:
    starts_at = anchor - timedelta(days=dice.randint(12, 40))
    return OfferPlan(
        id=dice.id("cof", starts_at),
        shop_id=shop_id,
        title=title,
        amount=amount,
        threshold=threshold,
        per_member=dice.choice((1, 1, 2)),
        valid_days=dice.choice((7, 10, 15, 30)),
        starts_at=starts_at,
        ends_at=anchor + timedelta(days=dice.randint(8, 45)),
        position=position,
    )


def offer_rows(offers: Iterable[OfferPlan], tally: Tally, dice: Dice) -> Iterator[dict[str, Any]]:
    """Rows of `CouponOffer`; there are always more than were taken."""
    for offer in offers:
        taken = tally.taken.get(offer.id, 0)
        yield {
            "id": offer.id,
            "shop_id": offer.shop_id,
            "title": offer.title,
            "amount": offer.amount,
            "threshold": offer.threshold,
            "total": (taken * dice.randint(2, 5) // 1_000 + 1) * 1_000,
            "taken": taken,
            "per_member": offer.per_member,
            "starts_at": offer.starts_at,
            "ends_at": offer.ends_at,
            "valid_days": offer.valid_days,
            "position": offer.position,
        }


@dataclass(slots=True)
class _Held:
    """A coupon in a wallet, until it is used."""

    id: str
    offer: OfferPlan
    number: int
    taken_at: datetime
    expires_at: datetime
    order_id: str | None = None


class Wallet:
    """One member's coupons."""

    def __init__(self, member: MemberPlan, offers: Sequence[OfferPlan], dice: Dice, anchor: datetime) -> None:
        self._member = member
        self._anchor = anchor
        self._held = list(self._take(offers, dice)) if offers and self._likes_coupons(dice) else []

    def _likes_coupons(self, dice: Dice) -> bool:
        return bool(self._member.persona) or (self._member.habit in (Habit.NEW, Habit.ACTIVE) and dice.hit(55))

    def _take(self, offers: Sequence[OfferPlan], dice: Dice) -> Iterator[_Held]:
        common = offers[: len(_PLATFORM)]
        for offer in {dice.choice(common if dice.hit(70) else offers).id: None for _ in range(dice.randint(1, 4))}:
            plan = next(found for found in offers if found.id == offer)
            taken_at = dice.between(max(plan.starts_at, self._member.joined_at), self._anchor)
            expires_at = taken_at + timedelta(days=plan.valid_days)
            yield _Held(dice.id("cpn", taken_at), plan, 1, taken_at, expires_at)

    def use(self, order_id: str, shop: ShopPlan, goods: int, moment: datetime) -> int:
        """Use the first coupon that fits an order, and say what it takes off."""
        for held in self._held:
            offer = held.offer
            fits = offer.shop_id in (None, shop.id) and offer.threshold <= goods and offer.amount < goods
            if fits and held.order_id is None and held.taken_at <= moment < held.expires_at:
                held.order_id = order_id
                return offer.amount
        return 0

    def rows(self, tally: Tally) -> Iterator[dict[str, Any]]:
        """Rows of `Coupon`."""
        for held in self._held:
            offer = held.offer
            tally.taken[offer.id] = tally.taken.get(offer.id, 0) + 1
            unused = CouponState.EXPIRED if held.expires_at <= self._anchor else CouponState.USABLE
            yield {
                "id": held.id,
                "offer_id": offer.id,
                "member_id": self._member.id,
                "number": held.number,
                "shop_id": offer.shop_id,
                "title": offer.title,
                "amount": offer.amount,
                "threshold": offer.threshold,
                "state": CouponState.USED if held.order_id else unused,
                "taken_at": held.taken_at,
                "expires_at": held.expires_at,
                "order_id": held.order_id,
            }
