"""No sum that is published tells of one shop or one buyer, nor do any two of them together."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders import disclosure
from services.orders.disclosure import FEWEST, MARGIN, Cell, Contribution, is_safe, publishable

TRADES, CITIES = ("FRESH", "HOTEL", "RETAIL"), ("上海", "北京", "成都", "杭州")


def market(seed: int, *, shops: int = 60, purchases: int = 500) -> list[Contribution]:
    """A month of some shops, a few of which sell much more than others."""
    dice = random.Random(seed)
    places = {f"shp_{n}": (dice.choice(TRADES), dice.choice(CITIES)) for n in range(shops)}
    bought = (
        (f"shp_{int(shops * dice.random() ** 3)}", dice.randrange(150), int(dice.paretovariate(1.2) * 1_000))
        for _ in range(purchases)
    )
    return [Contribution(places[shop], shop, f"mbr_{buyer}", 1, amount) for shop, buyer, amount in bought]


def inside(cell: Cell, contributions: Sequence[Contribution]) -> list[Contribution]:
    return [one for one in contributions if one.path[: len(cell.path)] == cell.path]


def values(contributions: Sequence[Contribution]) -> set[int]:
    """What each shop and each buyer brought: what nobody is to learn."""
    found: dict[str, int] = {}
    for one in contributions:
        for subject in (one.shop_id, one.member_id):
            found[subject] = found.get(subject, 0) + one.amount
    return set(found.values())


def attacked(contributions: Sequence[Contribution], cells: Sequence[Cell]) -> list[str]:
    """What subtracting each pair of cells tells of one subject: those that it gives to a few percent."""
    told = []
    for one, other in combinations(cells, 2):
        larger, smaller = sorted((one, other), key=lambda cell: len(cell.path))
        if smaller.path[: len(larger.path)] != larger.path:
            continue  # apart: their difference is of nobody
        rest = [part for part in inside(larger, contributions) if part.path[: len(smaller.path)] != smaller.path]
        difference = larger.amount - smaller.amount
        if any(abs(value - difference) * 100 < value * MARGIN for value in values(rest)):
            told.append(f"{larger.path} - {smaller.path}")
    return told


def test_a_thousand_pairs_of_overlapping_cells_tell_of_nobody() -> None:
    pairs = 0
    for seed in range(60):
        month = market(seed)
        cells = publishable(month)
        pairs += len(list(combinations(cells, 2)))
        assert attacked(month, cells) == []
    assert pairs >= 1_000


@given(st.integers(0, 10_000), st.integers(5, 60), st.integers(5, 300))
def test_what_is_left_beside_published_cells_is_safe(seed: int, shops: int, purchases: int) -> None:
    month = market(seed, shops=shops, purchases=purchases)
    cells = publishable(month)
    for cell in cells:
        assert is_safe(inside(cell, month))
        children = [one.path for one in cells if one.path[:-1] == cell.path and one.path]
        rest = [one for one in inside(cell, month) if one.path[: len(cell.path) + 1] not in children]
        assert not children or not rest or is_safe(rest)


@given(st.integers(0, 10_000))
def test_sums_are_exact(seed: int) -> None:
    month = market(seed)
    for cell in publishable(month):
        held = inside(cell, month)
        assert (cell.orders, cell.amount) == (len(held), sum(one.amount for one in held))
        assert cell.shops == len({one.shop_id for one in held}) >= FEWEST
        assert cell.buyers == len({one.member_id for one in held}) >= FEWEST


def even(shops: int, buyers: int) -> list[Contribution]:
    """Everybody buys everywhere for the same."""
    return [
        Contribution(("FRESH", "上海"), f"shp_{s}", f"mbr_{b}", 1, 100) for s in range(shops) for b in range(buyers)
    ]


@pytest.mark.parametrize(("shops", "buyers", "safe"), [(5, 5, True), (4, 50, False), (50, 4, False)])
def test_five_shops_and_five_buyers_are_the_fewest(shops: int, buyers: int, safe: bool) -> None:
    assert is_safe(even(shops, buyers)) is safe


def test_one_that_outweighs_the_others_is_kept_back() -> None:
    giant = Contribution(("FRESH", "上海"), "shp_giant", "mbr_1", 1, 1_000_000)
    assert publishable([*even(9, 9), giant]) == []


def test_a_small_city_takes_another_with_it() -> None:
    """Were the small city alone kept back, its trade less the others would be it."""
    month = [
        Contribution(("FRESH", city), f"shp_{city}{s}", f"mbr_{b}", 1, 100)
        for city, shops in (("上海", 9), ("北京", 6), ("成都", 1))
        for s in range(shops)
        for b in range(9)
    ]
    assert [cell.path for cell in publishable(month)] == [(), ("FRESH",), ("FRESH", "上海")]


def shown_whatever_is_left(
    children: Sequence[disclosure.Path], by_path: dict[disclosure.Path, list[Contribution]]
) -> list[disclosure.Path]:
    return [one for one in children if is_safe(by_path[one])]


@pytest.mark.parametrize(
    ("hole", "planted"),
    [("_shown", shown_whatever_is_left), ("is_safe", lambda _: True), ("_is_blurred", lambda _: True)],
)
def test_the_attack_finds_a_planted_hole(
    hole: str, planted: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disclosure, hole, planted)
    months = [market(seed) for seed in range(60)]
    assert any(attacked(month, publishable(month)) for month in months)
