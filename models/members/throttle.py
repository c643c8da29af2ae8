"""The table of what is counted so that nobody tries too often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tortoise import fields

from models.base import Row, connection_of
from models.reading import fetch


class Throttle(Row):
    """How often something was tried of late, `thr_`: nobody's name stands here, nor anybody's address.

    The id is a keyed hash of what is counted. There is no other unique column: then MariaDB locks the row alone, and
    not what lies beside it, where many begin to count the same at once.
    """

    tries = fields.IntField()
    since = fields.DatetimeField()
    """When the first of them was."""
    known_until = fields.DatetimeField(null=True)
    """Until when somebody who has succeeded here is known."""
    touched_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "throttle"


# MariaDB knows neither the standard's words nor those of MySQL 8, which Tortoise writes.
_TOUCHED = {
    "sqlite": "ON CONFLICT (id) DO UPDATE SET touched_at = excluded.touched_at",
    "mysql": "ON DUPLICATE KEY UPDATE touched_at = VALUES(touched_at)",
}


async def locked_throttles(ids: Sequence[str], now: datetime) -> dict[str, Throttle]:
    """The rows under these ids, made where there are none, and locked: many at once wait for each other."""
    ordered = sorted(ids)
    values = [value for id_ in ordered for value in (id_, 0, now, now)]
    rows = ", ".join(["(?, ?, ?, ?)"] * len(ordered))
    touched = _TOUCHED[connection_of("members").capabilities.dialect]
    await fetch("members", f"INSERT INTO throttle (id, tries, since, touched_at) VALUES {rows} {touched}", values)
    found = await Throttle.filter(id__in=ordered).select_for_update().order_by("id")
    return {row.id: row for row in found}
