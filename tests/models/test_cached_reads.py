"""What is cached: nothing of a person, by keys alone, and told of by every table that it is made of."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from kit.cache import MISSING, Shelf
from models.base import Row
from models.cached import CACHE, SECOND, declared
from models.content import reads as content
from models.feeds import Feed, Part, equal
from models.orders import reads as orders
from models.products.reads import categories, listings, offers, skus
from models.reading import NOW, Cut, OwnedRows
from models.shops import reads as shops
from models.states import EntryKind, EntryState, PromotionKind
from subgraphs.mall import SUBGRAPHS
from tests.support.statements import counted_statements, domain_of_table, models_of

PAGE = Cut(None, 3)
NOTES = content.Shelf(EntryKind.NOTE, EntryState.PUBLISHED, running=True)
OF_PRODUCT = content.Owned("product_id", NOTES)
GROUPS = offers.Running(PromotionKind.GROUP_BUY)
TEA = listings.Listing("category_id", ("cat_a",))
ROOTS = categories.Children(None)

KEYS: dict[Any, Sequence[Any]] = {
    content.lists_of_entries: [content.EntryList(content.Shelf(EntryKind.BANNER, EntryState.PUBLISHED), PAGE)],
    content.owned_entries: [((OF_PRODUCT, PAGE), "prd_a")],
    content.count_owned: [(OF_PRODUCT, "prd_a")],
    content.count_shelves: [NOTES],
    content.entries_by_id: ["nte_a"],
    orders.available_of: ["sku_a"],
    orders.standings_of: ["pit_a"],
    orders.offers_to_take: [PAGE],
    orders.count_offers: [NOW],
    orders.offers_by_id: ["cof_a"],
    categories.category_pages: [(ROOTS, PAGE), (categories.Recommended(None), PAGE)],
    categories.count_categories: [ROOTS, categories.Recommended(None)],
    categories.categories_by_id: ["cat_a"],
    categories.shelves_by_id: ["sct_a"],
    categories.leaves_below: ["cat_a"],
    listings.product_pages: [(TEA, PAGE)],
    listings.count_products: [TEA],
    listings.products_by_id: ["prd_a"],
    offers.offer_pages: [(GROUPS, PAGE)],
    offers.count_offers: [GROUPS],
    offers.offers_by_id: ["pit_a"],
    skus.skus_by_id: ["sku_a"],
    shops.shops_by_id: ["shp_a"],
    shops.branches_by_id: ["brn_a"],
    shops.branches_near: [shops.Near(31_000_000, 121_000_000, 30, 190, PAGE)],
}
"""Keys for each cached read."""
for feed in (shops.SHOPS, orders.GROUPS, offers.PROMOTIONS):
    KEYS |= {feed.pages: [Part(equal(id="x"), PAGE)], feed.counts: [equal(id="x")]}
for lists in (orders.STOCK, categories.SHELVES, skus.SKUS, skus.PRICES, shops.BRANCHES):
    KEYS |= {lists.pages: [(PAGE, "x")], lists.counts: ["x"]}

TABLES: dict[str, type[Row]] = {
    model._meta.db_table: model for name in SUBGRAPHS for model in models_of(name) if issubclass(model, Row)
}
PERSON = {"member_id", "person_id", "actor_id"}
"""Columns that say whose a row is."""
PERSONAL = {
    name for name, model in TABLES.items() if PERSON & {*model._meta.fields} or domain_of_table()[name] == "members"
}
"""Tables of which every row is a person's."""
PUBLIC_ANYWAY = {"BranchRow.phone", "BranchRow.address"}
"""A shop's own, on its door."""
PRIVATE = re.compile(
    r"member_id|by_me|person|phone|address|street|receiver|sealed|hash|secret|latitude_of|id_number|bank"
)


def name_of(read: Any) -> str:
    owner = getattr(read, "__self__", None)
    return f"{owner.table}.{read.__name__}" if owner else f"{read.__module__}.{read.__name__}"


def shelf_of(read: Any) -> Shelf[Any, Any]:
    return declared()[read]


CASES = pytest.mark.parametrize("read", declared(), ids=name_of)


@CASES
def test_a_cached_read_gets_keys_and_nothing_else(read: Any) -> None:
    (keys,) = inspect.signature(read).parameters.values()
    assert keys.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    assert read in KEYS


@pytest.mark.usefixtures("database", "noon")
@CASES
async def test_a_cached_read_looks_at_the_tables_that_it_declares_and_at_no_persons(read: Any) -> None:
    with counted_statements() as statements:
        await read(KEYS[read])
    words = {table for text in statements.texts for table in re.findall(r"\b(?:FROM|JOIN)\s+([a-z_]+)", text)}
    shelf = shelf_of(read)
    assert words & {*TABLES} == {*shelf.by, *shelf.also}
    assert not words & PERSONAL


@CASES
def test_what_a_cached_read_is_made_of_is_told_by_the_columns_that_it_is_known_by(read: Any) -> None:
    shelf = shelf_of(read)
    assert {table for table, column in shelf.by.items() if column not in TABLES[table].told_by} == set()
    assert {table for table in shelf.also if not TABLES[table].told_by} == set()
    untold = {column for table in {*shelf.by, *shelf.also} for column in TABLES[table].untold}
    assert not untold or shelf.max_age <= SECOND


def test_only_what_some_cache_holds_is_told() -> None:
    held = {table for shelf in declared().values() for table in {*shelf.by, *shelf.also}}
    assert {name for name, model in TABLES.items() if model.told_by} == held
    by_column = {(table, column) for shelf in declared().values() for table, column in shelf.by.items()}
    spare = {(name, column) for name, model in TABLES.items() for column in model.told_by} - by_column
    assert {column for _, column in spare} <= {"id"}


def fields_of(kind: Any) -> Iterator[str]:
    """`Row.field` of every field of every row in a type, through lists, unions and rows in rows."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        for name, inner in get_type_hints(kind).items():
            yield f"{kind.__name__}.{name}"
            yield from fields_of(inner) if kind not in get_args(inner) else ()
    else:
        for inner in get_args(kind):
            yield from fields_of(inner)


def rows_of(read: Any) -> Any:
    owner = getattr(read, "__self__", None)
    return list[owner.row] if isinstance(owner, Feed | OwnedRows) else get_type_hints(read)["return"]


def personal_fields(kind: Any) -> set[str]:
    return {field for field in fields_of(kind) if PRIVATE.search(field.split(".")[1])} - PUBLIC_ANYWAY


@CASES
def test_a_cached_row_has_no_personal_column(read: Any) -> None:
    assert personal_fields(rows_of(read)) == set()


def test_a_personal_column_would_be_seen() -> None:
    assert personal_fields(list[list[orders.CouponRow | None]]) == {"CouponRow.member_id"}
    assert personal_fields(list[orders.CountedOfferRow]) == {"CountedOfferRow.taken_by_me"}
    assert personal_fields(list[offers.OfferRow]) == set()
    assert "ProductRow.price" in {*fields_of(list[offers.OfferRow | None])}
    assert {"coupon", "shop_order", "staff", "member", "affinity", "group_place"} <= PERSONAL


def test_no_read_of_a_persons_rows_is_cached() -> None:
    own = (orders.ORDERS, orders.COUPONS, orders.LINES, orders.TRADES, shops.STAFF)
    assert {name_of(read) for lists in own for read in (lists.pages, lists.counts) if read in declared()} == set()


async def test_what_a_member_likes_is_refused_by_the_cache() -> None:
    mine, everybodys = categories.Recommended("mbr_a"), categories.Recommended(None)
    pages, counts = shelf_of(categories.category_pages), shelf_of(categories.count_categories)

    async def read(keys: Sequence[Any]) -> list[str]:
        return ["row" for _ in keys]

    CACHE.bound(100, 10**6)
    CACHE.trust(monotonic() + 100)
    await pages.through(read, [(mine, PAGE), (everybodys, PAGE)])
    await counts.through(read, [mine, everybodys])
    assert pages.look([(mine, PAGE), (everybodys, PAGE)]) == [MISSING, "row"]
    assert counts.look([mine, everybodys]) == [MISSING, "row"]
    CACHE.distrust()
