"""What time it is: one clock for the whole process, injected at its start and replaced in tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


class _Running:
    clock: Clock = staticmethod(system_clock)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _Running.clock()


def use(clock: Clock) -> None:
    """Let the process live by `clock` from here on."""
    _Running.clock = staticmethod(clock)


def stopped_at(moment: datetime) -> Clock:
    """A clock that always shows `moment`."""
    utc = moment.astimezone(UTC)
    return lambda: utc


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside the block it is `moment`."""
    before = _Running.clock
    use(stopped_at(moment))
    try:
        yield
    finally:
        use(before)
