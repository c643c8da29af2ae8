"""The reads of break-glass."""

from __future__ import annotations

from collections.abc import Sequence

from models.feeds import Condition, Feed
from models.orders.rows import CaseRow
from models.reading import Order, by_id

CASES = Feed("orders", "oversight_case", CaseRow, Order(CaseRow, ("id",), descending=True))
EVERY = Condition("1 = 1", ())


async def cases_by_id(ids: Sequence[str]) -> list[CaseRow | None]:
    return await by_id("orders", "oversight_case", CaseRow, ids)
