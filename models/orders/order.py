"""Trades, shop orders and their lines."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.indexes import Index

from models.base import IdField, Row
from models.laws import TRANSACTIONS
from models.personal import Deleted, Personal, Through
from models.states import OrderState


class Trade(Row):
    """One checkout, one payment (交易单), `trd_`, it has an order for each shop."""

    member_id = IdField(db_index=True)
    currency = fields.CharField(max_length=3, default="CNY")
    payable = fields.BigIntField()
    placed_at = fields.DatetimeField()

    personal = (Personal(of="member_id", fate=TRANSACTIONS),)

    class Meta:
        table = "trade"


class ShopOrder(Row):
    """What one shop delivers of a trade (店铺订单), `ord_`. `payable = goods - discount + freight`."""

    trade_id = IdField(db_index=True)
    member_id = IdField()
    shop_id = IdField()
    branch_id = IdField(null=True)
    state = fields.CharEnumField(OrderState, max_length=20)
    currency = fields.CharField(max_length=3, default="CNY")
    goods = fields.BigIntField()
    discount = fields.BigIntField()
    freight = fields.BigIntField()
    payable = fields.BigIntField()
    placed_at = fields.DatetimeField()
    paid_at = fields.DatetimeField(null=True)
    completed_at = fields.DatetimeField(null=True)

    personal = (Personal(of="member_id", fate=TRANSACTIONS),)

    class Meta:
        table = "shop_order"
        indexes = (
            Index(fields=("member_id", "placed_at", "id")),
            Index(fields=("shop_id", "placed_at", "id")),
            Index(fields=("shop_id", "payable", "id")),
        )


class OrderLine(Row):
    """One SKU of a shop order, as it was when it was ordered, `lin_`."""

    order_id = IdField(db_index=True)
    shop_id = IdField()
    product_id = IdField(db_index=True)
    sku_id = IdField()
    category_id = IdField()
    name = fields.CharField(max_length=60)
    image = fields.CharField(max_length=200)
    options = fields.JSONField[list[dict[str, str]]]()
    quantity = fields.IntField()
    currency = fields.CharField(max_length=3, default="CNY")
    unit_price = fields.BigIntField()
    payable = fields.BigIntField()
    """Of all its units, after its share of the discount."""

    personal = (Personal(of="order_id", fate=TRANSACTIONS, through=Through("shop_order", "member_id")),)

    class Meta:
        table = "order_line"


class IdempotencyRow(Row):
    """The first answer to a mutation's key, given again when the key comes again. Its id is member and key."""

    id = fields.CharField(max_length=120, primary_key=True)
    asked = fields.CharField(max_length=64)
    """SHA-256 of what was asked: another question under the same key is refused."""
    answer = fields.JSONField[dict[str, Any]]()
    at = fields.DatetimeField()

    personal = (Personal(of="id__startswith", fate=Deleted(), secret=("asked", "answer")),)

    class Meta:
        table = "orders_idempotency"
