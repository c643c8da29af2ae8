"""What a member's levels make of a price, and what a try to sign in costs."""

from __future__ import annotations

import pytest
from argon2 import extract_parameters
from hypothesis import given
from hypothesis import strategies as some

from kit.hidden import Hidden
from kit.money import Money
from models.members.rows import LevelRow, MembershipRow
from services.members.account import member_price
from services.members.session import PASSWORDS, Attempt, begin_attempt, member_behind
from tests.factories.keys import hash_key
from tests.support.moments import NOON


def held(percent: int, shop_id: str | None = None) -> MembershipRow:
    return MembershipRow("mem_a", "mbr_lin", shop_id, 0, NOON, LevelRow("lvl_a", "银卡", 2, percent))


@pytest.mark.parametrize(
    ("memberships", "price"),
    [
        ([], None),
        ([held(95)], 9_500),
        ([held(95), held(90, "shp_tea")], 9_000),
        ([held(85), held(90, "shp_tea")], 8_500),
        ([held(50, "shp_other")], None),
        ([held(100), held(100, "shp_tea")], None),
        ([held(110), held(120, "shp_tea")], None),
        ([held(0)], 0),
    ],
)
def test_the_better_of_the_shops_level_and_the_platforms_counts(
    memberships: list[MembershipRow], price: int | None
) -> None:
    assert member_price(Money(10_000), "shp_tea", memberships) == (None if price is None else Money(price))


@pytest.mark.usefixtures("database")
async def test_an_unknown_phone_costs_as_much_work_as_a_known_one() -> None:
    unknown = await begin_attempt(Hidden("13900000000"), address="", hash_keys=[await hash_key()])
    assert isinstance(unknown, Attempt)
    assert extract_parameters(unknown.secret) == extract_parameters(PASSWORDS.hash("集市"))
    assert await member_behind(unknown, "集市") is None


def test_a_product_of_no_known_shop_has_the_platforms_price() -> None:
    assert member_price(Money(10_000), None, [held(95), held(50, "shp_tea")]) == Money(9_500)


def test_the_currency_stays() -> None:
    assert member_price(Money(10_000, "HKD"), None, [held(95)]) == Money(9_500, "HKD")


@given(some.integers(0, 10**12), some.lists(some.integers(1, 120), max_size=4))
def test_nobody_ever_pays_more_than_the_price(amount: int, percents: list[int]) -> None:
    paid = member_price(Money(amount), "shp_tea", [held(percent) for percent in percents])
    assert paid is None or 0 <= paid.amount < amount
