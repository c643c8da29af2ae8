"""What members like is learned from facts, each once."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.products.tables import Affinity, ProductsHeard
from models.states import ProductState
from services.events import CouponTaken, Fact, OrderPaid, PaidLine, ProductViewed
from services.products import affinity
from services.products.affinity import learn
from services.products.ranking import Interest, learned
from tests.factories import products as make
from tests.support.moments import DAY, NOON

pytestmark = pytest.mark.usefixtures("database", "noon")


def paid(fact_id: str, *categories: str, at: datetime = NOON) -> OrderPaid:
    lines = tuple(PaidLine("prd_tea", category_id, 2) for category_id in categories)
    return OrderPaid(fact_id, "ord_1", "shp_tea", "mbr_a", 25600, "CNY", lines, at)


async def weights() -> dict[tuple[str, str], int]:
    return {(row.member_id, row.category_id): row.weight for row in await Affinity.all()}


async def heard() -> list[str]:
    return [row.id for row in await ProductsHeard.all().order_by("id")]


async def test_each_line_of_a_paid_order_is_learned() -> None:
    await learn(paid("fct_1", "cat_tea", "cat_rice", "cat_tea"))
    once = learned(0, Interest.BOUGHT, NOON)
    assert await weights() == {
        ("mbr_a", "cat_rice"): once,
        ("mbr_a", "cat_tea"): learned(once, Interest.BOUGHT, NOON),
    }
    assert await heard() == ["fct_1/affinity"]


async def test_a_look_at_a_product_is_learned_of_its_category() -> None:
    await make.product(id="prd_tea", category_id="cat_tea", state=ProductState.WITHDRAWN)
    await make.affinity("mbr_a", "cat_tea", 5)
    await make.affinity("mbr_b", "cat_tea", 5)
    await learn(ProductViewed("fct_1", "mbr_a", "prd_tea", NOON))
    assert await weights() == {("mbr_a", "cat_tea"): learned(5, Interest.VIEWED, NOON), ("mbr_b", "cat_tea"): 5}


async def test_a_fact_that_is_told_again_changes_nothing() -> None:
    await learn(paid("fct_1", "cat_tea"))
    before = await weights()
    await learn(paid("fct_1", "cat_tea"))
    assert await weights() == before
    await learn(paid("fct_2", "cat_tea"))
    assert (await weights())["mbr_a", "cat_tea"] > before["mbr_a", "cat_tea"]
    assert await heard() == ["fct_1/affinity", "fct_2/affinity"]


async def test_facts_may_come_in_any_order() -> None:
    early, late = paid("fct_1", "cat_tea", at=NOON - 400 * DAY), paid("fct_2", "cat_tea")
    await learn(late)
    await learn(early)
    expected = learned(learned(0, Interest.BOUGHT, early.at), Interest.BOUGHT, late.at)
    assert await weights() == {("mbr_a", "cat_tea"): expected}


@pytest.mark.parametrize(
    ("fact", "remembered"),
    [
        (ProductViewed("fct_1", "mbr_a", "prd_none", NOON), ["fct_1/affinity"]),
        (CouponTaken("fct_1", "cpn_1", "off_1", None, "mbr_a", NOON), []),
    ],
)
async def test_what_tells_nothing_of_a_category_teaches_nothing(fact: Fact, remembered: list[str]) -> None:
    await learn(fact)
    assert await weights() == {}
    assert await heard() == remembered


async def test_a_fact_that_fails_halfway_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    likes = []

    async def fail_on_the_second(*args: object, **named: object) -> None:
        likes.append(args)
        if len(likes) == 2:
            raise RuntimeError("the database went away")
        await like(*args, **named)  # type: ignore[arg-type]

    like = affinity._like
    monkeypatch.setattr(affinity, "_like", fail_on_the_second)
    with pytest.raises(RuntimeError, match="went away"):
        await learn(paid("fct_1", "cat_tea", "cat_rice"))
    assert (await weights(), await heard()) == ({}, [])
    monkeypatch.undo()
    await learn(paid("fct_1", "cat_tea", "cat_rice"))
    assert len(await weights()) == 2
