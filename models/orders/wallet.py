"""Coupons: what is offered, and what members hold."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index

from models.base import IdField, Row
from models.laws import TRANSACTIONS
from models.personal import Deleted, Personal
from models.states import CouponState


class CouponOffer(Row):
    """Coupons that may be taken (领券), `cof_`."""

    told_by = ("id",)

    shop_id = IdField(null=True, db_index=True)
    """None where the platform pays for it."""
    title = fields.CharField(max_length=40)
    currency = fields.CharField(max_length=3, default="CNY")
    amount = fields.BigIntField()
    """What the coupon takes off."""
    threshold = fields.BigIntField()
    """From which sum on it may be used."""
    total = fields.IntField()
    taken = fields.IntField()
    per_member = fields.IntField()
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    valid_days = fields.IntField()
    """How long a coupon lives after it was taken."""
    position = fields.IntField()

    class Meta:
        table = "coupon_offer"
        indexes = (Index(fields=("position", "id")),)


class Coupon(Row):
    """A coupon in a member's wallet (卡包), `cpn_`."""

    offer_id = IdField()
    member_id = IdField()
    number = fields.IntField()
    """1 for the member's first coupon of this offer, and so on: unique, so that none is given twice."""
    shop_id = IdField(null=True)
    title = fields.CharField(max_length=40)
    currency = fields.CharField(max_length=3, default="CNY")
    amount = fields.BigIntField()
    threshold = fields.BigIntField()
    state = fields.CharEnumField(CouponState, max_length=20)
    taken_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    order_id = IdField(null=True)

    personal = (
        Personal(of="member_id", fate=Deleted(), where={"state__not": CouponState.USED}),
        Personal(
            of="member_id",
            fate=TRANSACTIONS,
            where={"state": CouponState.USED},
        ),
    )

    class Meta:
        table = "coupon"
        unique_together = (("offer_id", "member_id", "number"),)
        indexes = (Index(fields=("member_id", "state", "expires_at", "id")),)
