"""Sums of money that a row keeps as minor units, with the currency beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.money import Money
from resolvers.context import BatchFunction


def money_in(column: str) -> BatchFunction:
    """The batch function of a field that shows `column` as money."""

    async def sums(rows: Sequence[Any]) -> list[Money]:
        return [Money(getattr(row, column), row.currency) for row in rows]

    return sums
