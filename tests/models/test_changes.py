"""What a transaction changed is read off its statements, put into the outbox with it, and dropped from the cache."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any

import pytest
from tortoise import connections
from tortoise.expressions import F, Q

from models import bulk
from models.base import connection_name, unit_of_work
from models.cached import CACHE
from models.changes import MOST_VALUES, Changes, Told, watch
from models.members.account import Member
from models.orders.news import OrdersOutbox
from models.orders.stock import Stock
from models.products.reads.categories import shelves_by_id
from models.products.tables import Product, ProductsOutbox, ShopCategory
from resolvers.context import Loads
from tests.factories import members as people
from tests.factories import orders, products
from tests.support.outboxes import changes


@pytest.fixture(autouse=True)
def watched() -> None:
    watch({"thing": Told("products", ("id", "owner_id"), frozenset({"seen", "rank"}))})


def noted(statement: str, *values: Any) -> Any:
    """What is told of a statement, in either dialect."""
    told = []
    for text in (statement, statement.replace('"', "`").replace("?", "%s")):
        found = Changes()
        found.note(text, [values])
        told.append([change.changed["thing"] for change in found.taken()])
    assert told[0] == told[1]
    return told[0][0] if told[0] else None


@pytest.mark.parametrize(
    ("statement", "values", "told"),
    [
        ('INSERT INTO "thing" ("id","owner_id","x") VALUES (?,?,?)', "a o 1", {"id": ["a"], "owner_id": ["o"]}),
        ('UPDATE "thing" SET "x"=? WHERE "id"=?', "1 a", {"id": ["a"], "owner_id": None}),
        ('UPDATE "thing" SET "x"="x"+? WHERE "id"=? AND "x"<"y"', "1 a", {"id": ["a"], "owner_id": None}),
        ('UPDATE "thing" SET "x"=? WHERE "y"=? AND "id" IN (?,?)', "1 2 a b", {"id": ["a", "b"], "owner_id": None}),
        ("UPDATE thing SET x = ? WHERE thing.id = ? AND owner_id = ?", "1 a o", {"id": ["a"], "owner_id": ["o"]}),
        ('UPDATE "thing" SET "x"=? WHERE "id"=? ORDER BY "x" ASC LIMIT ?', "1 a 1", {"id": ["a"], "owner_id": None}),
        ('DELETE FROM "thing" WHERE "id"=?', "a", {"id": ["a"], "owner_id": None}),
        ('UPDATE "thing" SET "x"=? WHERE "id"=? AND NOT ("y"=? OR "z"=?)', "1 a 2 3", {"id": ["a"], "owner_id": None}),
        ('UPDATE "thing" SET "seen"=?,"x"=? WHERE "id"=?', "1 2 a", {"id": ["a"], "owner_id": None}),
    ],
)
def test_a_statement_that_names_its_rows_tells_which(statement: str, values: str, told: dict[str, Any]) -> None:
    assert noted(statement, *values.split()) == told


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE "thing" SET "x"=?',
        'UPDATE "thing" SET "x"=? WHERE "id"=? OR "x"=?',
        'UPDATE "thing" SET "x"=? WHERE NOT "id"=?',
        'UPDATE "thing" SET "x"=? WHERE "id">?',
        'UPDATE "thing" SET "x"=? WHERE "y" IN (SELECT "id" FROM "other" WHERE "id"=?)',
        'UPDATE "thing" SET "x"=? WHERE "other"."id"=?',
        'UPDATE "thing" SET "x"=? WHERE "x" BETWEEN ? AND "id"=?',
        'UPDATE "thing" SET "id"=?,"owner_id"=? WHERE "id"=? AND "owner_id"=?',
        'UPDATE "thing" JOIN "other" ON 1=1 SET "x"=? WHERE "id"=?',
        'UPDATE "thing" SET "seen"=?, "x"=GREATEST("x", ?)',
        "UPDATE thing SET x = '?' WHERE id = ?",
        'DELETE FROM "thing"',
        'DELETE FROM "thing" USING "other" WHERE "id"=?',
        'TRUNCATE TABLE "thing"',
        'REPLACE INTO "thing" ("id","owner_id") VALUES (?,?)',
        'INSERT INTO "thing" ("id","owner_id") SELECT "id","owner_id" FROM "other"',
        'INSERT INTO "thing" ("id","owner_id") VALUES (?,?) ON DUPLICATE KEY UPDATE "x"=1',
        'INSERT INTO "thing" ("id","owner_id") VALUES (?,?),(?,?)',
        'WITH a AS (SELECT 1) UPDATE "thing" SET "x"=? WHERE "id"=?',
        'UPDATE "other" SET "x"=? WHERE "id"=?; DELETE FROM "thing" WHERE "id"=?',
    ],
)
def test_a_statement_that_does_not_tells_that_any_may_have_changed(statement: str) -> None:
    assert noted(statement, *"123456") == {"id": None, "owner_id": None}


@pytest.mark.parametrize(
    "statement",
    [
        'SELECT * FROM "thing" WHERE "id"=? FOR UPDATE',
        'UPDATE "other" SET "x"=? WHERE "id"=?',
        'UPDATE "thing" SET "seen"="seen"+?,"rank"=? WHERE "id"=?',
        'WITH a AS (SELECT * FROM "thing" WHERE "id"=?) SELECT * FROM a',
    ],
)
def test_of_reads_other_tables_and_what_follows_from_facts_nothing_is_told(statement: str) -> None:
    assert noted(statement, *"123") is None


def test_a_transaction_tells_all_of_its_statements_as_one() -> None:
    found = Changes()
    for statement, values in (
        ('UPDATE "thing" SET "x"=? WHERE "id"=?', ["1", "b"]),
        ('INSERT INTO "thing" ("id","owner_id") VALUES (?,?)', ["a", "o"]),
    ):
        found.note(statement, [values])
    assert [(one.domain, one.changed) for one in found.taken()] == [
        ("products", {"thing": {"id": ["a", "b"], "owner_id": None}})
    ]
    assert found.taken() == []


def test_too_many_rows_are_any_rows() -> None:
    found = Changes()
    found.note('INSERT INTO "thing" ("id","owner_id") VALUES (?,?)', [[n, "o"] for n in range(MOST_VALUES + 1)])
    assert found.taken()[0].changed == {"thing": {"id": None, "owner_id": ["o"]}}


async def told() -> list[dict[str, Any]]:
    """What the outbox of products tells, and forgets."""
    rows = [row.body for row in await changes(ProductsOutbox).order_by("id")]
    await changes(ProductsOutbox).delete()
    return rows


SHELF = {"id": "sct_a", "shop_id": "shp_a", "name": "新茶", "position": 1}


async def raw_update() -> None:
    connection = connections.get(connection_name("products"))
    mark = "?" if connection.capabilities.dialect == "sqlite" else "%s"
    await connection.execute_query(f"UPDATE shop_category SET name = {mark} WHERE id = {mark}", ["茶", "sct_a"])


async def saved() -> None:
    shelf = await ShopCategory.get(id="sct_a")
    shelf.name = "茶"
    await shelf.save()


async def deleted() -> None:
    await (await ShopCategory.get(id="sct_a")).delete()


async def bulk_created() -> None:
    await ShopCategory.bulk_create([ShopCategory(**SHELF | {"id": f"sct_{n}"}) for n in "bc"])


async def inserted() -> None:
    await bulk.insert(ShopCategory, [SHELF | {"id": f"sct_{n}"} for n in "bc"])


WRITES: dict[str, tuple[Callable[[], Awaitable[Any]], list[str] | None]] = {
    "create": (lambda: ShopCategory.create(**SHELF | {"id": "sct_b"}), ["sct_b"]),
    "save": (saved, ["sct_a"]),
    "update": (lambda: ShopCategory.filter(id="sct_a").update(position=F("position") + 1), ["sct_a"]),
    "update of several": (lambda: ShopCategory.filter(shop_id="shp_a").update(position=2), None),
    "update of one of several": (lambda: ShopCategory.filter(Q(id="sct_a") | Q(name="x")).update(position=2), None),
    "delete": (lambda: ShopCategory.filter(id__in=["sct_a"]).delete(), ["sct_a"]),
    "delete of one": (deleted, ["sct_a"]),
    "bulk_create": (bulk_created, ["sct_b", "sct_c"]),
    "bulk.insert": (inserted, ["sct_b", "sct_c"]),
    "bulk.clear": (lambda: bulk.clear([ShopCategory]), None),
    "a statement by hand": (raw_update, ["sct_a"]),
}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("name", WRITES)
async def test_every_way_to_write_a_table_that_caches_hold_tells_of_it(name: str) -> None:
    await ShopCategory.create(**SHELF)
    await told()
    write, ids = WRITES[name]
    await write()
    assert await told() == [{"shop_category": {"id": ids}}]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("name", [name for name in WRITES if name != "bulk.clear"])
async def test_a_unit_of_work_tells_of_all_its_writes_with_one_row(name: str) -> None:
    await ShopCategory.create(**SHELF)
    await told()
    write, ids = WRITES[name]
    async with unit_of_work("products"):
        await write()
        await ShopCategory.create(**SHELF | {"id": "sct_z"})
    assert await told() == [{"shop_category": {"id": ids and sorted([*ids, "sct_z"])}}]


@pytest.mark.usefixtures("database")
async def test_what_matches_nothing_fails_or_is_rolled_back_is_not_told() -> None:
    await ShopCategory.create(**SHELF)
    await told()
    async with unit_of_work("products"):
        await ShopCategory.filter(id="sct_none").update(name="x")
    with suppress(ZeroDivisionError):
        async with unit_of_work("products"):
            await ShopCategory.filter(id="sct_a").update(name="x")
            raise ZeroDivisionError
    assert await told() == []


@pytest.mark.usefixtures("database")
async def test_what_no_cache_holds_is_not_told_nor_are_units_sold() -> None:
    await people.member()
    await products.product(id="prd_a")
    await told()
    await Product.filter(id="prd_a").update(sales=F("sales") + 1, score=7)
    assert await told() == []
    assert Member.told_by == ()


@pytest.fixture
async def trusted_cache(database: Any) -> AsyncIterator[None]:
    CACHE.bound(1_000, 10**9)
    CACHE.trust(monotonic() + 1_000)
    yield
    CACHE.distrust()


async def names(ids: Sequence[str]) -> list[str | None]:
    return [shelf and shelf.name for shelf in await Loads().many(shelves_by_id, ids)]


@pytest.mark.usefixtures("trusted_cache")
async def test_a_committed_write_is_dropped_here_at_once_and_an_open_one_is_not() -> None:
    await ShopCategory.create(**SHELF)
    assert await names(["sct_a"]) == ["新茶"]
    async with unit_of_work("products"):
        await ShopCategory.filter(id="sct_a").update(name="茶")
        assert await names(["sct_a"]) == ["茶"]  # who writes sees what he wrote
    assert await names(["sct_a"]) == ["茶"]


@pytest.mark.usefixtures("database")
async def test_stock_is_told_by_its_sku_where_the_statement_names_it() -> None:
    row = await orders.stock("sku_a", on_hand=3)
    await changes(OrdersOutbox).delete()
    async with unit_of_work("orders"):
        await Stock.filter(id=row.id, sku_id="sku_a", held__lte=1).update(on_hand=7)
    async with unit_of_work("orders"):
        await Stock.filter(id=row.id).update(on_hand=8)
    bodies = [told.body for told in await changes(OrdersOutbox).order_by("id")]
    assert bodies == [{"stock": {"sku_id": ["sku_a"]}}, {"stock": {"sku_id": None}}]
