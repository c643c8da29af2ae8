"""What is paid for counts as sold: once, for its product and its category, and ranks the product anew."""

from __future__ import annotations

import pytest

from models.products.tables import Category, Product
from services.events import OrderPaid, PaidLine, ProductViewed
from services.products.ranking import score_of
from services.products.sales import count
from tests.factories import products as make
from tests.support.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

PAID = OrderPaid(
    "fct_1",
    "ord_1",
    "shp_1",
    "mbr_1",
    5_000,
    "CNY",
    (PaidLine("prd_tea", "cat_tea", 2), PaidLine("prd_tea", "cat_tea", 3)),
    NOON,
)


async def known() -> tuple[int, int, int]:
    product, category = await Product.get(id="prd_tea"), await Category.get(id="cat_tea")
    return product.sales, product.score, category.popularity


@pytest.fixture(autouse=True)
async def tea(database: object) -> None:
    await make.category(id="cat_tea", popularity=100)
    await make.product(id="prd_tea", category_id="cat_tea", sales=10, rating=480, rating_count=20, score=0)


async def test_units_of_all_lines_count_for_product_and_category() -> None:
    await count(PAID)
    assert await known() == (15, score_of(15, 480, 20), 105)


async def test_a_fact_that_comes_twice_counts_once() -> None:
    await count(PAID)
    await count(PAID)
    assert await known() == (15, score_of(15, 480, 20), 105)


async def test_what_is_only_looked_at_is_not_sold() -> None:
    await count(ProductViewed("fct_2", "mbr_1", "prd_tea", NOON))
    assert await known() == (10, 0, 100)


async def test_a_product_that_is_gone_stops_nothing() -> None:
    await Product.filter(id="prd_tea").delete()
    await count(PAID)
    assert (await Category.get(id="cat_tea")).popularity == 105
