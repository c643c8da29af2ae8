"""The facts: what one domain tells the others, after it has happened. They carry ids and amounts, never rows.

A fact is published into the outbox of the domain where it happened, in the transaction that made it true; it may be
told more than once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

import msgspec

from kit.ids import new_id
from models.outbox import outbox_of


@dataclass(frozen=True, slots=True)
class PaidLine:
    """What a paid order holds of one product."""

    product_id: str
    category_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class OrderPaid:
    """A member has paid a shop's order, `amount` minor units of `currency`."""

    id: str
    order_id: str
    shop_id: str
    member_id: str
    amount: int
    currency: str
    lines: tuple[PaidLine, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class CouponTaken:
    """A member has taken a coupon; `shop_id` is None where the platform pays for it."""

    id: str
    coupon_id: str
    offer_id: str
    shop_id: str | None
    member_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProductViewed:
    """A member has looked at a product."""

    id: str
    member_id: str
    product_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShopDataOpened:
    """The platform may read orders of a shop under a case, `fields` of them, until `until`."""

    id: str
    case_id: str
    shop_id: str
    fields: tuple[str, ...]
    until: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonErased:
    """A person is none of ours any more: what is stored about them goes, wherever it is."""

    id: str
    person_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ExportAsked:
    """A member wants a copy of all that is stored about them."""

    id: str
    export_id: str
    member_id: str
    at: datetime


Fact = OrderPaid | CouponTaken | ProductViewed | ShopDataOpened | PersonErased | ExportAsked

_KINDS: Mapping[str, type[Fact]] = {kind.__name__: kind for kind in get_args(Fact)}


def fact_id() -> str:
    """A fresh id for a fact; its outbox row has the same."""
    return new_id("fct")


async def publish(domain: str, fact: Fact) -> None:
    """Put `fact` into the outbox of `domain`, in the running transaction."""
    await outbox_of(domain).create(id=fact.id, kind=type(fact).__name__, body=msgspec.to_builtins(fact), at=fact.at)


def fact_of(kind: str, body: Mapping[str, Any]) -> Fact:
    """The fact that an outbox row holds. Raises ValueError where there is no such fact."""
    if kind not in _KINDS:
        raise ValueError(f"{kind} is no fact that we know")
    return msgspec.convert(body, _KINDS[kind])
