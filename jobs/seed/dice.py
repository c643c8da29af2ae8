"""Chance that falls equally on every machine: whole numbers only, no logarithms that libraries round differently."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import TypeVar

from kit.ids import new_id

Thing = TypeVar("Thing")


class Dice(random.Random):
    """A source of chance for one part of the mall, apart from all others: a change there moves nothing here."""

    def __init__(self, seed: int, part: str) -> None:
        super().__init__(f"{seed}/{part}")

    def id(self, prefix: str, at: datetime) -> str:
        """An id made at `at`."""
        return new_id(prefix, at=at, random_bits=self.getrandbits)

    def hit(self, percent: int) -> bool:
        """True in `percent` of a hundred cases."""
        return self.randrange(100) < percent

    def between(self, earlier: datetime, later: datetime) -> datetime:
        """A whole second in [earlier, later)."""
        return earlier + timedelta(seconds=self.randrange(max(int((later - earlier).total_seconds()), 1)))

    def bell(self, low: int, high: int) -> int:
        """An integer of [low, high], most likely in the middle."""
        return (self.randint(low, high) + self.randint(low, high) + self.randint(low, high)) // 3


class Wheel:
    """Draws indexes in proportion to whole-number weights."""

    __slots__ = ("_sums",)

    def __init__(self, weights: Sequence[int]) -> None:
        self._sums = list(accumulate(weights))

    def spin(self, dice: random.Random, start: int = 0, stop: int | None = None) -> int:
        """An index of [start, stop)."""
        below = self._sums[start - 1] if start else 0
        above = self._sums[-1 if stop is None else stop - 1]
        return bisect_right(self._sums, below + dice.randrange(above - below))
