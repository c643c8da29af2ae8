"""Lists of products, and the promotion that comes with each."""

from __future__ import annotations

import random

import pytest

from kit.errors import Invalid
from kit.page import Page, cursor_of
from models.feeds import MOST_PARTS
from models.filtering import Comparison, Match, Matches
from models.products.reads.listings import (
    BEST_FIRST,
    EVERYTHING,
    Listing,
    count_products,
    product_pages,
    products_by_id,
)
from models.products.rows import ProductRow, WholeProductRow
from models.reading import Cut, cut
from models.states import ProductKind, ProductState, PromotionKind
from tests.factories import products as make
from tests.support.moments import DAY, HOUR, MINUTE, NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")

TEN = Cut(None, 10)


def leaf(*ids: str, matches: Matches = ()) -> Listing:
    return Listing("category_id", ids, matches)


def of(kind: ProductKind) -> Match:
    return Match("kind", Comparison.ONE_OF, (kind.value,))


def at_least(price: int) -> Match:
    return Match("price", Comparison.AT_LEAST, (price,))


def at_most(price: int) -> Match:
    return Match("price", Comparison.AT_MOST, (price,))


def among(*categories: str) -> Match:
    return Match("category_id", Comparison.ONE_OF, categories)


async def ids(listing: Listing, wanted: Cut = TEN) -> list[str]:
    return [row.id for row in (await product_pages([(listing, wanted)]))[0]]


async def tag(product_id: str) -> tuple[str | None, str | None, int | None]:
    (row,) = await products_by_id([product_id])
    assert row is not None
    return row.promotion_kind, row.promotion_label, row.promotion_price


async def test_a_list_is_ordered_by_score_and_equal_scores_by_id() -> None:
    for product_id, score in (("prd_a", 5), ("prd_b", 9), ("prd_c", 5)):
        await make.product(id=product_id, score=score)
    assert await ids(leaf("cat_tea")) == ["prd_b", "prd_c", "prd_a"]


async def test_only_listed_products_are_in_lists() -> None:
    await make.product(id="prd_a")
    await make.product(id="prd_b", state=ProductState.DRAFT)
    await make.product(id="prd_c", state=ProductState.WITHDRAWN)
    assert await ids(leaf("cat_tea")) == ["prd_a"]
    assert [row and row.id for row in await products_by_id(["prd_c", "prd_a", "prd_b", "prd_none"])] == [
        None,
        "prd_a",
        None,
        None,
    ]


async def test_many_lists_are_one_statement_and_each_continues_after_its_own_key() -> None:
    for category in ("cat_a", "cat_b"):
        for score in range(4):
            await make.product(id=f"prd_{category[-1]}{score}", category_id=category, score=score)
    with counted_statements() as statements:
        pages = await product_pages(
            [(leaf("cat_b"), Cut((2, "prd_b2"), 9)), (leaf("cat_a"), Cut(None, 2)), (leaf("cat_none"), TEN)]
        )
    assert len(statements) == 1
    assert [[row.id for row in page] for page in pages] == [["prd_b1", "prd_b0"], ["prd_a3", "prd_a2"], []]


async def test_more_lists_than_a_statement_may_have_are_read_by_several() -> None:
    await make.product(id="prd_a")
    with counted_statements() as statements:
        pages = await product_pages([(leaf("cat_none"), TEN)] * MOST_PARTS + [(leaf("cat_tea"), TEN)])
    assert len(statements) == 2
    assert [len(page) for page in pages] == [0] * MOST_PARTS + [1]


async def test_a_list_over_several_leaves_scrolls_as_one() -> None:
    dice = random.Random(7)
    leaves = ("cat_a", "cat_b", "cat_c")
    for number in range(40):
        await make.product(id=f"prd_{number:02d}", category_id=dice.choice(leaves), score=dice.randrange(6))
    (whole,) = await product_pages([(leaf(*leaves), Cut(None, 50))])
    assert len(whole) == 40
    assert whole == sorted(whole, key=lambda row: (row.score, row.id), reverse=True)
    found: list[ProductRow] = []
    wanted = Cut(None, 7)
    while page := (await product_pages([(leaf(*leaves), wanted)]))[0]:
        found += page
        wanted = Cut((page[-1].score, page[-1].id), 7)
    assert found == whole


@pytest.mark.parametrize(
    ("listing", "found"),
    [
        (leaf("cat_tea"), ["prd_d", "prd_c", "prd_a"]),
        (leaf("cat_tea", matches=(of(ProductKind.DISH),)), ["prd_c"]),
        (leaf("cat_tea", matches=(at_least(200),)), ["prd_d", "prd_c"]),
        (leaf("cat_tea", matches=(at_most(200),)), ["prd_c", "prd_a"]),
        (leaf("cat_tea", matches=(of(ProductKind.GOODS), at_least(100), at_most(100))), ["prd_a"]),
        (leaf("cat_tea", "cat_rice", matches=(of(ProductKind.DISH),)), ["prd_c", "prd_b"]),
        (Listing("shop_id", ("shp_tea",), matches=(among("cat_rice"),)), ["prd_b"]),
        (Listing("shop_id", ("shp_tea",), matches=(among(),)), []),
        (Listing("shop_category_id", ("sct_new",)), ["prd_d"]),
        (EVERYTHING, ["prd_d", "prd_c", "prd_b", "prd_a"]),
        (leaf(), []),
    ],
)
async def test_filters_join_by_and_and_counts_agree(listing: Listing, found: list[str]) -> None:
    await make.product(id="prd_a", score=1, price=100)
    await make.product(id="prd_b", score=2, price=150, category_id="cat_rice", kind=ProductKind.DISH)
    await make.product(id="prd_c", score=3, price=200, kind=ProductKind.DISH)
    await make.product(id="prd_d", score=4, price=300, shop_id="shp_else", shop_category_id="sct_new")
    await make.product(id="prd_e", score=5, state=ProductState.DRAFT)
    assert await ids(listing) == found
    assert await count_products([listing, leaf("cat_none")]) == [len(found), 0]


async def test_a_row_brings_all_columns() -> None:
    await make.product(
        id="prd_a",
        shop_category_id="sct_new",
        list_price=15800,
        sales=7,
        score=3,
        kind=ProductKind.WEIGHED,
        details={"unit": "500g"},
    )
    assert await products_by_id(["prd_a"]) == [
        WholeProductRow(
            id="prd_a",
            shop_id="shp_tea",
            category_id="cat_tea",
            shop_category_id="sct_new",
            kind="WEIGHED",
            name="西湖龙井 2026 新茶",
            subtitle="明前一级，核心产区",
            image="https://img.example/longjing.jpg",
            media=[{"kind": "IMAGE", "url": "https://img.example/longjing.jpg", "alt": "一杯龙井"}],
            tags=["产地直发"],
            origin="浙江杭州",
            currency="CNY",
            price=12800,
            list_price=15800,
            sales=7,
            rating=4.8,  # type: ignore[arg-type]
            rating_count=12,
            score=3,
            details={"unit": "500g"},
            listed_at=NOON - 30 * DAY,
            promotion_kind=None,
            promotion_label=None,
            promotion_price=None,
            promotion_ends_at=None,
        )
    ]


async def test_the_cheapest_running_item_is_the_promotion() -> None:
    await make.product(id="prd_tea")
    await make.promotion(label="满200减30")
    await make.item(PromotionKind.DISCOUNT, label="88折", price=11264, ends_at=NOON + 2 * DAY)
    await make.item(PromotionKind.FLASH_SALE, label="秒杀", price=8900)
    await make.item(PromotionKind.PRESALE, label="预售", price=9900)
    await make.item(PromotionKind.GROUP_BUY, label="3人团", price=7900)
    await make.item(PromotionKind.DISCOUNT, label="未开始", price=100, starts_at=NOON + MINUTE)
    await make.item(PromotionKind.DISCOUNT, label="已结束", price=100, starts_at=NOON - HOUR, ends_at=NOON)
    await make.item(PromotionKind.DISCOUNT, label="别的商品", price=100, product_id="prd_rice")
    (row,) = await products_by_id(["prd_tea"])
    assert row is not None
    assert (row.promotion_kind, row.promotion_label, row.promotion_price, row.promotion_ends_at) == (
        "FLASH_SALE",
        "秒杀",
        8900,
        NOON + HOUR,
    )


async def test_of_equally_cheap_items_the_first_by_id_is_shown() -> None:
    await make.product(id="prd_tea")
    await make.item(PromotionKind.DISCOUNT, id="pit_b", label="乙")
    await make.item(PromotionKind.DISCOUNT, id="pit_a", label="甲")
    assert await tag("prd_tea") == ("DISCOUNT", "甲", 9900)


async def test_without_an_item_the_shops_promotion_that_ends_first_is_shown() -> None:
    await make.product(id="prd_tea")
    await make.item(PromotionKind.GROUP_BUY, price=100)
    await make.promotion(id="prm_0", label="晚", ends_at=NOON + 2 * DAY)
    await make.promotion(id="prm_b", label="乙", ends_at=NOON + DAY)
    await make.promotion(PromotionKind.DISCOUNT, id="prm_a", label="88折", ends_at=NOON + DAY)
    await make.promotion(label="已结束", ends_at=NOON)
    await make.promotion(label="未开始", starts_at=NOON + MINUTE, ends_at=NOON + HOUR)
    await make.promotion(label="非全店", shop_wide=False, ends_at=NOON + HOUR)
    await make.promotion(PromotionKind.PRESALE, label="预售", ends_at=NOON + HOUR)
    await make.promotion(label="别的店", shop_id="shp_else", ends_at=NOON + HOUR)
    assert await tag("prd_tea") == ("DISCOUNT", "88折", None)


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (Page(0), "page.first"),
        (Page(51), "page.first"),
        (Page(3, "nonsense"), "page.after"),
        (Page(3, cursor_of(("3", "prd_a"))), "page.after"),
        (Page(3, cursor_of((3,))), "page.after"),
    ],
)
def test_a_bad_page_is_refused_before_anything_is_read(page: Page, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        cut(BEST_FIRST, page)
    assert refused.value.code == code
