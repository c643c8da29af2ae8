"""A shop's own catalogue: good rows land, bad rows are named, a second run changes nothing."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import orjson
import pytest

from jobs.import_catalogue import Report, import_catalogue
from kit import clock
from kit.errors import Invalid, NotFound
from kit.settings import Settings
from models.base import unit_of_work
from models.orders.stock import Stock
from models.products.tables import PriceChange, Product, ShopCategory, Sku
from models.shops.tables import Branch
from models.states import ProductKind, ProductState, Trade
from services.products.ranking import PRIOR_RATING, score_of
from tests.factories import products as make
from tests.factories import shops as make_shop
from tests.support.moments import HOUR, NOON

ROOT = Path(__file__).parents[2]
HEADER = "code,name,subtitle,category,shop_category,kind,price,list_price,image,tags,origin,sku_code,options,stock\n"
APPLES = (
    "A1,洛川苹果,当季新果,食品生鲜/水果,今日鲜到,,12.90,15.9,https://img.jishi.example/a.jpg,当季|坏果包赔,陕西洛川,A1-S,规格=500g,30\n"
    "A1,,,,,,23.5,,,,,A1-L,规格=1kg,8\n"
)
PEARS = "B1,库尔勒香梨,,水果,,GOODS,9.6,,,,,,,\n"


@pytest.fixture
async def shop(database: Settings, noon: None) -> str:
    """A fresh shop with two branches, and a category tree with the leaf 水果 under 食品生鲜."""
    found = await make_shop.shop(trade=Trade.FRESH)
    root = await make.category(name="食品生鲜")
    await make.category(name="水果", parent_id=root.id)
    for branch_id in ("brn_1", "brn_2"):
        await make_shop.branch(found.id, id=branch_id)
    return str(found.id)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.csv"


def write(file: Path, rows: str, encoding: str = "utf-8") -> None:
    file.write_bytes((HEADER + rows).encode(encoding))


async def bring(file: Path, shop_id: str, rows: str, *, encoding: str = "utf-8") -> Report:
    write(file, rows, encoding)
    return await import_catalogue(file, shop_id)


def told(report: Report) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in report.problems]


async def test_rows_of_one_code_become_one_product_with_its_skus(file: Path, shop: str) -> None:
    report = await bring(file, shop, APPLES)
    assert str(report) == ("2 rows: 1 products new, 0 changed, 0 unchanged; 2 prices and 2 stocks set; 0 rows refused")
    product = await Product.get(shop_id=shop, code="A1")
    shelf = await ShopCategory.get(shop_id=shop)
    assert (product.name, product.subtitle, product.origin, product.tags) == (
        "洛川苹果", "当季新果", "陕西洛川", ["当季", "坏果包赔"],
    )  # fmt: skip
    assert (product.kind, product.state, product.shop_category_id) == (
        ProductKind.WEIGHED,
        ProductState.LISTED,
        shelf.id,
    )
    assert (product.price, product.list_price, product.currency) == (1_290, 1_590, "CNY")
    assert product.media == [{"kind": "IMAGE", "url": "https://img.jishi.example/a.jpg", "alt": "洛川苹果"}]
    assert (product.sales, product.rating, product.score) == (0, PRIOR_RATING, score_of(0, PRIOR_RATING, 0))
    assert (shelf.name, product.listed_at) == ("今日鲜到", NOON)
    skus = await Sku.filter(product_id=product.id).order_by("position")
    assert [(sku.code, sku.position, sku.price, sku.list_price, sku.options) for sku in skus] == [
        ("A1-S", 1, 1_290, 1_590, [{"name": "规格", "value": "500g"}]),
        ("A1-L", 2, 2_350, None, [{"name": "规格", "value": "1kg"}]),
    ]
    history = await PriceChange.filter(shop_id=shop).order_by("price")
    assert [(row.sku_id, row.price, row.at) for row in history] == [(sku.id, sku.price, NOON) for sku in skus]
    stock = await Stock.filter(shop_id=shop).order_by("on_hand")
    assert [(row.sku_id, row.branch_id, row.on_hand, row.held) for row in stock] == [
        (skus[1].id, "brn_1", 8, 0),
        (skus[0].id, "brn_1", 30, 0),
    ]


async def test_a_second_run_changes_nothing(file: Path, shop: str) -> None:
    await bring(file, shop, APPLES + PEARS)
    before = [await model.all().order_by("id").values() for model in (Product, Sku, PriceChange, Stock, ShopCategory)]
    with clock.at(NOON + HOUR):
        report = await bring(file, shop, APPLES + PEARS)
    assert str(report) == ("3 rows: 0 products new, 0 changed, 2 unchanged; 0 prices and 0 stocks set; 0 rows refused")
    after = [await model.all().order_by("id").values() for model in (Product, Sku, PriceChange, Stock, ShopCategory)]
    assert after == before


async def test_a_changed_price_goes_into_the_history_and_onto_the_product(file: Path, shop: str) -> None:
    await bring(file, shop, APPLES)
    with clock.at(NOON + HOUR):
        report = await bring(file, shop, APPLES.replace("12.90", "10").replace(",8\n", ",9\n"))
    assert (report.new, report.changed, report.prices, report.stock) == (0, 1, 1, 1)
    small = await Sku.get(shop_id=shop, code="A1-S")
    history = await PriceChange.filter(sku_id=small.id).order_by("at")
    assert [(row.price, row.at) for row in history] == [(1_290, NOON), (1_000, NOON + HOUR)]
    product = await Product.get(shop_id=shop, code="A1")
    assert (product.price, product.list_price) == (1_000, 1_590)


async def test_what_the_file_leaves_out_stays(file: Path, shop: str) -> None:
    await bring(file, shop, APPLES + PEARS)
    await Product.filter(code="B1").update(state=ProductState.WITHDRAWN, subtitle="皮薄汁多")
    report = await bring(file, shop, "B1,库尔勒香梨,,水果,,,8.8,,,,,,,\n")
    assert (report.new, report.changed, report.unchanged) == (0, 1, 0)
    pears = await Product.get(code="B1")
    assert (pears.kind, pears.state, pears.subtitle, pears.price) == (
        ProductKind.GOODS, ProductState.WITHDRAWN, "皮薄汁多", 880,
    )  # fmt: skip
    assert await Product.all().count() == 2


async def test_every_bad_row_is_named_and_good_rows_land(file: Path, shop: str) -> None:
    rows = [
        "C1,香梨,,水果,,,9.6,,,,,,,",
        ",无码,,水果,,,9.6,,,,,,,",
        f"C2,{'长' * 61},,水果,,,9.6,,,,,,,",
        "C3,哪里的,,水产,,,9.6,,,,,,,",
        "C4,贵,,水果,,DISH,9.666,9,ftp://x,,,,规格,-1",
        "C5,倒挂,,水果,,,9.6,9.6,,,,,,",
        "C1,香梨,,水果,,,9.6,,,,,,,",
        "C1,另一种梨,,水果,,,9.6,,,,,C1-2,规格=1kg,",
        "C6,多了一格,,水果,,,9.6,,,,,,,5,6",
        "C7,免费,,水果,,,0,,,,,,,",
        "C8,两个颜色,,水果,,,9.6,,,,,,颜色=红;颜色=绿,",
        "C9,好的,,水果,,,1,,,,,,,7",
    ]
    report = await bring(file, shop, "\n".join(rows) + "\n")
    assert told(report) == [
        (3, "code.missing"),
        (4, "name.long"),
        (5, "category.unknown"),
        (6, "image.bad"),
        (6, "kind.refused"),
        (6, "options.bad"),
        (6, "price.bad"),
        (6, "stock.bad"),
        (7, "list_price.low"),
        (8, "sku_code.repeated"),
        (9, "name.differs"),
        (9, "options.differs"),
        (10, "row.cells"),
        (11, "price.bad"),
        (12, "options.repeated"),
    ]
    assert sorted([product.code for product in await Product.all()]) == ["C1", "C9"]
    assert str(report).endswith("10 rows refused")


async def test_a_sku_code_of_another_product_is_refused(file: Path, shop: str) -> None:
    await bring(file, shop, APPLES)
    report = await bring(file, shop, "D1,冒名,,水果,,,5,,,,,A1-S,,\n")
    assert told(report) == [(2, "sku_code.taken")]
    assert not await Product.exists(code="D1")


async def test_stock_never_falls_below_what_is_promised(file: Path, shop: str) -> None:
    await bring(file, shop, APPLES)
    small = await Sku.get(code="A1-S")
    await Stock.filter(sku_id=small.id).update(held=6)
    report = await bring(file, shop, APPLES.replace(",30\n", ",5\n"))
    assert told(report) == [(2, "stock.held")]
    assert (await Stock.get(sku_id=small.id)).on_hand == 30


async def test_a_shop_without_a_branch_gets_products_and_is_told_of_the_stock(file: Path, shop: str) -> None:
    await Branch.all().delete()
    report = await bring(file, shop, APPLES)
    assert (report.new, report.stock, told(report)) == (1, 0, [(2, "stock.branch"), (3, "stock.branch")])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_excels_encodings_are_read(file: Path, shop: str, encoding: str) -> None:
    report = await bring(file, shop, APPLES.replace("\n", "\r\n"), encoding=encoding)
    assert (report.new, report.problems) == (1, [])
    assert (await Product.get(code="A1")).name == "洛川苹果"


async def test_lines_are_counted_as_an_editor_counts_them(file: Path, shop: str) -> None:
    report = await bring(file, shop, 'E1,"好\n梨",,水果,,,9.6,,,,,,,\n\nE2,梨,,没有,,,9.6,,,,,,,\n')
    assert told(report) == [(2, "name.control"), (5, "category.unknown")]


async def test_json_lines_say_the_same(tmp_path: Path, shop: str) -> None:
    path = tmp_path / "catalogue.jsonl"
    lines = [
        {"code": "A1", "name": "洛川苹果", "category": "食品生鲜/水果", "price": 12.9, "tags": ["当季"], "stock": 3},
        {
            "code": "A2",
            "name": "香梨",
            "category": "水果",
            "price": "9.60",
            "options": {"规格": "500g"},
            "origin": None,
        },
        {"code": "A3", "name": "坏", "category": "水果", "price": True},
        {"code": "A4", "colour": "red"},
        [],
    ]
    path.write_bytes(b"\n".join(orjson.dumps(line) for line in lines) + b"\n{broken\n")
    report = await import_catalogue(path, shop)
    assert told(report) == [(3, "row.json"), (4, "row.json"), (5, "row.json"), (6, "row.json")]
    products = await Product.all().order_by("code")
    assert [(row.code, row.price, row.tags) for row in products] == [("A1", 1_290, ["当季"]), ("A2", 960, [])]
    assert (await Sku.get(code="A2")).options == [{"name": "规格", "value": "500g"}]
    assert str(await import_catalogue(path, shop)).startswith(
        "6 rows: 0 products new, 0 changed, 2 unchanged; 0 prices"
    )


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("c.xlsx", b"PK\x03\x04\xff\xff", "catalogue.encoding"),
        ("c.txt", b"code", "catalogue.format"),
        ("c.csv", b"", "catalogue.columns"),
        ("c.csv", b"code,name,price\n", "catalogue.columns"),
        ("c.csv", b"code,name,price,category,colour\n", "catalogue.columns"),
        ("c.csv", b"code,name,price,category,code\n", "catalogue.columns"),
        ("c.csv", b"\xff\xff\xff", "catalogue.encoding"),
        ("missing/c.csv", None, "catalogue.file"),
    ],
)
async def test_a_file_that_is_no_catalogue_is_refused_as_a_whole(
    tmp_path: Path, shop: str, name: str, content: bytes | None, code: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Invalid) as refused:
        await import_catalogue(tmp_path / name, shop)
    assert refused.value.code == code


async def test_an_unknown_shop_is_refused(file: Path, shop: str) -> None:
    write(file, PEARS)
    with pytest.raises(NotFound) as refused:
        await import_catalogue(file, "shp_nobody")
    assert refused.value.code == "shop.unknown"
    assert not await Product.all().count()


async def test_the_command_works_beside_a_live_writer(file: Path, shop: str, database: Settings) -> None:
    """The command waits for a transaction of a live process, then lands, and its exit code tells of refused rows."""
    write(file, APPLES + "X,坏,,没有,,,1,,,,,,,\n")
    environment = {**os.environ, "DATABASE_URL": database.database_url, "PYTHONPATH": str(ROOT), "COLUMNS": "120"}
    command = (sys.executable, "-m", "jobs", "import-catalogue", str(file), "--shop", shop)
    async with unit_of_work("products"):
        await Product.filter(code="A1").update(sales=1)
        run = await asyncio.create_subprocess_exec(
            *command, env=environment, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
    out, table = await run.communicate()
    assert (run.returncode, out.decode()) == (
        1,
        "3 rows: 1 products new, 0 changed, 0 unchanged; 2 prices and 2 stocks set; 1 rows refused\n",
    )
    assert "category.unknown" in table.decode()
