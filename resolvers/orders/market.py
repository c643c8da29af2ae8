"""Answers for the market: what was published of a month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.errors import Invalid
from kit.page import Connection, Page
from models.feeds import equal
from models.orders import market_reads as reads
from models.orders.rows import BandRow, CellRow
from resolvers.context import Loads
from resolvers.feeds import listed
from resolvers.lists import owned
from resolvers.money import money_in
from resolvers.orders.keys import ShopKey

__all__ = ["BandRow", "CellRow", "money_in"]

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Month(Page):
    """The argument of a list of one month, such as 2026-10."""

    month: str = field(kw_only=True)


async def cells(roots: Sequence[Any], args: Month, loads: Loads) -> list[Connection[CellRow]]:
    if not _MONTH.fullmatch(args.month):
        raise Invalid("market.month", "month is written as 2026-10: four digits, a hyphen, 01 to 12")
    return await listed(reads.CELLS, [equal(month=args.month) for _ in roots], args, loads)


async def trades_of(cells: Sequence[CellRow]) -> list[str | None]:
    return [cell.trade or None for cell in cells]


async def cities_of(cells: Sequence[CellRow]) -> list[str | None]:
    return [cell.city or None for cell in cells]


async def bands_of(shops: Sequence[ShopKey], args: Page, loads: Loads) -> list[Connection[BandRow]]:
    return await owned(reads.BANDS, [shop.id for shop in shops], args, loads)
