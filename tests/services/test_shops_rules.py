"""The rules of shops: how long a delivery takes, where the globe ends, when a branch is open."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kit.clock import SHANGHAI
from kit.errors import Invalid
from services.shops import LONGEST_WAIT, check_wait, delivery_minutes, is_open, steps_of

MONDAY = datetime(2026, 11, 23, tzinfo=SHANGHAI)


@pytest.mark.parametrize(("metres", "minutes"), [(0, 10), (1, 11), (190, 11), (191, 12), (3_000, 26)])
def test_a_delivery_takes_preparation_and_the_ride_in_whole_minutes(metres: int, minutes: int) -> None:
    assert delivery_minutes(10, metres) == minutes


@pytest.mark.parametrize(
    ("latitude", "longitude", "steps"),
    [
        (31.2304, 121.4737, (31_230_400, 121_473_700)),
        (-90, -180, (-90_000_000, -180_000_000)),
        (90, 180, (90_000_000, 180_000_000)),
        (0.0000004, -0.0000006, (0, -1)),
    ],
)
def test_a_point_is_counted_in_millionths_of_a_degree(
    latitude: float, longitude: float, steps: tuple[int, int]
) -> None:
    assert steps_of(latitude, longitude) == steps


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(90.000001, 0), (-91, 0), (0, 180.000001), (0, -181), (float("nan"), 0), (0, float("inf"))],
)
def test_a_point_off_the_globe_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(Invalid) as refused:
        steps_of(latitude, longitude)
    assert refused.value.code == "coordinate.off_globe"


@pytest.mark.parametrize("minutes", [1, 30, LONGEST_WAIT])
def test_a_wait_is_taken_as_asked_for(minutes: int) -> None:
    assert check_wait(minutes) == minutes


@pytest.mark.parametrize("minutes", [0, -1, LONGEST_WAIT + 1])
def test_a_wait_that_nobody_delivers_in_is_refused(minutes: int) -> None:
    with pytest.raises(Invalid) as refused:
        check_wait(minutes)
    assert refused.value.code == "nearby.minutes"


def at(day: int, clock: str) -> datetime:
    """A moment of the week, Monday is 1, in Shanghai."""
    hour, minute = map(int, clock.split(":"))
    return MONDAY + timedelta(days=day - 1, hours=hour, minutes=minute)


WEEKDAYS = [{"days": [1, 2, 3, 4, 5], "opens": "09:00", "closes": "22:00"}]
FRIDAY_NIGHT = [{"days": [5], "opens": "18:00", "closes": "02:00"}]
SUNDAY_NIGHT = [{"days": [7], "opens": "20:00", "closes": "01:00"}]
ALWAYS = [{"days": [1, 2, 3, 4, 5, 6, 7], "opens": "00:00", "closes": "00:00"}]
TWICE = [{"days": [1], "opens": "11:00", "closes": "14:00"}, {"days": [1], "opens": "17:00", "closes": "21:00"}]


@pytest.mark.parametrize(
    ("hours", "day", "clock", "open_"),
    [
        (WEEKDAYS, 1, "08:59", False),
        (WEEKDAYS, 1, "09:00", True),
        (WEEKDAYS, 5, "21:59", True),
        (WEEKDAYS, 5, "22:00", False),
        (WEEKDAYS, 6, "12:00", False),
        (FRIDAY_NIGHT, 5, "17:59", False),
        (FRIDAY_NIGHT, 5, "18:00", True),
        (FRIDAY_NIGHT, 5, "23:59", True),
        (FRIDAY_NIGHT, 5, "01:00", False),
        (FRIDAY_NIGHT, 6, "01:59", True),
        (FRIDAY_NIGHT, 6, "02:00", False),
        (FRIDAY_NIGHT, 6, "20:00", False),
        (SUNDAY_NIGHT, 1, "00:30", True),
        (SUNDAY_NIGHT, 1, "01:00", False),
        (SUNDAY_NIGHT, 7, "00:30", False),
        (ALWAYS, 1, "00:00", True),
        (ALWAYS, 7, "23:59", True),
        (TWICE, 1, "13:59", True),
        (TWICE, 1, "15:00", False),
        (TWICE, 1, "17:00", True),
        ([], 1, "12:00", False),
    ],
)
def test_a_branch_is_open_in_its_hours_also_past_midnight(
    hours: list[dict[str, object]], day: int, clock: str, open_: bool
) -> None:
    assert is_open(hours, at(day, clock)) is open_


@given(minute=some.integers(0, 7 * 24 * 60 - 1), offset=some.integers(-12, 14))
def test_hours_are_those_of_the_shop_wherever_the_clock_stands(minute: int, offset: int) -> None:
    from_afar = (MONDAY + timedelta(minutes=minute)).astimezone(zone(offset))
    for hours in (WEEKDAYS, FRIDAY_NIGHT, SUNDAY_NIGHT, ALWAYS, TWICE):
        assert is_open(hours, from_afar) is is_open(hours, MONDAY + timedelta(minutes=minute))


def zone(hours: int) -> timezone:
    return timezone(timedelta(hours=hours))


@given(minute=some.integers(0, 7 * 24 * 60 - 1))
def test_hours_and_the_rest_of_the_day_make_a_whole_day(minute: int) -> None:
    """Open from nine to two in the night, or from two to nine: always exactly one of the two, every day."""
    every_day = [1, 2, 3, 4, 5, 6, 7]
    moment = MONDAY + timedelta(minutes=minute)
    late = is_open([{"days": every_day, "opens": "09:00", "closes": "02:00"}], moment)
    early = is_open([{"days": every_day, "opens": "02:00", "closes": "09:00"}], moment)
    assert late is not early
