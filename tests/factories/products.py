"""Rows of products with sensible values, for tests that care about a few of them."""

from __future__ import annotations

from typing import Any

from kit.ids import new_id
from models.products.tables import Affinity, Category, PriceChange, Product, Promotion, PromotionItem, ShopCategory, Sku
from models.states import ProductKind, ProductState, PromotionKind
from tests.support.moments import DAY, HOUR, NOON


async def category(**columns: Any) -> Category:
    """A root, or what is under `parent_id`."""
    defaults = {
        "id": new_id("cat", at=NOON),
        "parent_id": None,
        "name": "茶叶",
        "icon": "https://img.example/tea.png",
        "position": 1,
        "popularity": 0,
    }
    return await Category.create(**defaults | columns)


async def shelf(**columns: Any) -> ShopCategory:
    """A shop category."""
    defaults = {"id": new_id("sct", at=NOON), "shop_id": "shp_tea", "name": "明前茶", "position": 1}
    return await ShopCategory.create(**defaults | columns)


async def product(**columns: Any) -> Product:
    """A listed product of `category_id`."""
    made = new_id("prd", at=NOON)
    defaults = {
        "id": made,
        "shop_id": "shp_tea",
        "category_id": "cat_tea",
        "shop_category_id": None,
        "kind": ProductKind.GOODS,
        "state": ProductState.LISTED,
        "name": "西湖龙井 2026 新茶",
        "subtitle": "明前一级，核心产区",
        "image": "https://img.example/longjing.jpg",
        "media": [{"kind": "IMAGE", "url": "https://img.example/longjing.jpg", "alt": "一杯龙井"}],
        "tags": ["产地直发"],
        "origin": "浙江杭州",
        "code": columns.get("id", made),
        "price": 12800,
        "list_price": None,
        "sales": 0,
        "rating": 480,
        "rating_count": 12,
        "score": 0,
        "details": {},
        "listed_at": NOON - 30 * DAY,
    }
    return await Product.create(**defaults | columns)


async def sku(**columns: Any) -> Sku:
    """A SKU of `product_id`."""
    made = new_id("sku", at=NOON)
    defaults = {
        "id": made,
        "product_id": "prd_tea",
        "shop_id": "shp_tea",
        "code": columns.get("id", made),
        "options": [{"name": "规格", "value": "250g"}],
        "position": 1,
        "price": 12800,
        "list_price": None,
    }
    return await Sku.create(**defaults | columns)


async def price_change(**columns: Any) -> PriceChange:
    """A price of `sku_id`."""
    defaults = {
        "id": new_id("prc", at=NOON),
        "sku_id": "sku_tea",
        "shop_id": "shp_tea",
        "price": 12800,
        "at": NOON - 30 * DAY,
    }
    return await PriceChange.create(**defaults | columns)


async def promotion(kind: PromotionKind = PromotionKind.SPEND_AND_SAVE, **columns: Any) -> Promotion:
    """A promotion of a whole shop, running at NOON."""
    defaults = {
        "id": new_id("prm", at=NOON),
        "kind": kind,
        "shop_id": "shp_tea",
        "title": "春茶节",
        "label": "满200减30",
        "rules": {"tiers": [{"spend": 20000, "save": 3000}]},
        "shop_wide": True,
        "starts_at": NOON - HOUR,
        "ends_at": NOON + DAY,
    }
    return await Promotion.create(**defaults | columns)


async def item(kind: PromotionKind, **columns: Any) -> PromotionItem:
    """A SKU in a promotion that runs at NOON; a flash sale's ends with the hour."""
    defaults = {
        "id": new_id("pit", at=NOON),
        "promotion_id": "prm_items",
        "kind": kind,
        "shop_id": "shp_tea",
        "product_id": "prd_tea",
        "sku_id": "sku_tea",
        "label": "限时优惠",
        "price": 9900,
        "group_size": 3 if kind is PromotionKind.GROUP_BUY else None,
        "position": 1,
        "starts_at": NOON,
        "ends_at": NOON + HOUR,
    }
    return await PromotionItem.create(**defaults | columns)


async def affinity(member_id: str, category_id: str, weight: int) -> Affinity:
    """How much a member likes a category."""
    return await Affinity.create(id=new_id("aff", at=NOON), member_id=member_id, category_id=category_id, weight=weight)
