"""How lists are ranked: a product's score, and what a member likes. Integer arithmetic, equal on every machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import IntEnum
from math import isqrt

PRIOR_RATING = 460
"""Hundredths of a star that a product is believed to deserve before anybody rated it."""
PRIOR_COUNT = 20
"""How many ratings that belief weighs."""
LANDMARK = datetime(2025, 1, 1, tzinfo=UTC)
HALF_LIFE = timedelta(days=180)
"""After this time a fact tells half as much of a member's taste as a fresh one."""
WEIGHT_CAP = 2**31 - 1
"""Largest value of the column."""


class Interest(IntEnum):
    """What a fact tells of a taste."""

    VIEWED = 10
    BOUGHT = 100


def score_of(sales: int, rating: int, rating_count: int) -> int:
    """Rank of a product in lists, higher first.

    Ten times the rating (hundredths of a star) as a Bayesian mean, so that one happy buyer does not beat a thousand,
    plus a hundred times the square root of the units sold, which steadies counts (Anscombe 1948).
    """
    believed = (rating * rating_count + PRIOR_RATING * PRIOR_COUNT) * 10 // (rating_count + PRIOR_COUNT)
    return believed + isqrt(10_000 * max(sales, 0))


def learned(weight: int, interest: Interest, at: datetime) -> int:
    """A taste of `weight` after a fact of `at`.

    Forward decay (Cormode et al., ICDE 2009): a fact weighs more the later it is after a landmark, so old facts fade
    beside new ones without ever being rewritten, and facts may arrive in any order. The growth is linear between
    half-lives, which keeps it exact.
    """
    halves, rest = divmod(at - LANDMARK, HALF_LIFE)
    grown = interest * (HALF_LIFE + rest) // HALF_LIFE if rest else int(interest)
    gain = grown << halves if halves >= 0 else grown >> -halves
    return min(weight + max(gain, 1), WEIGHT_CAP)
