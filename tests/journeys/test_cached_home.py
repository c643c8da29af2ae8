"""Home from the cache: the same for everybody as without it, without a statement, and never what was before a write."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest

from kit.settings import Settings
from kit.viewer import GUEST, Viewer
from models.base import unit_of_work
from models.cached import CACHE
from models.content.tables import Entry
from models.orders.stock import Quota
from models.orders.wallet import CouponOffer
from models.products.tables import Category, Product, PromotionItem
from models.shops.tables import Branch, Shop
from tests.support.caches import trusted_cache
from tests.support.mall import embedded_mall, persona
from tests.support.statements import counted_statements

NAMES = ("guest", "buyer", "dormant")


def viewer(settings: Settings, name: str) -> Viewer:
    return GUEST if name == "guest" else persona(settings, name)


@pytest.fixture(autouse=True)
def cached(tiny_mall: Settings, noon: None) -> Iterator[None]:
    with trusted_cache():
        yield


async def test_whoever_came_before_everybody_gets_the_same_as_without_a_cache(tiny_mall: Settings) -> None:
    CACHE.distrust()
    mall = embedded_mall()
    apart = {name: await mall.home(viewer(tiny_mall, name)) for name in NAMES}
    assert len({str(answer) for answer in apart.values()}) == len(NAMES)
    for order in permutations(NAMES):
        with trusted_cache():
            for name in order * 2:
                assert await mall.home(viewer(tiny_mall, name)) == apart[name]


@pytest.mark.parametrize(("name", "cold", "warm"), [("guest", 9, 0), ("buyer", 10, 3)])
async def test_a_warm_home_asks_for_what_is_the_viewers_own_alone(
    tiny_mall: Settings, name: str, cold: int, warm: int
) -> None:
    mall, seen = embedded_mall(), []
    for _ in range(2):
        with counted_statements() as statements:
            await mall.home(viewer(tiny_mall, name))
        seen.append(len(statements))
    assert seen == [cold, warm]


async def test_what_one_viewer_warmed_serves_the_next(tiny_mall: Settings) -> None:
    """A guest's coupons and sections are those of guests, which a member does not warm."""
    mall = embedded_mall()
    await mall.home(viewer(tiny_mall, "buyer"))
    with counted_statements() as statements:
        await mall.home()
    assert statements.by_domain == {"orders": 1, "products": 2}


WRITES: dict[str, tuple[str, Any]] = {
    "product": ("products", lambda: Product.all().update(name="新名", price=77)),
    "category": ("products", lambda: Category.all().update(name="新名")),
    "promotion item": ("products", lambda: PromotionItem.all().update(price=77)),
    "quota": ("orders", lambda: Quota.all().update(total=777_777)),
    "coupon offer": ("orders", lambda: CouponOffer.all().update(title="新名")),
    "shop": ("shops", lambda: Shop.all().update(name="新名")),
    "branch": ("shops", lambda: Branch.all().update(name="新名")),
    "entry": ("content", lambda: Entry.all().update(title="新名")),
}


@pytest.mark.parametrize("name", WRITES)
async def test_after_a_write_home_is_as_without_a_cache(name: str) -> None:
    mall = embedded_mall()
    before = await mall.home()
    domain, write = WRITES[name]
    async with unit_of_work(domain):
        await write()
    after = await mall.home()
    CACHE.distrust()
    assert after == await mall.home()
    assert after != before
