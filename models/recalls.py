"""Tokens that were called back, in each domain that calls some back."""

from __future__ import annotations

from datetime import UTC, datetime

from kit import clock
from kit.ids import new_id
from kit.ports import Recall
from models.base import RecallRow


async def recall(table: type[RecallRow], subject: str) -> datetime:
    """Call back the tokens of a session or a person, made until now; the moment. Runs in the caller's transaction."""
    now = clock.now()
    await table.create(id=new_id("rcl"), subject=subject, at=now)
    return now


async def recalls_since(table: type[RecallRow], since: datetime) -> list[Recall]:
    """What was called back since a moment."""
    found = await table.filter(at__gt=since.astimezone(UTC)).order_by("id").values_list("subject", "at")
    return [Recall(subject, at) for subject, at in found]
