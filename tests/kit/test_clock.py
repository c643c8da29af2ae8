"""There is one clock; it can be stopped and runs on afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from kit import clock
from tests.support.moments import NOON


@pytest.fixture(autouse=True)
def _runs_on() -> Iterator[None]:
    yield
    clock.use(clock.system_clock)


def test_the_clock_shows_the_real_time_in_utc() -> None:
    before = datetime.now(UTC)
    shown = clock.now()
    assert before <= shown <= datetime.now(UTC)
    assert shown.utcoffset() == timedelta(0)


def test_a_stopped_clock_stands_still_in_utc() -> None:
    clock.use(clock.stopped_at(NOON))
    assert clock.now() == clock.now() == NOON
    assert clock.now().utcoffset() == timedelta(0)


def test_inside_a_block_it_is_another_moment_and_after_it_what_it_was() -> None:
    clock.use(clock.stopped_at(NOON))
    with clock.at(NOON + timedelta(days=1)):
        assert clock.now() == NOON + timedelta(days=1)
    assert clock.now() == NOON


def test_a_block_that_fails_gives_the_clock_back_too() -> None:
    clock.use(clock.stopped_at(NOON))
    with pytest.raises(ZeroDivisionError), clock.at(NOON + timedelta(days=1)):
        raise ZeroDivisionError
    assert clock.now() == NOON
