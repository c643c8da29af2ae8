"""What reads of shops bring."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models.reading import Hundredths, ReadRow


class ShopRow(ReadRow, frozen=True, gc=False):
    """A shop."""

    id: str
    name: str
    slogan: str
    trade: str
    city: str
    logo: str
    rating: Hundredths
    rating_count: int
    followers: int
    decoration: dict[str, Any]
    opened_at: datetime

    @property
    def shop_id(self) -> str:
        return self.id


class BranchRow(ReadRow, frozen=True, gc=False):
    """A branch. Coordinates are millionths of a degree, GCJ-02."""

    id: str
    shop_id: str
    name: str
    city: str
    district: str
    address: str
    phone: str
    latitude: int
    longitude: int
    opening_hours: list[dict[str, Any]]
    delivers: bool
    delivery_metres: int
    delivery_minimum: int
    delivery_fee: int
    preparation_minutes: int


class NearbyRow(ReadRow, frozen=True, gc=False):
    """A branch that delivers to a point, `millimetres_squared` away, and its shop."""

    shop: ShopRow
    branch: BranchRow
    millimetres_squared: int


class StaffRow(ReadRow, frozen=True, gc=False):
    """A person's role in a shop."""

    id: str
    shop_id: str
    member_id: str
    role: str
    name_sealed: str
    since: datetime


class NoticeRow(ReadRow, frozen=True, gc=False):
    """What a shop is told of."""

    id: str
    shop_id: str
    kind: str
    about_id: str
    until: datetime | None
    at: datetime
