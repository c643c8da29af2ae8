"""What a product says of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from kit.errors import NotFound
from kit.money import Money
from models.products.reads.categories import categories_by_id, shelves_by_id
from models.products.reads.listings import products_by_id
from models.products.rows import CategoryRow, ProductRow, ShopCategoryRow, SkuRow, WholeProductRow
from models.states import ProductKind
from resolvers.context import BatchFunction, Loads
from resolvers.keys import found
from resolvers.products.keys import ShopKey


class Media(msgspec.Struct, frozen=True, gc=False):
    kind: str
    url: str
    alt: str


class PromotionTag(msgspec.Struct, frozen=True, gc=False):
    """The promotion that a product has."""

    product: ProductRow

    @property
    def kind(self) -> str | None:
        return self.product.promotion_kind

    @property
    def label(self) -> str | None:
        return self.product.promotion_label

    @property
    def price(self) -> Money | None:
        amount = self.product.promotion_price
        return None if amount is None else Money(amount, self.product.currency)

    @property
    def ends_at(self) -> datetime | None:
        return self.product.promotion_ends_at


class WeighedDetails(msgspec.Struct, frozen=True, gc=False):
    unit: str


class DishDetails(msgspec.Struct, frozen=True, gc=False):
    spice: int


class AppointmentDetails(msgspec.Struct, frozen=True, gc=False):
    minutes: int


class NightDetails(msgspec.Struct, frozen=True, gc=False):
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


def whole(show: Callable[[WholeProductRow], Any]) -> BatchFunction:
    """The batch function of a field that shows what cards in lists do not: products of lists are read once more."""

    async def shown(products: Sequence[ProductRow], loads: Loads) -> list[Any]:
        lacking = [product.id for product in products if not isinstance(product, WholeProductRow)]
        brought = iter(await loads.many(products_by_id, lacking))
        rows = [
            product if isinstance(product, WholeProductRow) else found("product", next(brought)) for product in products
        ]
        return [row if isinstance(row, NotFound) else show(row) for row in rows]

    return shown


def media(product: WholeProductRow) -> list[Media]:
    return [Media(**item) for item in product.media]


def details(product: WholeProductRow) -> Details | None:
    type_ = _DETAILS.get(product.kind)
    return type_(**{name: product.details[name] for name in type_.__struct_fields__}) if type_ else None


async def promotions_of(products: Sequence[ProductRow]) -> list[PromotionTag | None]:
    return [None if product.promotion_kind is None else PromotionTag(product) for product in products]


async def shops_of(products: Sequence[ProductRow]) -> list[ShopKey]:
    return [ShopKey(product.shop_id) for product in products]


async def categories_of(products: Sequence[ProductRow], loads: Loads) -> list[CategoryRow | None]:
    return await loads.many(categories_by_id, [product.category_id for product in products])


async def shelves_of(products: Sequence[ProductRow], loads: Loads) -> list[ShopCategoryRow | None]:
    ids = [product.shop_category_id for product in products]
    shelves = await loads.many(shelves_by_id, [id_ for id_ in ids if id_])
    by_id = {shelf.id: shelf for shelf in shelves if shelf}
    return [by_id.get(id_ or "") for id_ in ids]
