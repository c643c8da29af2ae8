"""Pages of many lists, put together and taken apart."""

from __future__ import annotations

from typing import Any

import msgspec

from models.products.reads.categories import BEST_LIKED, BY_POSITION
from models.products.reads.parts import Sql, by_part, together
from models.products.rows import SectionRow


def row(part: int, category_id: str, position: int = 1, weight: int = 0) -> tuple[Any, ...]:
    shown = SectionRow(category_id, None, "茶叶", "", position, 0, weight)
    return (part, *msgspec.structs.astuple(shown))


def test_rows_find_their_list_and_its_order_however_they_come() -> None:
    rows = [
        row(2, "cat_a", weight=1),
        row(0, "cat_d", 2),
        row(2, "cat_b", weight=3),
        row(0, "cat_c", 2),
        row(0, "cat_e"),
    ]
    found = by_part(rows, [BY_POSITION, BY_POSITION, BEST_LIKED], SectionRow.read)
    assert [[read.id for read in part] for part in found] == [["cat_e", "cat_c", "cat_d"], [], ["cat_b", "cat_a"]]


def test_parts_are_numbered_and_their_values_follow_each_other() -> None:
    parts = [Sql("SELECT id FROM a WHERE x = ?", (1,)), Sql("SELECT id FROM b WHERE y = ? AND z = ?", (2, 3))]
    assert together(parts) == Sql(
        "SELECT 0 AS part, t.* FROM (SELECT id FROM a WHERE x = ?) t"
        " UNION ALL SELECT 1 AS part, t.* FROM (SELECT id FROM b WHERE y = ? AND z = ?) t",
        (1, 2, 3),
    )
