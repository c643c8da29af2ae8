"""The tables of members. Personal fields are sealed (`kit.sealing`) and found by keyed hash."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index

from models.base import HeardRow, IdField, OutboxRow, Row
from models.states import PlatformRole


class Member(Row):
    """A person who buys (会员), `mbr_`."""

    nickname = fields.CharField(max_length=40)
    avatar = fields.CharField(max_length=200)
    phone_sealed = fields.CharField(max_length=120)
    phone_masked = fields.CharField(max_length=20)
    """138****1234"""
    joined_at = fields.DatetimeField()

    class Meta:
        table = "member"


class Credential(Row):
    """A way to sign in, `crd_`."""

    member_id = IdField(db_index=True)
    login_hash = fields.CharField(max_length=64, unique=True)
    """Keyed hash of the phone number."""
    secret = fields.CharField(max_length=200)
    """argon2id hash of the password (RFC 9106)."""
    failures = fields.IntField()
    locked_until = fields.DatetimeField(null=True)

    class Meta:
        table = "credential"


class Session(Row):
    """A signed-in device, `ses_`."""

    member_id = IdField(db_index=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "session"


class PlatformStaff(Row):
    """A person who works for the platform, `pst_`."""

    name = fields.CharField(max_length=20)
    role = fields.CharEnumField(PlatformRole, max_length=20)
    since = fields.DatetimeField()

    class Meta:
        table = "platform_staff"


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

    class Meta:
        table = "membership"
        unique_together = (("member_id", "shop_id"),)


class Address(Row):
    """Where a member has things sent (收货地址), `adr_`."""

    member_id = IdField(db_index=True)
    label = fields.CharField(max_length=10)
    city = fields.CharField(max_length=20)
    district = fields.CharField(max_length=20)
    street_sealed = fields.CharField(max_length=400)
    receiver_sealed = fields.CharField(max_length=200)
    phone_sealed = fields.CharField(max_length=120)
    latitude = fields.IntField()
    """Millionths of a degree, GCJ-02."""
    longitude = fields.IntField()
    is_default = fields.BooleanField()

    class Meta:
        table = "address"


class Viewing(Row):
    """A product that a member looked at (浏览记录), `vwg_`."""

    member_id = IdField()
    product_id = IdField()
    at = fields.DatetimeField()

    class Meta:
        table = "viewing"
        indexes = (Index(fields=("member_id", "at", "id")),)


class MembersOutbox(OutboxRow):
    class Meta:
        table = "members_outbox"


class MembersHeard(HeardRow):
    class Meta:
        table = "members_heard"
