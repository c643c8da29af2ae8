"""Stock, per SKU and branch."""

from __future__ import annotations

from tortoise import fields

from models.base import IdField, Row


class Stock(Row):
    """What a branch has of a SKU (库存), `stk_`. Available is `on_hand - held`."""

    told_by = ("sku_id",)

    sku_id = IdField()
    branch_id = IdField()
    shop_id = IdField(db_index=True)
    on_hand = fields.IntField()
    held = fields.IntField()
    """Units promised to unpaid orders."""

    class Meta:
        table = "stock"
        unique_together = (("sku_id", "branch_id"),)


class Quota(Row):
    """How many units a promotion item may sell in all, and how many it has sold, its id is the promotion item's."""

    told_by = ("id",)

    shop_id = IdField()
    total = fields.IntField()
    taken = fields.IntField()

    class Meta:
        table = "quota"
