"""Answers for categories: the platform's tree, the sections that are recommended from it, the shelves of shops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.errors import NotFound
from kit.page import Connection, Page
from kit.viewer import Viewer
from models.products.reads import categories as reads
from models.products.rows import CategoryRow, SectionRow, ShopCategoryRow
from models.reading import cut
from resolvers.context import Loads
from resolvers.keys import ById, found, ids_of
from resolvers.lists import owned, shown
from resolvers.products.keys import Representations, ShopKey

__all__ = ["CategoryRow", "SectionRow", "ShopCategoryRow"]


async def categories_by_key(keys: Representations, loads: Loads) -> list[CategoryRow | None]:
    return await loads.many(reads.categories_by_id, ids_of(keys))


async def shelves_by_key(keys: Representations, loads: Loads) -> list[ShopCategoryRow | None]:
    return await loads.many(reads.shelves_by_id, ids_of(keys))


async def category(roots: Sequence[Any], args: ById, loads: Loads) -> list[CategoryRow | NotFound]:
    return [found("category", await loads.one(reads.categories_by_id, args.id))] * len(roots)


async def roots_of_tree(roots: Sequence[Any], args: Page, loads: Loads) -> list[Connection[SectionRow]]:
    return await _lists([reads.Children(None)], args, loads) * len(roots)


async def children_of(categories: Sequence[CategoryRow], args: Page, loads: Loads) -> list[Connection[SectionRow]]:
    return await _lists([reads.Children(category.id) for category in categories], args, loads)


async def parents_of(categories: Sequence[CategoryRow], loads: Loads) -> list[CategoryRow | None]:
    ids = [category.parent_id for category in categories]
    found = await loads.many(reads.categories_by_id, [id_ for id_ in ids if id_])
    by_id = {parent.id: parent for parent in found if parent}
    return [by_id.get(id_ or "") for id_ in ids]


async def sections(roots: Sequence[Any], args: Page, viewer: Viewer, loads: Loads) -> list[Connection[SectionRow]]:
    return await _lists([reads.Recommended(viewer.member_id)], args, loads) * len(roots)


async def themselves(sections: Sequence[SectionRow]) -> list[SectionRow]:
    """The category of a section is the same row."""
    return list(sections)


async def shelves_of(shops: Sequence[ShopKey], args: Page, loads: Loads) -> list[Connection[ShopCategoryRow]]:
    return await owned(reads.SHELVES, [shop.id for shop in shops], args, loads)


async def _lists(lists: Sequence[reads.CategoryList], page: Page, loads: Loads) -> list[Connection[SectionRow]]:
    pages = await loads.many(reads.category_pages, [(wanted, cut(wanted.order, page)) for wanted in lists])
    return [
        shown(rows, page, wanted.order, reads.count_categories, wanted)
        for wanted, rows in zip(lists, pages, strict=True)
    ]
