"""The tables of shops."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.indexes import Index

from models.base import HeardRow, IdField, OutboxRow, RecallRow, Row
from models.personal import Deleted, Personal
from models.states import NoticeKind, ShopState, StaffRole, Trade


class Shop(Row):
    """A merchant's shop (店铺), `shp_`."""

    told_by = ("id",)

    name = fields.CharField(max_length=40)
    slogan = fields.CharField(max_length=80)
    trade = fields.CharEnumField(Trade, max_length=20)
    city = fields.CharField(max_length=20)
    logo = fields.CharField(max_length=200)
    state = fields.CharEnumField(ShopState, max_length=20)
    rating = fields.IntField()
    """Mean of its reviews in hundredths of a star: 487 is 4.87."""
    rating_count = fields.IntField()
    followers = fields.IntField()
    decoration = fields.JSONField[dict[str, Any]]()
    """How its page looks (装修): `theme_color`, `cover`, `notice`, `template`."""
    opened_at = fields.DatetimeField()

    class Meta:
        table = "shop"
        indexes = (Index(fields=("state", "rating", "id")),)


class Branch(Row):
    """A place of a shop (门店), `brn_`, with its opening hours and delivery zone."""

    told_by = ("id",)

    shop_id = IdField(db_index=True)
    name = fields.CharField(max_length=40)
    city = fields.CharField(max_length=20)
    district = fields.CharField(max_length=20)
    address = fields.CharField(max_length=100)
    phone = fields.CharField(max_length=20)
    latitude = fields.IntField()
    """Millionths of a degree, GCJ-02 (the datum that maps in China must use)."""
    longitude = fields.IntField()
    """Millionths of a degree, GCJ-02."""
    opening_hours = fields.JSONField[list[dict[str, Any]]]()
    """`[{"days": [1..7], "opens": "09:00", "closes": "22:00"}]`, Monday is 1, the city's own time."""
    delivers = fields.BooleanField()
    delivery_metres = fields.IntField()
    """Radius of the delivery zone."""
    delivery_minimum = fields.BigIntField()
    """Smallest order that is delivered, in fen."""
    delivery_fee = fields.BigIntField()
    """In fen."""
    preparation_minutes = fields.IntField()
    """From the order to the rider's departure."""

    class Meta:
        table = "branch"
        # All that tells which branches deliver to a point: it is answered from the index alone.
        indexes = (
            Index(
                fields=("delivers", "latitude", "longitude", "shop_id", "preparation_minutes", "delivery_metres"),
            ),
        )


class Staff(Row):
    """A person's role in a shop, `stf_`."""

    shop_id = IdField()
    member_id = IdField(db_index=True)
    role = fields.CharEnumField(StaffRole, max_length=20)
    name_sealed = fields.CharField(max_length=240)
    """Sealed under the member's key with the shop."""
    since = fields.DatetimeField()

    personal = (Personal(of="member_id", fate=Deleted(), keeper="shop_id"),)

    class Meta:
        table = "staff"
        unique_together = (("shop_id", "member_id"),)


class Notice(Row):
    """What the platform owes a shop to know (通知), `ntc_`."""

    shop_id = IdField()
    kind = fields.CharEnumField(NoticeKind, max_length=20)
    about_id = IdField()
    """What it is about, such as a case."""
    until = fields.DatetimeField(null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "notice"
        unique_together = (("about_id", "kind"),)
        indexes = (Index(fields=("shop_id", "at", "id")),)


class ShopsRecall(RecallRow):
    """Of persons whose work in a shop changed."""

    class Meta:
        table = "shops_recall"


class ShopsOutbox(OutboxRow):
    class Meta:
        table = "shops_outbox"


class ShopsHeard(HeardRow):
    class Meta:
        table = "shops_heard"
