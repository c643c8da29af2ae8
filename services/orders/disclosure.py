"""Which sums over shops and buyers may be published, so that none tells of one of them.

Cells stand in a tree: the whole market, its trades, the cities of a trade. A group of contributions is *safe* where at
least `FEWEST` shops and `FEWEST` buyers made it and no one's part can be estimated from it (the p% rule: Hundepool and
others, Statistical Disclosure Control, 2012, section 4.2). A cell is published where it is safe, and where what its
parent holds beside its published children is safe too: so whoever subtracts cells from each other gets nothing but
other safe groups. Months do not overlap and are published once, so that no two windows differ by a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

FEWEST = 5
"""Shops, and buyers, behind any sum."""
MARGIN = 20
"""Percent of the largest part by which whoever made the second largest must miss it."""

Path = tuple[str, ...]
"""Of a cell: () is the whole market, (trade,) a trade, (trade, city) its shops of a city."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one buyer brought to one shop, whose cell is `path`: orders, and minor units of money."""

    path: Path
    shop_id: str
    member_id: str
    orders: int
    amount: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A published sum."""

    path: Path
    shops: int
    buyers: int
    orders: int
    amount: int


def publishable(contributions: Iterable[Contribution]) -> list[Cell]:
    """The cells that may be published, parents first; none where the whole market is not safe."""
    by_path: dict[Path, list[Contribution]] = defaultdict(list)
    for one in contributions:
        for length in range(len(one.path) + 1):
            by_path[one.path[:length]].append(one)
    return list(_below((), by_path)) if is_safe(by_path[()]) else []


def _below(path: Path, by_path: dict[Path, list[Contribution]]) -> Iterable[Cell]:
    """The cell of `path`, which is published, and those under it."""
    yield _cell(path, by_path[path])
    children = [one for one in by_path if one[:-1] == path and one]
    for child in sorted(_shown(children, by_path)):
        yield from _below(child, by_path)


def _shown(children: Sequence[Path], by_path: dict[Path, list[Contribution]]) -> list[Path]:
    """The children that are published. The smallest ones are kept back until those kept back are safe together."""
    kept = [one for one in children if not is_safe(by_path[one])]
    shown = sorted(set(children).difference(kept), key=lambda path: (len(by_path[path]), path), reverse=True)
    while kept and shown and not is_safe([part for path in kept for part in by_path[path]]):
        kept.append(shown.pop())
    return shown


def is_safe(contributions: Sequence[Contribution]) -> bool:
    """May the sums of these be told?"""
    shops = _sums(contributions, lambda one: one.shop_id)
    buyers = _sums(contributions, lambda one: one.member_id)
    return all(
        len(parts) >= FEWEST
        and _is_blurred([orders for orders, _ in parts])
        and _is_blurred([sum_ for _, sum_ in parts])
        for parts in (shops, buyers)
    )


def _is_blurred(parts: Sequence[int]) -> bool:
    """Does whoever made the second largest part, and knows the sum, miss the largest by `MARGIN` percent?"""
    first, second = sorted(parts)[-1:-3:-1]
    return (sum(parts) - first - second) * 100 >= first * MARGIN


def _sums(contributions: Sequence[Contribution], of: Callable[[Contribution], str]) -> list[tuple[int, int]]:
    """Orders and amount of each subject."""
    orders: dict[str, int] = defaultdict(int)
    amounts: dict[str, int] = defaultdict(int)
    for one in contributions:
        orders[of(one)] += one.orders
        amounts[of(one)] += one.amount
    return [(orders[subject], amounts[subject]) for subject in orders]


def _cell(path: Path, contributions: Sequence[Contribution]) -> Cell:
    return Cell(
        path,
        shops=len({one.shop_id for one in contributions}),
        buyers=len({one.member_id for one in contributions}),
        orders=sum(one.orders for one in contributions),
        amount=sum(one.amount for one in contributions),
    )
