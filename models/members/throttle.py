"""The table of what is counted so that nobody tries too often."""

from __future__ import annotations

from tortoise import fields

from models.base import Row


class Throttle(Row):
    """How often something was tried of late, `thr_`: nobody's name stands here, nor anybody's address."""

    name = fields.CharField(max_length=90, unique=True)
    """Keyed hash of what is counted."""
    tries = fields.IntField()
    since = fields.DatetimeField()
    """When the first of them was."""
    known_until = fields.DatetimeField(null=True)
    """Until when somebody who has succeeded here is known."""
    touched_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "throttle"
