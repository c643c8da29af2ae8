"""Reads of products: one by one, and as lists of the best score first."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import msgspec

from models.cached import SECOND, cached
from models.feeds import MOST_PARTS
from models.filtering import Matches
from models.products.reads.parts import Sql, by_chunks, by_part, counts, page_of, together
from models.products.rows import ProductRow, WholeProductRow
from models.reading import NOW, Cut, Order, fetch, in_order, marks
from models.states import ProductKind, ProductState, PromotionKind

BEST_FIRST = Order(ProductRow, ("score", "id"), descending=True)

ITEM_KINDS = (PromotionKind.DISCOUNT.value, PromotionKind.FLASH_SALE.value, PromotionKind.PRESALE.value)
"""Promotions whose price one buyer can have; a group-buy's needs a group."""
SHOP_KINDS = (PromotionKind.SPEND_AND_SAVE.value, PromotionKind.DISCOUNT.value)
"""Promotions that can hold for a whole shop."""

_JOINED = {
    "promotion_kind": "COALESCE(i.kind, w.kind)",
    "promotion_label": "COALESCE(i.label, w.label)",
    "promotion_price": "i.price",
    "promotion_ends_at": "COALESCE(i.ends_at, w.ends_at)",
}


def _columns(row: type[ProductRow]) -> str:
    return ", ".join(_JOINED.get(name, f"p.{name}") for name in row.__struct_fields__)


PRODUCT_COLUMNS = _columns(ProductRow)
"""The columns of a ProductRow from `product p` with `PROMOTION_JOINS`."""
_WHOLE_COLUMNS = _columns(WholeProductRow)


def _promotion_joins() -> Sql:
    active = "b.ends_at > ? AND b.starts_at <= ?"
    item = (
        f"SELECT b.id FROM promotion_item b WHERE b.product_id = p.id AND {active}"
        f" AND b.kind IN ({marks(ITEM_KINDS)}) ORDER BY b.price, b.id LIMIT 1"
    )
    wide = (
        f"SELECT b.id FROM promotion b WHERE b.shop_id = p.shop_id AND b.shop_wide = ? AND {active}"
        f" AND b.kind IN ({marks(SHOP_KINDS)}) ORDER BY b.ends_at, b.id LIMIT 1"
    )
    text = f" LEFT JOIN promotion_item i ON i.id = ({item}) LEFT JOIN promotion w ON w.id = ({wide})"
    return Sql(text, (NOW, NOW, *ITEM_KINDS, True, NOW, NOW, *SHOP_KINDS))


PROMOTION_JOINS = _promotion_joins()
"""Joins to `product p` its best promotion now: its cheapest item, else the first to end of its whole shop.

Each sub-select walks an index of the few promotions of one product or shop.
"""


class Listing(msgspec.Struct, frozen=True, gc=False):
    """Listed products whose `column` has one of `values`, and that pass the matches."""

    column: str
    values: tuple[str, ...]
    matches: Matches = ()

    @property
    def parts(self) -> int:
        """How many parts its page is made of."""
        return len(self.values) if len(self.values) <= MOST_PARTS else 1

    def sources(self) -> list[Sql]:
        """A source for each value, as a list must walk one index range for each; very many are sorted as one."""
        if len(self.values) > MOST_PARTS:
            return [self.source()]
        conditions, values = self._filters()
        where = " AND ".join([f"product WHERE {self.column} = ? AND state = ?", *conditions])
        listed = ProductState.LISTED.value
        return [Sql(where, (value, listed, *values)) for value in self.values] or [Sql("product WHERE 1 = 0")]

    def source(self) -> Sql:
        """One source for all of it, for counting."""
        conditions, values = self._filters()
        where = " AND ".join([f"product WHERE {_one_of(self.column, self.values)} AND state = ?", *conditions])
        return Sql(where, (*self.values, ProductState.LISTED.value, *values))

    def _filters(self) -> tuple[list[str], list[Any]]:
        return [match.sql() for match in self.matches], [value for match in self.matches for value in match.values]


def _one_of(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({marks(values)})" if values else "1 = 0"


EVERYTHING = Listing("kind", tuple(kind.value for kind in ProductKind))


@cached(also=("product", "promotion", "promotion_item"), max_age=SECOND)
async def product_pages(keys: Sequence[tuple[Listing, Cut]]) -> list[list[ProductRow]]:
    """A page of each list: ids come from the index alone, then the rows of the pages are joined to them."""
    return await by_chunks(_pages, keys, lambda key: key[0].parts)


async def _pages(keys: Sequence[tuple[Listing, Cut]]) -> list[list[ProductRow]]:
    pages = together(_ids_of(listing, cut) for listing, cut in keys)
    joins = PROMOTION_JOINS
    sql = f"SELECT m.part, {PRODUCT_COLUMNS} FROM ({pages.text}) m JOIN product p ON p.id = m.id{joins.text}"
    rows = await fetch("products", sql, [*pages.values, *joins.values])
    return by_part(rows, [BEST_FIRST] * len(keys), ProductRow.read)


def _ids_of(listing: Listing, cut: Cut) -> Sql:
    parts = [page_of("id, score", source, BEST_FIRST, cut) for source in listing.sources()]
    if len(parts) == 1:
        return parts[0]
    merged = together(parts)
    return Sql(
        f"SELECT u.id, u.score FROM ({merged.text}) u ORDER BY u.score DESC, u.id DESC LIMIT ?",
        (*merged.values, cut.limit),
    )


@cached(also=("product",), max_age=SECOND)
async def count_products(listings: Sequence[Listing]) -> list[int]:
    return await counts([listing.source() for listing in listings])


@cached(by={"product": "id", "promotion_item": "product_id"}, also=("promotion",), max_age=SECOND)
async def products_by_id(ids: Sequence[str]) -> list[WholeProductRow | None]:
    """The listed product of each id: a draft or a withdrawn one is as good as none."""
    joins = PROMOTION_JOINS
    sql = f"SELECT {_WHOLE_COLUMNS} FROM product p{joins.text} WHERE p.id IN ({marks(ids)}) AND p.state = ?"
    rows = await fetch("products", sql, [*joins.values, *ids, ProductState.LISTED.value])
    return in_order(ids, map(WholeProductRow.read, rows), attrgetter("id"))
