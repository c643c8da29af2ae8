"""The tables of products."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.indexes import Index

from models.base import HeardRow, IdField, OutboxRow, Row
from models.personal import Deleted, Personal
from models.states import ProductKind, ProductState, PromotionKind


class Category(Row):
    """A node of the platform's category tree (平台类目), `cat_`, products hang on its leaves."""

    told_by = ("id",)
    untold = ("popularity",)

    parent_id = IdField(null=True, db_index=True)
    name = fields.CharField(max_length=20)
    icon = fields.CharField(max_length=200)
    position = fields.IntField()
    """Its place among its siblings, from 1."""
    popularity = fields.IntField()
    """Units sold under it, from orders' facts: what a guest's sections are ranked by."""

    class Meta:
        table = "category"


class ShopCategory(Row):
    """A shelf that a shop arranges for itself (店铺分类), `sct_`."""

    told_by = ("id",)

    shop_id = IdField(db_index=True)
    name = fields.CharField(max_length=20)
    position = fields.IntField()

    class Meta:
        table = "shop_category"


class Product(Row):
    """What a shop sells (商品), `prd_`: goods, weighed goods, a dish, an appointment or a night."""

    told_by = ("id",)
    untold = ("sales", "score")

    shop_id = IdField()
    category_id = IdField()
    """A leaf of the platform's tree."""
    shop_category_id = IdField(null=True, db_index=True)
    kind = fields.CharEnumField(ProductKind, max_length=20)
    state = fields.CharEnumField(ProductState, max_length=20)
    name = fields.CharField(max_length=60)
    subtitle = fields.CharField(max_length=100)
    image = fields.CharField(max_length=200)
    media = fields.JSONField[list[dict[str, Any]]]()
    """`[{"kind": "IMAGE" | "VIDEO", "url": ..., "alt": ...}]`, the main picture first."""
    tags = fields.JSONField[list[str]]()
    origin = fields.CharField(max_length=40)
    """Where it comes from (产地), '' where that says nothing."""
    code = fields.CharField(max_length=40)
    """The shop's own number for it (商家编码), unique in the shop."""
    currency = fields.CharField(max_length=3, default="CNY")
    price = fields.BigIntField()
    """The lowest price of its SKUs."""
    list_price = fields.BigIntField(null=True)
    """The crossed-out price (划线价) of that SKU."""
    sales = fields.IntField()
    """Units sold, from orders' facts."""
    rating = fields.IntField()
    """Hundredths of a star."""
    rating_count = fields.IntField()
    score = fields.IntField()
    """Rank in lists, higher first: computed from sales and rating by `services.products`."""
    details = fields.JSONField[dict[str, Any]]()
    """Its kind's own: `unit` of weighed goods, `spice` of a dish, `minutes` of an appointment, `guests` of a night."""
    listed_at = fields.DatetimeField()

    class Meta:
        table = "product"
        unique_together = (("shop_id", "code"),)
        indexes = (
            Index(fields=("category_id", "state", "score", "id")),
            Index(fields=("shop_id", "state", "score", "id")),
            Index(fields=("kind", "state", "score", "id", "price")),
        )


class Sku(Row):
    """A choice of a product that can be bought, `sku_`."""

    told_by = ("id",)

    product_id = IdField(db_index=True)
    shop_id = IdField()
    code = fields.CharField(max_length=40)
    """The shop's own number for it, unique in the shop."""
    options = fields.JSONField[list[dict[str, str]]]()
    """`[{"name": "规格", "value": "500g"}]`, in the shop's order."""
    position = fields.IntField()
    currency = fields.CharField(max_length=3, default="CNY")
    price = fields.BigIntField()
    list_price = fields.BigIntField(null=True)

    class Meta:
        table = "sku"
        unique_together = (("shop_id", "code"),)


class PriceChange(Row):
    """What a SKU has cost since `at` (价格历史), `prc_`, only ever inserted."""

    told_by = ("id",)

    sku_id = IdField()
    shop_id = IdField()
    currency = fields.CharField(max_length=3, default="CNY")
    price = fields.BigIntField()
    at = fields.DatetimeField()

    class Meta:
        table = "price_change"
        indexes = (Index(fields=("sku_id", "at", "id")),)


class Promotion(Row):
    """A promotion as data (促销), `prm_`."""

    told_by = ("id",)

    kind = fields.CharEnumField(PromotionKind, max_length=20)
    shop_id = IdField(null=True)
    """None where the platform holds it: a flash-sale session gathers items of many shops."""
    title = fields.CharField(max_length=40)
    label = fields.CharField(max_length=20)
    """What stands on a card, such as 满200减30."""
    rules = fields.JSONField[dict[str, Any]]()
    """By kind: DISCOUNT `{"percent": 88}`; SPEND_AND_SAVE `{"tiers": [{"spend": fen, "save": fen}]}`;
    GROUP_BUY `{"size": 3, "hours": 24}`; FLASH_SALE `{"per_buyer": 1}`;
    PRESALE `{"deposit": fen, "ships_at": time}`."""
    shop_wide = fields.BooleanField()
    """Whether it holds for all that the shop sells; otherwise its items name the products."""
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()

    class Meta:
        table = "promotion"
        indexes = (Index(fields=("shop_id", "shop_wide", "ends_at")), Index(fields=("kind", "ends_at")))


class PromotionItem(Row):
    """A SKU at a promotion price, `pit_`. `kind`, times and label repeat the promotion's for one-step reads."""

    told_by = ("id", "product_id")

    promotion_id = IdField(db_index=True)
    kind = fields.CharEnumField(PromotionKind, max_length=20)
    shop_id = IdField()
    product_id = IdField()
    sku_id = IdField()
    label = fields.CharField(max_length=20)
    currency = fields.CharField(max_length=3, default="CNY")
    price = fields.BigIntField()
    group_size = fields.IntField(null=True)
    """How many buyers make a group; GROUP_BUY only."""
    position = fields.IntField()
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()

    class Meta:
        table = "promotion_item"
        indexes = (Index(fields=("kind", "ends_at", "position", "id")), Index(fields=("product_id", "ends_at")))


class Affinity(Row):
    """How much a member likes a category, `aff_`: learned from orders' and members' facts."""

    member_id = IdField()
    category_id = IdField()
    """A leaf of the platform's tree."""
    weight = fields.IntField()

    personal = (Personal(of="member_id", fate=Deleted()),)

    class Meta:
        table = "affinity"
        unique_together = (("member_id", "category_id"),)


class ProductsOutbox(OutboxRow):
    class Meta:
        table = "products_outbox"


class ProductsHeard(HeardRow):
    class Meta:
        table = "products_heard"
