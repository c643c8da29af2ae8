"""What the outboxes hold."""

from __future__ import annotations

from typing import Any, TypeVar

from models.base import OutboxRow
from models.changes import KIND

Box = TypeVar("Box", bound=OutboxRow)


def facts(of: type[Box]) -> Any:
    """A query of an outbox's facts, without what it tells caches."""
    return of.exclude(kind=KIND)


def changes(of: type[Box]) -> Any:
    """A query of what an outbox tells caches."""
    return of.filter(kind=KIND)
