"""Chance that falls equally on every machine: nothing is drawn that libraries round differently, such as logarithms."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import TypeVar

from kit.ids import new_id

Thing = TypeVar("Thing")


class Dice:
    """A source of chance for one part of the mall, apart from all others: a change there moves nothing here.

    A whole number comes from one 53-bit fraction: five times faster than the standard library's exact way, and over
    ranges as small as ours as even.
    """

    __slots__ = ("_bits", "_random", "_source")

    def __init__(self, seed: int, part: str) -> None:
        self._source = random.Random(f"{seed}/{part}")
        self._random = self._source.random
        self._bits = self._source.getrandbits

    def id(self, prefix: str, at: datetime) -> str:
        """An id made at `at`."""
        return new_id(prefix, at=at, random_bits=self._bits)

    def randrange(self, stop: int) -> int:
        """A whole number of [0, stop)."""
        return int(self._random() * stop)

    def randint(self, low: int, high: int) -> int:
        """A whole number of [low, high]."""
        return low + int(self._random() * (high - low + 1))

    def hit(self, percent: int) -> bool:
        """True in `percent` of a hundred cases."""
        return self._random() * 100 < percent

    def choice(self, things: Sequence[Thing]) -> Thing:
        """One of them."""
        return things[int(self._random() * len(things))]

    def sample(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """`count` different ones of them."""
        return self._source.sample(things, count)

    def randbytes(self, count: int) -> bytes:
        """`count` bytes."""
        return self._source.randbytes(count)

    def between(self, earlier: datetime, later: datetime) -> datetime:
        """A whole second in [earlier, later)."""
        return earlier + timedelta(seconds=self.randrange(max(int((later - earlier).total_seconds()), 1)))

    def bell(self, low: int, high: int) -> int:
        """A whole number of [low, high], most likely in the middle."""
        return (self.randint(low, high) + self.randint(low, high) + self.randint(low, high)) // 3


class Wheel:
    """Draws indexes in proportion to whole-number weights."""

    __slots__ = ("_sums",)

    def __init__(self, weights: Sequence[int]) -> None:
        self._sums = list(accumulate(weights))

    def spin(self, dice: Dice, start: int = 0, stop: int | None = None) -> int:
        """An index of [start, stop)."""
        below = self._sums[start - 1] if start else 0
        above = self._sums[-1 if stop is None else stop - 1]
        return bisect_right(self._sums, below + dice.randrange(above - below))
