"""Answers for products one by one, and for lists of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from kit.errors import NotFound
from kit.page import Connection, Page
from models.filtering import Match, Matches
from models.products.reads import listings as reads
from models.products.reads.categories import leaves_below
from models.products.rows import CategoryRow, ProductRow, SectionRow, ShopCategoryRow
from models.reading import cut
from resolvers.context import Loads
from resolvers.keys import ById, found, ids_of
from resolvers.lists import shown
from resolvers.products.keys import Representations, ShopKey

__all__ = ["ProductRow"]


@dataclass(frozen=True, slots=True)
class ProductsPage(Page):
    where: Matches | None = None


async def products_by_key(keys: Representations, loads: Loads) -> list[ProductRow | None]:
    return await loads.many(reads.products_by_id, ids_of(keys))


async def product(roots: Sequence[Any], args: ById, loads: Loads) -> list[ProductRow | NotFound]:
    return [found("product", await loads.one(reads.products_by_id, args.id))] * len(roots)


async def products(roots: Sequence[Any], args: ProductsPage, loads: Loads) -> list[Connection[ProductRow]]:
    return await _lists([await _listing(args.where or (), loads)], args, loads) * len(roots)


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


async def products_of_shops(shops: Sequence[ShopKey], args: ProductsPage, loads: Loads) -> list[Connection[ProductRow]]:
    matches = await _with_leaves(args.where or (), loads)
    return await _lists([reads.Listing("shop_id", (shop.id,), matches) for shop in shops], args, loads)


async def _listing(where: Matches, loads: Loads) -> reads.Listing:
    """Walks the index that fits: of the shops, else of the categories' leaves, else of the kinds."""
    matches = await _with_leaves(where, loads)
    for column in ("shop_id", "category_id", "kind"):
        for match in matches:
            if match.column == column:
                return reads.Listing(column, match.values, tuple(other for other in matches if other is not match))
    return reads.Listing(reads.EVERYTHING.column, reads.EVERYTHING.values, matches)


async def _with_leaves(where: Matches, loads: Loads) -> Matches:
    """The matches, a category's as one of the leaves below it: products stand on leaves."""
    return tuple([await _leaves(match, loads) if match.column == "category_id" else match for match in where])


async def _leaves(match: Match, loads: Loads) -> Match:
    below = await loads.many(leaves_below, match.values)
    return replace(match, values=tuple(dict.fromkeys(leaf for leaves in below for leaf in leaves)))


async def _lists(listings: Sequence[reads.Listing], page: Page, loads: Loads) -> list[Connection[ProductRow]]:
    wanted = cut(reads.BEST_FIRST, page)
    pages = await loads.many(reads.product_pages, [(listing, wanted) for listing in listings])
    return [
        shown(rows, page, reads.BEST_FIRST, reads.count_products, listing)
        for listing, rows in zip(listings, pages, strict=True)
    ]
