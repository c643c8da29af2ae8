"""Reads of categories: the platform's tree, what of it a member likes, and the shelves of shops."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

import msgspec

from models.cached import MINUTE, SECOND, cached, cached_lists
from models.products.reads.parts import Sql, by_chunks, by_part, counts, page_of, together
from models.products.rows import CategoryRow, SectionRow, ShopCategoryRow
from models.reading import Cut, Order, OwnedRows, by_id, fetch, grouped, marks
from models.states import ProductState

SHELVES = OwnedRows("products", "shop_category", "shop_id", ShopCategoryRow, Order(ShopCategoryRow, ("position", "id")))
cached_lists(SHELVES, max_age=MINUTE)
BY_POSITION = Order(CategoryRow, ("position", "id"))
BEST_LIKED = Order(SectionRow, ("weight", "popularity", "id"), descending=True)


class Children(msgspec.Struct, frozen=True, gc=False):
    """The categories right under `parent`; the roots where that is None."""

    parent: str | None

    order = BY_POSITION

    def source(self) -> Sql:
        under = "c.parent_id IS NULL" if self.parent is None else "c.parent_id = ?"
        return Sql(f"(SELECT c.*, 0 AS weight FROM category c WHERE {under}) c WHERE 1 = 1", self._values())

    def _values(self) -> tuple[str, ...]:
        return () if self.parent is None else (self.parent,)


class Recommended(msgspec.Struct, frozen=True, gc=False):
    """Categories that have something listed, as `member_id` likes them; a guest likes what others buy."""

    member_id: str | None

    order = BEST_LIKED

    def source(self) -> Sql:
        liking, whose = "0", ""
        if self.member_id is not None:
            liking = "COALESCE(a.weight, 0)"
            whose = " LEFT JOIN affinity a ON a.member_id = ? AND a.category_id = c.id"
        text = (
            f"(SELECT c.*, {liking} AS weight FROM category c{whose}"
            " WHERE EXISTS (SELECT 1 FROM product p WHERE p.category_id = c.id AND p.state = ?)) c WHERE 1 = 1"
        )
        return Sql(text, (*([self.member_id] if self.member_id is not None else ()), ProductState.LISTED.value))


CategoryList = Children | Recommended


def _is_public(wanted: CategoryList) -> bool:
    """Whether everybody gets the same: what a member likes is their own."""
    return not isinstance(wanted, Recommended) or wanted.member_id is None


@cached(also=("category", "product"), max_age=SECOND, accepts=lambda key: _is_public(key[0]))
async def category_pages(keys: Sequence[tuple[CategoryList, Cut]]) -> list[list[SectionRow]]:
    """A page of each list of categories. The tree is small; products are looked up by index."""
    return await by_chunks(_pages, keys)


async def _pages(keys: Sequence[tuple[CategoryList, Cut]]) -> list[list[SectionRow]]:
    columns = SectionRow.columns("c")
    pages = together(page_of(columns, wanted.source(), wanted.order, cut) for wanted, cut in keys)
    rows = await fetch("products", pages.text, pages.values)
    return by_part(rows, [wanted.order for wanted, _ in keys], SectionRow.read)


@cached(also=("category", "product"), max_age=SECOND, accepts=_is_public)
async def count_categories(lists: Sequence[CategoryList]) -> list[int]:
    return await counts([wanted.source() for wanted in lists])


@cached(by={"category": "id"}, max_age=SECOND)
async def categories_by_id(ids: Sequence[str]) -> list[CategoryRow | None]:
    return await by_id("products", "category", CategoryRow, ids)


@cached(by={"shop_category": "id"}, max_age=MINUTE)
async def shelves_by_id(ids: Sequence[str]) -> list[ShopCategoryRow | None]:
    return await by_id("products", "shop_category", ShopCategoryRow, ids)


@cached(also=("category",), max_age=SECOND)
async def leaves_below(ids: Sequence[str]) -> list[tuple[str, ...]]:
    """For each category the leaves of its branch, itself where it is a leaf; nothing for what is no category."""
    sql = (
        f"WITH RECURSIVE below AS (SELECT id AS top, id FROM category WHERE id IN ({marks(ids)})"
        " UNION ALL SELECT b.top, c.id FROM below b JOIN category c ON c.parent_id = b.id)"
        " SELECT b.top, b.id FROM below b"
        " WHERE NOT EXISTS (SELECT 1 FROM category c WHERE c.parent_id = b.id) ORDER BY b.id"
    )
    rows = await fetch("products", sql, ids)
    return [tuple(leaf for _, leaf in found) for found in grouped(ids, rows, itemgetter(0))]
