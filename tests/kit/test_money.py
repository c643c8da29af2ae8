"""Money is added, discounted and shared without losing a cent."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kit.money import Money, split

amounts = some.integers(-(10**15), 10**15)
weights = some.lists(some.integers(0, 10**9), min_size=1, max_size=40).filter(any)


@given(amount=amounts, weights=weights)
def test_the_shares_are_together_the_whole(amount: int, weights: list[int]) -> None:
    shares = split(Money(amount), weights)
    assert len(shares) == len(weights)
    assert sum(share.amount for share in shares) == amount


@given(amount=amounts, weights=weights)
def test_a_share_is_less_than_a_cent_from_what_is_due(amount: int, weights: list[int]) -> None:
    whole = sum(weights)
    for share, weight in zip(split(Money(amount), weights), weights, strict=True):
        assert abs(share.amount * whole - amount * weight) < whole


@given(amount=some.integers(0, 10**15), weights=weights)
def test_nobody_without_weight_gets_anything_and_more_weight_never_gets_less(amount: int, weights: list[int]) -> None:
    shares = [share.amount for share in split(Money(amount), weights)]
    by_weight = sorted(zip(weights, shares, strict=True))
    assert all(share == 0 for weight, share in by_weight if weight == 0)
    for (lighter, less), (heavier, more) in pairwise(by_weight):
        assert lighter == heavier or less <= more


@given(amount=amounts, weights=weights, times=some.integers(1, 1_000))
def test_only_the_proportions_of_weights_matter(amount: int, weights: list[int], times: int) -> None:
    assert split(Money(amount), [weight * times for weight in weights]) == split(Money(amount), weights)


@given(amount=amounts, weights=weights)
def test_what_is_taken_back_is_what_was_shared(amount: int, weights: list[int]) -> None:
    shared = split(Money(amount), weights)
    assert split(Money(-amount), weights) == [Money(-share.amount) for share in shared]


@pytest.mark.parametrize(
    ("amount", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (1, [1, 1], [1, 0]),
        (2, [3, 3, 1], [1, 1, 0]),
        (10, [0, 7, 0], [0, 10, 0]),
        (999, [5_000, 3_000, 2_000], [499, 300, 200]),
        (0, [1, 2], [0, 0]),
    ],
)
def test_left_over_cents_go_to_the_largest_remainders_and_earlier_shares(
    amount: int, weights: list[int], shares: list[int]
) -> None:
    assert split(Money(amount, "USD"), weights) == [Money(share, "USD") for share in shares]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [3, -1], [-1]])
def test_there_must_be_something_to_share_by(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(Money(100), weights)


def test_sums_keep_their_currency() -> None:
    assert Money(150, "USD") + Money(50, "USD") - Money(25, "USD") == Money(175, "USD")
    assert Money(1).currency == "CNY"


def test_two_currencies_are_neither_added_nor_compared() -> None:
    yuan, dollar = Money(100), Money(100, "USD")
    for act in (yuan.__add__, yuan.__sub__, yuan.__lt__, yuan.__le__, yuan.__gt__, yuan.__ge__):
        with pytest.raises(ValueError, match="USD"):
            act(dollar)
    assert yuan != dollar


def test_sums_are_ordered_by_amount() -> None:
    assert sorted([Money(3), Money(-1), Money(2)]) == [Money(-1), Money(2), Money(3)]
    assert Money(2) <= Money(2) >= Money(2)


@pytest.mark.parametrize(("amount", "rate", "rest"), [(1_990, 95, 1_891), (1_990, 100, 1_990), (1, 50, 1), (1, 49, 0)])
def test_a_percentage_rounds_half_a_cent_up(amount: int, rate: int, rest: int) -> None:
    assert Money(amount).percent(rate) == Money(rest)
