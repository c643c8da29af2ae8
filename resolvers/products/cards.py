"""What a product says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from kit.money import Money
from models.products.reads.categories import categories_by_id, shelves_by_id
from models.products.rows import CategoryRow, ProductRow, ShopCategoryRow, SkuRow
from models.states import ProductKind
from resolvers.context import Loads
from resolvers.products.keys import ShopKey


@dataclass(frozen=True, slots=True)
class Media:
    kind: str
    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class PromotionTag:
    kind: str
    label: str
    price: Money | None
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class WeighedDetails:
    unit: str


@dataclass(frozen=True, slots=True)
class DishDetails:
    spice: int


@dataclass(frozen=True, slots=True)
class AppointmentDetails:
    minutes: int


@dataclass(frozen=True, slots=True)
class NightDetails:
    guests: int


Details = WeighedDetails | DishDetails | AppointmentDetails | NightDetails

_DETAILS: Mapping[str, type[Details]] = {
    ProductKind.WEIGHED: WeighedDetails,
    ProductKind.DISH: DishDetails,
    ProductKind.APPOINTMENT: AppointmentDetails,
    ProductKind.NIGHT: NightDetails,
}


async def list_prices_of(rows: Sequence[ProductRow | SkuRow]) -> list[Money | None]:
    return [None if row.list_price is None else Money(row.list_price, row.currency) for row in rows]


async def media_of(products: Sequence[ProductRow]) -> list[list[Media]]:
    return [[Media(**item) for item in product.media] for product in products]


async def details_of(products: Sequence[ProductRow]) -> list[Details | None]:
    return [_details(_DETAILS.get(product.kind), product.details) for product in products]


def _details(type_: type[Details] | None, details: Mapping[str, Any]) -> Details | None:
    return type_(**{field.name: details[field.name] for field in fields(type_)}) if type_ else None


async def promotions_of(products: Sequence[ProductRow]) -> list[PromotionTag | None]:
    return [_tag(product) for product in products]


def _tag(product: ProductRow) -> PromotionTag | None:
    kind, label, ends_at = product.promotion_kind, product.promotion_label, product.promotion_ends_at
    if kind is None or label is None or ends_at is None:
        return None
    price = None if product.promotion_price is None else Money(product.promotion_price, product.currency)
    return PromotionTag(kind, label, price, ends_at)


async def shops_of(products: Sequence[ProductRow]) -> list[ShopKey]:
    return [ShopKey(product.shop_id) for product in products]


async def categories_of(products: Sequence[ProductRow], loads: Loads) -> list[CategoryRow | None]:
    return await loads.many(categories_by_id, [product.category_id for product in products])


async def shelves_of(products: Sequence[ProductRow], loads: Loads) -> list[ShopCategoryRow | None]:
    ids = [product.shop_category_id for product in products]
    found = await loads.many(shelves_by_id, [id_ for id_ in ids if id_])
    by_id = {shelf.id: shelf for shelf in found if shelf}
    return [by_id.get(id_ or "") for id_ in ids]
