"""Stock: how many units a branch has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.ids import new_id
from models import bulk
from models.orders.stock import Stock


@dataclass(frozen=True, slots=True)
class Counted:
    """What a count of stock did."""

    changed: int
    """SKUs whose number was another, new ones included."""
    short: Mapping[str, int]
    """SKU id -> units promised to unpaid orders, where the count is below them: nothing was written there."""


async def count_in(shop_id: str, branch_id: str, units: Mapping[str, int]) -> Counted:
    """Set what the branch has on hand to `units` (SKU id -> units). Runs in the caller's transaction."""
    rows = Stock.filter(branch_id=branch_id, shop_id=shop_id, sku_id__in=list(units)).select_for_update()
    known = {row.sku_id: row for row in await rows}
    changed, short = 0, {}
    new: list[dict[str, Any]] = []
    for sku_id, on_hand in units.items():
        row = known.get(sku_id)
        if row is None:
            place = {"sku_id": sku_id, "branch_id": branch_id, "shop_id": shop_id}
            new.append({"id": new_id("stk"), **place, "on_hand": on_hand, "held": 0})
        elif row.on_hand != on_hand:
            # The guard holds where rows cannot be locked (SQLite): a hold may come between.
            if await Stock.filter(id=row.id, held__lte=on_hand).update(on_hand=on_hand):
                changed += 1
            else:
                short[sku_id] = row.held
    return Counted(changed + await bulk.insert(Stock, new), short)
