"""Rows that have served their time go in small batches, so that nobody waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.base import Row, unit_of_work


async def forget_batch(
    domain: str,
    model: type[Row],
    column: str,
    before: datetime,
    *,
    where: Mapping[str, Any],
    scrub: Mapping[str, Any] | None,
    most: int,
) -> int:
    """Delete at most `most` rows whose `column` is before a moment, or set the columns of `scrub`; how many they were.

    A transaction of its own.
    """
    due = model.filter(**{f"{column}__lt": before}, **where)
    async with unit_of_work(domain):
        ids = await due.order_by("id").limit(most).values_list("id", flat=True)
        if ids:
            chosen = model.filter(id__in=ids)
            await (chosen.delete() if scrub is None else chosen.update(**scrub))
    return len(ids)
