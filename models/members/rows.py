"""What reads of members bring."""

from __future__ import annotations

from datetime import datetime

from models.reading import ReadRow


class MemberRow(ReadRow, frozen=True, gc=False):
    """A person who buys."""

    id: str
    nickname: str
    avatar: str
    phone_sealed: str
    joined_at: datetime

    @property
    def member_id(self) -> str:
        return self.id


class LevelRow(ReadRow, frozen=True, gc=False):
    """A level of membership; `percent` is what its members pay of a price."""

    id: str
    name: str
    rank: int
    percent: int


class MembershipRow(ReadRow, frozen=True, gc=False):
    """A member's standing on the platform (`shop_id` None) or in a shop."""

    id: str
    member_id: str
    shop_id: str | None
    points: int
    since: datetime
    level: LevelRow


class AddressRow(ReadRow, frozen=True, gc=False):
    """Where a member has things sent; what is sealed opens with the member's key."""

    id: str
    member_id: str
    label: str
    city: str
    district: str
    street_sealed: str
    receiver_sealed: str
    phone_sealed: str
    place_sealed: str
    is_default: bool


class ViewingRow(ReadRow, frozen=True, gc=False):
    """A product that a member looked at."""

    id: str
    member_id: str
    product_id: str
    at: datetime


class ConsentRow(ReadRow, frozen=True, gc=False):
    """A member's yes to a purpose."""

    id: str
    member_id: str
    purpose: str
    version: int
    given_at: datetime
    withdrawn_at: datetime | None


class ExportRow(ReadRow, frozen=True, gc=False):
    """A copy of all that is stored about a member, without its content."""

    id: str
    member_id: str
    asked_at: datetime
    ready_at: datetime | None
    taken_at: datetime | None


class SessionRow(ReadRow, frozen=True, gc=False):
    """A signed-in device of a person."""

    id: str
    member_id: str
    device: str
    created_at: datetime
    refreshed_at: datetime | None
    expires_at: datetime
