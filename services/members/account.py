"""The account: what a member's levels make of a price, and what the member looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kit import clock
from kit.ids import new_id, prefix_of
from kit.money import Money
from kit.payload import UserError
from models.members.account import Viewing
from models.members.rows import MembershipRow
from services.events import ProductViewed, fact_id, publish


@dataclass(frozen=True, slots=True)
class ProductUnknown(UserError):
    code: str = "product.unknown"
    message: str = "there is no such product"
    path: tuple[str, ...] | None = ("input", "productId")


async def record_viewing(product_id: str, *, member_id: str) -> Viewing | ProductUnknown:
    """Remember that the member looked at the product, and tell. Runs in the caller's transaction."""
    if prefix_of(product_id) != "prd":
        return ProductUnknown()
    now = clock.now()
    viewing = await Viewing.create(id=new_id("vwg"), member_id=member_id, product_id=product_id, at=now)
    await publish("members", ProductViewed(fact_id(), member_id, product_id, now))
    return viewing


def member_price(price: Money, shop_id: str | None, memberships: Iterable[MembershipRow]) -> Money | None:
    """What a member pays of `price` in the shop: the better of their level there and on the platform.

    None where that is no less than the price.
    """
    percents = [held.level.percent for held in memberships if held.shop_id is None or held.shop_id == shop_id]
    best = min((price.percent(percent) for percent in percents), default=price)
    return best if best < price else None
