"""The tables of shops."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.indexes import Index

from models.base import HeardRow, IdField, OutboxRow, Row
from models.states import ShopState, StaffRole, Trade


class Shop(Row):
    """A merchant's shop (店铺), `shp_`."""

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
        indexes = (Index(fields=("delivers", "latitude", "longitude")),)


class Staff(Row):
    """A person's role in a shop, `stf_`."""

    shop_id = IdField()
    member_id = IdField(db_index=True)
    role = fields.CharEnumField(StaffRole, max_length=20)
    name = fields.CharField(max_length=20)
    since = fields.DatetimeField()

    class Meta:
        table = "staff"
        unique_together = (("shop_id", "member_id"),)


class ShopsOutbox(OutboxRow):
    class Meta:
        table = "shops_outbox"


class ShopsHeard(HeardRow):
    class Meta:
        table = "shops_heard"
