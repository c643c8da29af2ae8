"""The rules of promotions."""

from __future__ import annotations

from datetime import datetime, timedelta

SESSION = timedelta(hours=1)
"""A session of the flash sale begins on the hour; whole hours are the same in China and in UTC."""


def session_at(moment: datetime) -> tuple[datetime, datetime]:
    """When the flash-sale session of `moment` starts and ends."""
    starts_at = moment.replace(minute=0, second=0, microsecond=0)
    return starts_at, starts_at + SESSION
