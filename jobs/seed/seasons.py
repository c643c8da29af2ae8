"""When people buy: the year's festivals, the week, and the hours of a day in China."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from jobs.seed.dice import Dice, Wheel
from kit.clock import SHANGHAI
from models.states import Trade

DAYS = 365

SPRING_FESTIVALS = (
    date(2024, 2, 10),
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
    date(2030, 2, 3),
    date(2031, 1, 23),
    date(2032, 2, 11),
    date(2033, 1, 31),
    date(2034, 2, 19),
    date(2035, 2, 8),
)
"""First day of the lunar year."""

_SALES = {
    (11, 11): 600, (11, 10): 300, (11, 1): 260, (6, 18): 460, (6, 17): 240, (6, 1): 210, (12, 12): 270, (3, 8): 190,
    (8, 8): 150, (9, 9): 160, (10, 1): 150, (5, 20): 150, (5, 1): 140,
}  # fmt: skip
"""Percent of an ordinary day on the days of the big sales."""

_SHOPPING_HOURS = (9, 5, 3, 2, 2, 3, 8, 18, 30, 42, 55, 52, 56, 50, 44, 45, 46, 44, 46, 58, 78, 84, 66, 30)
_MEAL_HOURS = (6, 2, 1, 1, 1, 3, 14, 32, 28, 18, 40, 98, 92, 40, 20, 24, 30, 66, 96, 78, 42, 30, 24, 14)


def _weight(day: date) -> int:
    weight = _SALES.get((day.month, day.day), 100)
    if (day.month == 11 and day.day < 11) or (day.month == 6 and day.day < 18):
        weight = max(weight, 165)
    if day.isoweekday() >= 6:
        weight = weight * 125 // 100
    return weight * _festival(day) // 100


def _festival(day: date) -> int:
    """Before the Spring Festival people stock up, in its week couriers rest."""
    nearest = min(((day - festival).days for festival in SPRING_FESTIVALS), key=abs)
    if -18 <= nearest <= -4:
        return 170
    return 40 if -3 <= nearest <= 6 else 100


class Seasons:
    """The year before `anchor`, day 0 being `DAYS` days before it."""

    def __init__(self, anchor: datetime) -> None:
        self._anchor = anchor
        self._first = anchor.astimezone(SHANGHAI).date() - timedelta(days=DAYS)
        # Trade grows by half over the year.
        weights = [_weight(self._first + timedelta(days=n)) * (200 + n * 100 // DAYS) for n in range(DAYS)]
        self._days = Wheel(weights)
        self._hours = {trade: Wheel(_MEAL_HOURS if trade is Trade.RESTAURANT else _SHOPPING_HOURS) for trade in Trade}

    def draw(self, dice: Dice, first: int, last: int, trade: Trade = Trade.RETAIL) -> datetime:
        """A moment on a day of [first, last), always before the anchor."""
        day = self._first + timedelta(days=self._days.spin(dice, first, last))
        hour = self._hours[trade].spin(dice)
        local = datetime.combine(day, time(hour, dice.randrange(60), dice.randrange(60)), SHANGHAI)
        return local.astimezone(self._anchor.tzinfo)

    def day_of(self, moment: datetime) -> int:
        """The number of the day on which `moment` is, within the year."""
        return min(max((moment.astimezone(SHANGHAI).date() - self._first).days, 0), DAYS - 1)
