"""Items of the flash sale, and group-buys."""

from __future__ import annotations

import pytest

from models.products.reads.offers import Running, count_offers, offer_pages, offers_by_id
from models.products.rows import FlashItemRow, GroupBuyRow
from models.reading import Cut
from models.states import ProductState, PromotionKind
from tests.factories import products as make
from tests.support.moments import DAY, HOUR, MINUTE, NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")

SESSION = Running(PromotionKind.FLASH_SALE, NOON + HOUR)
GROUPS = Running(PromotionKind.GROUP_BUY)
TEN = Cut(None, 10)


async def test_the_session_of_the_hour_and_group_buys_are_one_statement_with_their_products() -> None:
    await make.product(id="prd_tea", name="龙井")
    await make.promotion(label="满200减30")
    await make.item(PromotionKind.FLASH_SALE, id="pit_b", position=2)
    await make.item(PromotionKind.FLASH_SALE, id="pit_c", position=1)
    await make.item(PromotionKind.FLASH_SALE, id="pit_a", position=2)
    await make.item(PromotionKind.FLASH_SALE, id="pit_last", starts_at=NOON - HOUR, ends_at=NOON)
    await make.item(PromotionKind.FLASH_SALE, id="pit_next", starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
    await make.item(PromotionKind.FLASH_SALE, id="pit_two_hours", ends_at=NOON + 2 * HOUR)
    await make.item(PromotionKind.GROUP_BUY, id="pit_long", ends_at=NOON + 2 * DAY)
    await make.item(PromotionKind.GROUP_BUY, id="pit_short", ends_at=NOON + DAY, position=9)
    await make.item(PromotionKind.GROUP_BUY, id="pit_over", starts_at=NOON - DAY, ends_at=NOON)
    await make.item(PromotionKind.GROUP_BUY, id="pit_soon", starts_at=NOON + MINUTE)
    with counted_statements() as statements:
        pages = await offer_pages([(SESSION, TEN), (GROUPS, TEN)])
    assert len(statements) == 1
    assert [[row.id for row in page] for page in pages] == [["pit_c", "pit_a", "pit_b"], ["pit_short", "pit_long"]]
    assert [type(page[0]) for page in pages] == [FlashItemRow, GroupBuyRow]
    assert {row.product.name for page in pages for row in page} == {"龙井"}
    assert {row.product.promotion_price for row in pages[0]} == {9900}
    assert await count_offers([SESSION, GROUPS]) == [3, 2]


async def test_items_continue_after_their_key() -> None:
    await make.product(id="prd_tea")
    for item_id, position in (("pit_a", 1), ("pit_b", 1), ("pit_c", 2)):
        await make.item(PromotionKind.FLASH_SALE, id=item_id, position=position)
    (page,) = await offer_pages([(SESSION, Cut((NOON + HOUR, 1, "pit_a"), 10))])
    assert [row.id for row in page] == ["pit_b", "pit_c"]


async def test_items_of_products_that_are_not_listed_are_not_shown() -> None:
    await make.product(id="prd_tea", state=ProductState.WITHDRAWN)
    await make.item(PromotionKind.FLASH_SALE, id="pit_a")
    await make.item(PromotionKind.FLASH_SALE, product_id="prd_gone")
    assert await offer_pages([(SESSION, TEN)]) == [[]]
    assert await count_offers([SESSION]) == [0]
    assert await offers_by_id(["pit_a"]) == [None]


async def test_items_are_found_by_id_when_they_are_over_too_but_not_those_of_other_kinds() -> None:
    await make.product(id="prd_tea")
    await make.item(PromotionKind.FLASH_SALE, id="pit_over", starts_at=NOON - HOUR, ends_at=NOON)
    await make.item(PromotionKind.GROUP_BUY, id="pit_group")
    await make.item(PromotionKind.DISCOUNT, id="pit_discount")
    found = await offers_by_id(["pit_discount", "pit_group", "pit_over", "pit_none"])
    assert [(type(row), row.id) if row else None for row in found] == [
        None,
        (GroupBuyRow, "pit_group"),
        (FlashItemRow, "pit_over"),
        None,
    ]
