"""Tables of the account: the member, levels, memberships, addresses, viewings.

Personal fields are sealed (`kit.sealing`) under the person's own key and found by keyed hash.
"""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index

from models.base import IdField, Row
from models.personal import NOBODY, Deleted, Personal, Scrubbed


class Member(Row):
    """A person who buys (会员), `mbr_`."""

    nickname = fields.CharField(max_length=40)
    avatar = fields.CharField(max_length=200)
    phone_sealed = fields.CharField(max_length=140)
    """'' where there is none."""
    joined_at = fields.DatetimeField()
    erased_at = fields.DatetimeField(null=True)

    personal = (Personal(of="id", fate=Scrubbed({"nickname": NOBODY, "avatar": "", "phone_sealed": ""})),)

    class Meta:
        table = "member"


class Level(Row):
    """A level of membership (会员等级), `lvl_`, on the platform (`shop_id` None) or in a shop."""

    shop_id = IdField(null=True, db_index=True)
    name = fields.CharField(max_length=20)
    rank = fields.IntField()
    """1 is the lowest."""
    percent = fields.IntField()
    """What its members pay of the price: 95 is 5 % off."""
    threshold = fields.IntField()
    """Points from which on a member has it."""

    class Meta:
        table = "level"


class Membership(Row):
    """A member's standing on the platform (`shop_id` None) or in a shop, `mem_`."""

    member_id = IdField(db_index=True)
    shop_id = IdField(null=True, db_index=True)
    level_id = IdField()
    points = fields.IntField()
    since = fields.DatetimeField()

    personal = (Personal(of="member_id", fate=Deleted()),)

    class Meta:
        table = "membership"
        unique_together = (("member_id", "shop_id"),)


class Address(Row):
    """Where a member has things sent (收货地址), `adr_`."""

    member_id = IdField(db_index=True)
    label = fields.CharField(max_length=10)
    city = fields.CharField(max_length=20)
    district = fields.CharField(max_length=20)
    street_sealed = fields.CharField(max_length=700)
    receiver_sealed = fields.CharField(max_length=240)
    phone_sealed = fields.CharField(max_length=140)
    place_sealed = fields.CharField(max_length=140)
    """`LATITUDE,LONGITUDE` in millionths of a degree, GCJ-02."""
    is_default = fields.BooleanField()

    personal = (Personal(of="member_id", fate=Deleted()),)

    class Meta:
        table = "address"


class Viewing(Row):
    """A product that a member looked at (浏览记录), `vwg_`."""

    member_id = IdField()
    product_id = IdField()
    at = fields.DatetimeField()

    personal = (Personal(of="member_id", fate=Deleted()),)

    class Meta:
        table = "viewing"
        indexes = (Index(fields=("member_id", "at", "id")),)
