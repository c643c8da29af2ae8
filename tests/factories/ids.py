"""Ids of rows that a test makes: each is later than the one before, so that lists ordered by id are too."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from kit.ids import new_id
from tests.support.moments import DAY, NOON

_made = count()


def fresh(prefix: str) -> str:
    """An id made a millisecond after the last one, the day before NOON."""
    return new_id(prefix, at=NOON - DAY + timedelta(milliseconds=next(_made)))
