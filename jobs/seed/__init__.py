"""The deterministic generator of a believable mall.

Plans come first (shops, products, members: slim, in memory), then members' years are written batch by batch, and
what the orders add up to (sales, ratings, popularity, points) makes the rows of products, shops and promotions. The
same seed and anchor give the same rows, byte for byte, on every machine.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from jobs.seed.keys import MasterKey
from jobs.seed.mall import Mall
from jobs.seed.personas import Persona, personas_of
from jobs.seed.size import SIZES
from jobs.seed.stages import Batch, stages
from kit.errors import Conflict, Invalid
from kit.settings import DEMO_MASTER_KEYS
from models import bulk
from models.audit import UnsealedRow
from models.base import AppendOnlyRow, Row
from models.products.tables import Product
from models.shops.tables import Shop

SEED = 20_261_111

Progress = Callable[[str, int, int], None]
"""Told of every step: the stage's name, the steps done, and how many they are."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was made."""

    rows: Mapping[str, int]
    """By table."""
    personas: tuple[Persona, ...]


async def seed(
    size: str = "demo",
    *,
    anchor: datetime,
    number: int = SEED,
    master_keys: Mapping[str, bytes] = DEMO_MASTER_KEYS,
    fresh: bool = False,
    progress: Progress | None = None,
) -> Seeded:
    """Fill the open database with a mall of `size` about `anchor`, floored to its hour.

    Flash sales stand for every hour from a day before the anchor to a week after it; promotions, groups, coupons and
    live rooms last that week. The first of `master_keys` wraps the keys of its people. `fresh` empties all tables but
    the trail first. Raises Invalid for an unknown size and Conflict where there is a mall already.
    """
    if size not in SIZES:
        raise Invalid("seed.size", f"size must be one of {', '.join(SIZES)}, not {size!r}")
    if fresh:
        await bulk.clear(_emptied())
    if not (await bulk.is_empty(Shop) and await bulk.is_empty(Product)):
        raise Conflict("seed.present", "there is a mall in the database: nothing was changed; --fresh empties it first")
    hour = anchor.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    mall = Mall.plan(SIZES[size], number, hour, MasterKey(*next(iter(master_keys.items()))))
    async with bulk.loading(bulk.tables()):
        rows = await _write(mall, progress or (lambda stage, done, total: None))
    await bulk.analyze(bulk.tables())
    return Seeded(dict(sorted(rows.items())), tuple(personas_of(mall.members, mall.staff, mall.helpers, mall.phones)))


def _emptied() -> list[type[Row]]:
    """Every table but the trail's: it outlives the mall that it tells of."""
    return [table for table in bulk.tables() if not issubclass(table, AppendOnlyRow | UnsealedRow)]


async def _write(mall: Mall, progress: Progress) -> Counter[str]:
    rows: Counter[str] = Counter()
    for stage in stages(mall):
        progress(stage.name, 0, stage.steps)
        for done, batch in enumerate(stage.batches(mall), start=1):
            rows.update(await _write_batch(batch))
            progress(stage.name, min(done, stage.steps), stage.steps)
        progress(stage.name, stage.steps, stage.steps)
    return rows


async def _write_batch(batch: Batch) -> dict[str, int]:
    """Rows written by table. Tables are written side by side: MariaDB works on one while another is encoded."""
    # Drawn table by table before any is written, for the rows share one source of chance.
    drawn = {model: list(rows) for model, rows in batch.items()}
    written = await asyncio.gather(*(bulk.insert(model, rows) for model, rows in drawn.items()))
    return {model._meta.db_table: count for model, count in zip(drawn, written, strict=True)}
