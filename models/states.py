"""Every kind and every state of a row, and which state may follow which: one page, no ORM."""

from __future__ import annotations

from enum import StrEnum


class Trade(StrEnum):
    """What a shop lives from."""

    RETAIL = "RETAIL"
    FRESH = "FRESH"
    RESTAURANT = "RESTAURANT"
    HOME_SERVICE = "HOME_SERVICE"
    HOTEL = "HOTEL"


class ShopState(StrEnum):
    OPEN = "OPEN"
    RESTING = "RESTING"
    CLOSED = "CLOSED"


class StaffRole(StrEnum):
    """What a person does in a shop; an operator (代运营) is hired by several shops."""

    OWNER = "OWNER"
    MANAGER = "MANAGER"
    CLERK = "CLERK"
    FINANCE = "FINANCE"
    REDEEMER = "REDEEMER"
    OPERATOR = "OPERATOR"
    HOST = "HOST"


class ProductKind(StrEnum):
    """How a product is sold; it follows from the trade."""

    GOODS = "GOODS"
    WEIGHED = "WEIGHED"
    DISH = "DISH"
    APPOINTMENT = "APPOINTMENT"
    NIGHT = "NIGHT"


class ProductState(StrEnum):
    DRAFT = "DRAFT"
    LISTED = "LISTED"
    WITHDRAWN = "WITHDRAWN"


class PromotionKind(StrEnum):
    FLASH_SALE = "FLASH_SALE"
    GROUP_BUY = "GROUP_BUY"
    DISCOUNT = "DISCOUNT"
    SPEND_AND_SAVE = "SPEND_AND_SAVE"
    PRESALE = "PRESALE"


class CouponState(StrEnum):
    USABLE = "USABLE"
    USED = "USED"
    EXPIRED = "EXPIRED"


class GroupState(StrEnum):
    OPEN = "OPEN"
    FULL = "FULL"
    FAILED = "FAILED"


class OrderState(StrEnum):
    PLACED = "PLACED"
    PAID = "PAID"
    SHIPPED = "SHIPPED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    REFUNDED = "REFUNDED"


class PlatformRole(StrEnum):
    """What a person does for the platform. Operator, auditor and security are three administrators (三权分立)."""

    OPERATOR = "OPERATOR"
    REVIEWER = "REVIEWER"
    FINANCE = "FINANCE"
    RISK = "RISK"
    AUDITOR = "AUDITOR"
    SECURITY = "SECURITY"


class FactorKind(StrEnum):
    """What a second factor is."""

    TOTP = "TOTP"
    WEBAUTHN = "WEBAUTHN"


class ShopTier(StrEnum):
    """What part of its trade's sales a shop makes: of those with five buyers or more, the first fifth, the next three
    tenths, the other half.
    """

    LEADING = "LEADING"
    SOLID = "SOLID"
    SMALL = "SMALL"
    NEW = "NEW"
    """Fewer than five buyers in the month."""


class ShopTrend(StrEnum):
    """Sales beside those of the month before: 15 % more, 15 % less, or in between."""

    UP = "UP"
    FLAT = "FLAT"
    DOWN = "DOWN"


class NoticeKind(StrEnum):
    """What a shop is told of."""

    ORDERS_OPENED = "ORDERS_OPENED"
    """The platform may read some of its orders under a case."""


class CaseField(StrEnum):
    """What a case of the platform's opens of a shop's orders, beside their numbers and states."""

    AMOUNTS = "AMOUNTS"
    LINES = "LINES"
    BUYERS = "BUYERS"


class RevealPurpose(StrEnum):
    """What somebody wants to see personal data in full for."""

    OWN_USE = "OWN_USE"
    CORRECTION = "CORRECTION"


class ProcessingPurpose(StrEnum):
    """What personal data is processed for."""

    ACCOUNT = "ACCOUNT"
    ORDERS = "ORDERS"
    DELIVERY = "DELIVERY"
    SECURITY = "SECURITY"
    RECOMMENDATION = "RECOMMENDATION"
    MARKETING = "MARKETING"


class LegalBasis(StrEnum):
    """Why the law allows a purpose (PIPL 13)."""

    CONTRACT = "CONTRACT"
    DUTY = "DUTY"
    CONSENT = "CONSENT"


class EntryKind(StrEnum):
    """What an entry of the content domain is."""

    BANNER = "BANNER"
    ZONE = "ZONE"
    LIVE_ROOM = "LIVE_ROOM"
    VIDEO = "VIDEO"
    NOTE = "NOTE"


class EntryState(StrEnum):
    """Live rooms are planned, live, then ended; everything else is published or withdrawn."""

    PLANNED = "PLANNED"
    LIVE = "LIVE"
    ENDED = "ENDED"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"


class LiveState(StrEnum):
    """The states in which a live room is listed, each equal to the entry's."""

    PLANNED = "PLANNED"
    LIVE = "LIVE"
    ENDED = "ENDED"


class TargetKind(StrEnum):
    """Where a banner or a zone leads."""

    PRODUCT = "PRODUCT"
    SHOP = "SHOP"
    CATEGORY = "CATEGORY"
    LIVE_ROOM = "LIVE_ROOM"


COUPON_MOVES = {
    CouponState.USABLE: {CouponState.USED, CouponState.EXPIRED},
    CouponState.USED: {CouponState.USABLE},
}
GROUP_MOVES = {GroupState.OPEN: {GroupState.FULL, GroupState.FAILED}}
ORDER_MOVES = {
    OrderState.PLACED: {OrderState.PAID, OrderState.CANCELLED},
    OrderState.PAID: {OrderState.SHIPPED, OrderState.COMPLETED, OrderState.REFUNDED},
    OrderState.SHIPPED: {OrderState.COMPLETED, OrderState.REFUNDED},
    OrderState.COMPLETED: {OrderState.REFUNDED},
}
LIVE_MOVES = {EntryState.PLANNED: {EntryState.LIVE, EntryState.WITHDRAWN}, EntryState.LIVE: {EntryState.ENDED}}
PRODUCT_MOVES = {
    ProductState.DRAFT: {ProductState.LISTED, ProductState.WITHDRAWN},
    ProductState.LISTED: {ProductState.WITHDRAWN},
    ProductState.WITHDRAWN: {ProductState.LISTED},
}
