"""What reads of orders bring."""

from __future__ import annotations

from datetime import datetime

import msgspec

from models.reading import ReadRow


class StockRow(ReadRow, frozen=True, gc=False):
    """What a branch has of a SKU."""

    sku_id: str
    branch_id: str
    shop_id: str
    on_hand: int
    held: int

    @property
    def available(self) -> int:
        return self.on_hand - self.held


class Standing(msgspec.Struct, frozen=True, gc=False):
    """Where a promotion item stands: its quota, None where it has none, and the open groups that buy it."""

    total: int | None
    taken: int | None
    open_groups: int
    places_left: int

    @property
    def remaining(self) -> int | None:
        return None if self.total is None or self.taken is None else self.total - self.taken


class GroupRow(ReadRow, frozen=True, gc=False):
    """A group of buyers."""

    id: str
    size: int
    taken: int
    expires_at: datetime


class OfferRow(ReadRow, frozen=True, gc=False):
    """Coupons that may be taken, as everybody sees them."""

    id: str
    shop_id: str | None
    title: str
    currency: str
    amount: int
    threshold: int
    total: int
    taken: int
    per_member: int
    starts_at: datetime
    ends_at: datetime
    valid_days: int
    position: int

    @property
    def remaining(self) -> int:
        return self.total - self.taken


class CountedOfferRow(OfferRow, frozen=True, gc=False):
    """The same, with how many a member has taken."""

    taken_by_me: int


class CouponRow(ReadRow, frozen=True, gc=False):
    """A coupon in a member's wallet; `state` is as stored: time may have ended it since."""

    id: str
    offer_id: str
    member_id: str
    shop_id: str | None
    title: str
    currency: str
    amount: int
    threshold: int
    state: str
    taken_at: datetime
    expires_at: datetime


class ShopOrderRow(ReadRow, frozen=True, gc=False):
    """What one shop delivers of a trade."""

    id: str
    trade_id: str
    member_id: str
    shop_id: str
    state: str
    currency: str
    goods: int
    discount: int
    freight: int
    payable: int
    placed_at: datetime
    paid_at: datetime | None
    completed_at: datetime | None


class LineRow(ReadRow, frozen=True, gc=False):
    """One SKU of a shop order, as it was when it was ordered."""

    id: str
    order_id: str
    member_id: str
    shop_id: str
    product_id: str
    sku_id: str
    name: str
    image: str
    options: list[dict[str, str]]
    quantity: int
    currency: str
    unit_price: int
    payable: int


class TradeRow(ReadRow, frozen=True, gc=False):
    """One checkout, one payment."""

    id: str
    member_id: str
    currency: str
    payable: int
    placed_at: datetime


class CellRow(ReadRow, frozen=True, gc=False):
    """Published sums of a month; `trade` and `city` are empty for all."""

    id: str
    month: str
    trade: str
    city: str
    shops: int
    buyers: int
    orders: int
    currency: str
    amount: int


class BandRow(ReadRow, frozen=True, gc=False):
    """Where a shop stands in a month."""

    id: str
    shop_id: str
    month: str
    tier: str
    score: int | None
    trend: str | None


class CaseRow(ReadRow, frozen=True, gc=False):
    """Why the platform reads orders of a shop."""

    id: str
    shop_id: str
    reason: str
    fields_asked: list[str]
    hours: int
    opened_by: str
    opened_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    expires_at: datetime | None
    closed_at: datetime | None
