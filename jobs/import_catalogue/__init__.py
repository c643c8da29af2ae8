"""A real shop brings its own catalogue: read, judge every row, write the good ones, say what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from jobs.import_catalogue.reading import rows_of
from kit import clock
from kit.errors import NotFound
from models.base import unit_of_work
from models.shops.tables import Branch, Shop
from services.orders import stock
from services.products import catalogue
from services.products.listing import Listing, Problem, Rules, listings_of

_AT_ONCE = 200
"""Products of one transaction: a live server beside this command waits no longer than for these."""

Thing = TypeVar("Thing")


@dataclass(slots=True)
class Report:
    """What an import did."""

    rows: int
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    """Products."""
    prices: int = 0
    """Prices written into the history."""
    stock: int = 0
    """SKUs whose stock was set."""
    problems: list[Problem] = field(default_factory=list)

    def __str__(self) -> str:
        refused = len({problem.line for problem in self.problems})
        return (
            f"{self.rows} rows: {self.new} products new, {self.changed} changed, {self.unchanged} unchanged; "
            f"{self.prices} prices and {self.stock} stocks set; {refused} rows refused"
        )


async def import_catalogue(path: Path, shop_id: str, *, progress: Callable[[int, int], None] | None = None) -> Report:
    """Bring the catalogue in `path` into the shop, products and their stock at the shop's first branch.

    Good rows land, bad rows are reported all together; a second run changes nothing. Raises Invalid where the file as
    a whole cannot be read, NotFound where there is no such shop. `progress` is told the products done, of how many.
    """
    shop = await Shop.get_or_none(id=shop_id)
    if shop is None:
        raise NotFound("shop.unknown", "there is no such shop")
    rows, broken = rows_of(path)
    listings, bad = listings_of(rows, Rules(shop.trade, await catalogue.leaf_paths()))
    report = Report(len(rows) + len(broken), problems=[*broken, *bad])
    done = 0
    for some in _chunks(listings, _AT_ONCE):
        await _land(shop, some, report)
        done += len(some)
        if progress:
            progress(done, len(listings))
    report.problems.sort()
    return report


async def _land(shop: Shop, listings: Sequence[Listing], report: Report) -> None:
    async with unit_of_work("products"):
        put = await catalogue.put(shop.id, shop.trade, listings, at=clock.now())
    report.new += put.new
    report.changed += put.changed
    report.unchanged += put.unchanged
    report.prices += put.prices
    report.problems += put.problems
    await _count_stock(shop, listings, put.sku_ids, report)


async def _count_stock(shop: Shop, listings: Sequence[Listing], sku_ids: Mapping[str, str], report: Report) -> None:
    """Stock commits after the products it is of: a run that is cut off between the two is made whole by the next."""
    lines = {
        sku_ids[line.sku_code]: line
        for listing in listings
        for line in listing.lines
        if line.stock is not None and line.sku_code in sku_ids
    }
    branch = await Branch.filter(shop_id=shop.id).order_by("id").first()
    if branch is None:
        report.problems += (
            Problem(line.line, "stock", "stock.branch", "the shop has no branch") for line in lines.values()
        )
        return
    units = {sku_id: line.stock for sku_id, line in lines.items() if line.stock is not None}
    async with unit_of_work("orders"):
        counted = await stock.count_in(shop.id, branch.id, units)
    report.stock += counted.changed
    for sku_id, held in counted.short.items():
        reason = f"{held} units are promised to unpaid orders: stock cannot be less"
        report.problems.append(Problem(lines[sku_id].line, "stock", "stock.held", reason))


def _chunks(things: Sequence[Thing], size: int) -> Iterator[Sequence[Thing]]:
    for first in range(0, len(things), size):
        yield things[first : first + size]
