"""Whose the rows of each table are, when a shop is backed up and restored. A table that is missing fails a test.

`docs/backup.md` says the same in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Own:
    """The shop's: copied and brought back. `column` holds the shop's id."""

    column: str = "shop_id"
    moving: bool = False
    """Whether trade changes its rows from minute to minute: then a row that is there is never set back."""


@dataclass(frozen=True, slots=True)
class Under:
    """The shop's, by the row of `table`, an Own one, whose id stands in `column`."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Written once: copied as evidence, compared with what is there, never brought back."""

    column: str = "shop_id"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Not the shop's, or not its alone: its rows refer to these by id, and never carry them along."""

    why: str


Copied = Own | Under | Compared
Belonging = Copied | Elsewhere

_NEWS = Elsewhere("news on its way, told again by whoever changes something")
_TRAIL = Elsewhere("the chain of all shops' acts, which has archives of its own")
_PERSON = Elsewhere("a person's, who may be erased")
_KEYS = Elsewhere("keys lie apart from what they seal, so that erasing one erases the person in backups too")
_PLATFORM = Elsewhere("the platform's")


def _every_domain(domain: str) -> Mapping[str, Belonging]:
    """What each domain has of its own: its trail, and its news."""
    return {
        f"{domain}_audit": Compared(),
        f"{domain}_audit_seal": _TRAIL,
        f"{domain}_audit_unsealed": _TRAIL,
        f"{domain}_outbox": _NEWS,
        f"{domain}_heard": _NEWS,
    }


BELONGINGS: Mapping[str, Mapping[str, Belonging]] = {
    "shops": {
        "shop": Own("id"),
        "branch": Own(),
        "staff": Own(),
        "notice": Own(),
        "shops_recall": _PLATFORM,
        **_every_domain("shops"),
    },
    "products": {
        "shop_category": Own(),
        "product": Own(),
        "sku": Own(),
        "price_change": Own(),
        "promotion": Own(),
        "promotion_item": Own(),
        "category": _PLATFORM,
        "affinity": _PERSON,
        **_every_domain("products"),
    },
    "orders": {
        "stock": Own(moving=True),
        "quota": Own(moving=True),
        "coupon_offer": Own(moving=True),
        "coupon": Own(moving=True),
        "buyer_group": Own(moving=True),
        "group_place": Under("buyer_group", "group_id"),
        "shop_order": Own(moving=True),
        "order_line": Own(moving=True),
        "shop_band": Own(moving=True),
        "trade": Elsewhere("a buyer's one payment to several shops"),
        "oversight_case": Elsewhere("the platform's case about the shop"),
        "orders_idempotency": Elsewhere("answers that buyers may ask for again"),
        **{"market_cell": _PLATFORM, "market_month": _PLATFORM},
        **_every_domain("orders"),
    },
    "members": {
        "level": Own(),
        "membership": Own(moving=True),
        **dict.fromkeys(
            (
                *("member", "address", "viewing", "consent", "erasure", "export"),
                *("credential", "session", "refresh_token", "second_factor", "recovery_code"),
            ),
            _PERSON,
        ),
        **dict.fromkeys(("keeper_key", "person_key"), _KEYS),
        **dict.fromkeys(("platform_staff", "signing_key", "members_recall", "throttle"), _PLATFORM),
        **_every_domain("members"),
    },
    "content": {
        "entry": Own(),
        "entry_product": Under("entry", "entry_id"),
        **_every_domain("content"),
    },
}
"""Domain -> table -> whose its rows are; a table comes after those that it hangs on."""
