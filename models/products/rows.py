"""What reads of products bring."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models.reading import Hundredths, ReadRow


class CategoryRow(ReadRow, frozen=True, gc=False):
    """A node of the platform's tree of categories."""

    id: str
    parent_id: str | None
    name: str
    icon: str
    position: int
    popularity: int


class SectionRow(CategoryRow, frozen=True, gc=False):
    """A category that is recommended to somebody; `weight` is how much he likes it."""

    weight: int

    @property
    def title(self) -> str:
        return self.name


class ShopCategoryRow(ReadRow, frozen=True, gc=False):
    """A shelf of a shop."""

    id: str
    shop_id: str
    name: str
    position: int


class ProductRow(ReadRow, frozen=True, gc=False):
    """A listed product with its best promotion now. A promotion of the whole shop has no price of its own."""

    id: str
    shop_id: str
    category_id: str
    shop_category_id: str | None
    kind: str
    name: str
    subtitle: str
    image: str
    tags: list[str]
    currency: str
    price: int
    list_price: int | None
    sales: int
    rating: Hundredths
    rating_count: int
    score: int
    promotion_kind: str | None
    promotion_label: str | None
    promotion_price: int | None
    promotion_ends_at: datetime | None


class WholeProductRow(ProductRow, frozen=True, gc=False):
    """The same with what cards in lists do not show, as it is read by its id."""

    media: list[dict[str, Any]]
    origin: str
    details: dict[str, Any]
    listed_at: datetime


class SkuRow(ReadRow, frozen=True, gc=False):
    """A choice of a product."""

    id: str
    product_id: str
    shop_id: str
    options: list[dict[str, str]]
    position: int
    currency: str
    price: int
    list_price: int | None


class PriceRow(ReadRow, frozen=True, gc=False):
    """What a SKU has cost since a moment."""

    id: str
    sku_id: str
    currency: str
    price: int
    at: datetime


class OfferRow(ReadRow, frozen=True, gc=False):
    """A SKU at a promotion price, with the product that it is a choice of."""

    id: str
    kind: str
    product_id: str
    sku_id: str
    label: str
    currency: str
    price: int
    group_size: int | None
    position: int
    starts_at: datetime
    ends_at: datetime
    product: ProductRow


class FlashItemRow(OfferRow, frozen=True, gc=False):
    """An item of the flash sale."""


class GroupBuyRow(OfferRow, frozen=True, gc=False):
    """An item that buyers take together, `group_size` of them."""


class PromotionRow(ReadRow, frozen=True, gc=False):
    """A promotion of a shop."""

    id: str
    shop_id: str
    kind: str
    title: str
    label: str
    starts_at: datetime
    ends_at: datetime
