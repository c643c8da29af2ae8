"""When a session of the flash sale runs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from services.products.promotions import session_at
from tests.support.moments import HOUR, NOON


@pytest.mark.parametrize("late", [timedelta(), timedelta(minutes=59, seconds=59, microseconds=999_999)])
def test_a_session_lasts_from_hour_to_hour(late: timedelta) -> None:
    assert session_at(NOON + late) == (NOON, NOON + HOUR)


def test_the_next_session_begins_when_the_last_ends() -> None:
    assert session_at(NOON + HOUR) == (NOON + HOUR, NOON + 2 * HOUR)


def test_a_session_crosses_midnight() -> None:
    late = datetime.fromisoformat("2026-12-31T23:30:00+08:00")
    assert session_at(late)[1] == datetime.fromisoformat("2027-01-01T00:00:00+08:00")
