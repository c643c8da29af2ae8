"""Answers for products one by one, and for lists of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kit.errors import Invalid, NotFound
from kit.page import Connection, Page
from models.products.reads import listings as reads
from models.products.reads.categories import leaves_below
from models.products.rows import CategoryRow, ProductRow, SectionRow, ShopCategoryRow
from models.reading import cut
from models.states import ProductKind
from resolvers.context import Loads
from resolvers.keys import ById, found, ids_of
from resolvers.lists import shown
from resolvers.products.keys import Representations, ShopKey

__all__ = ["ProductRow"]


class PriceRange(Protocol):
    """Minor units; None is no bound."""

    min: int | None
    max: int | None


class Wanted(Protocol):
    """Which products a list is about: what is not None must hold."""

    category: str | None
    shop: str | None
    kind: ProductKind | None
    price: PriceRange | None


@dataclass(frozen=True, slots=True)
class ProductsPage(Page):
    where: Wanted | None = None


async def products_by_key(keys: Representations, loads: Loads) -> list[ProductRow | None]:
    return await loads.many(reads.products_by_id, ids_of(keys))


async def product(roots: Sequence[Any], args: ById, loads: Loads) -> list[ProductRow | NotFound]:
    return [found("product", await loads.one(reads.products_by_id, args.id))] * len(roots)


async def products(roots: Sequence[Any], args: ProductsPage, loads: Loads) -> list[Connection[ProductRow]]:
    listing = await _listing(args.where, loads) if args.where else reads.EVERYTHING
    return await _lists([listing], Page(args.first, args.after), loads) * len(roots)


async def products_of_sections(
    sections: Sequence[SectionRow], args: Page, loads: Loads
) -> list[Connection[ProductRow]]:
    return await _lists([reads.Listing("category_id", (section.id,)) for section in sections], args, loads)


async def products_of_categories(
    categories: Sequence[CategoryRow], args: Page, loads: Loads
) -> list[Connection[ProductRow]]:
    leaves = await loads.many(leaves_below, [category.id for category in categories])
    return await _lists([reads.Listing("category_id", below) for below in leaves], args, loads)


async def products_of_shelves(
    shelves: Sequence[ShopCategoryRow], args: Page, loads: Loads
) -> list[Connection[ProductRow]]:
    return await _lists([reads.Listing("shop_category_id", (shelf.id,)) for shelf in shelves], args, loads)


async def products_of_shops(shops: Sequence[ShopKey], args: Page, loads: Loads) -> list[Connection[ProductRow]]:
    return await _lists([reads.Listing("shop_id", (shop.id,)) for shop in shops], args, loads)


async def _listing(where: Wanted, loads: Loads) -> reads.Listing:
    """Walks the index that fits: of the shop, else of the category's leaves, else of the kind."""
    low, high = (where.price.min, where.price.max) if where.price else (None, None)
    if low is not None and high is not None and low > high:
        raise Invalid("products.price", f"price.min {low} is above price.max {high}")
    kind = where.kind.value if where.kind else None
    leaves = await loads.one(leaves_below, where.category) if where.category is not None else None
    if where.shop is not None:
        return reads.Listing("shop_id", (where.shop,), leaves, kind, low, high)
    if leaves is not None:
        return reads.Listing("category_id", leaves, None, kind, low, high)
    kinds = (kind,) if kind else reads.EVERYTHING.values
    return reads.Listing("kind", kinds, min_price=low, max_price=high)


async def _lists(listings: Sequence[reads.Listing], page: Page, loads: Loads) -> list[Connection[ProductRow]]:
    wanted = cut(reads.BEST_FIRST, page)
    pages = await loads.many(reads.product_pages, [(listing, wanted) for listing in listings])
    return [
        shown(rows, page, reads.BEST_FIRST, reads.count_products, listing)
        for listing, rows in zip(listings, pages, strict=True)
    ]
