"""`docs/backup.md` says of every table what becomes of its rows."""

from __future__ import annotations

import re
from pathlib import Path

from models.belonging import BELONGINGS, Belonging, Compared, Elsewhere, Own, Under

PAGE = Path(__file__).parents[3] / "docs" / "backup.md"
OF_EVERY_DOMAIN = re.compile(r"^(shops|products|orders|members|content)_(?=outbox|heard|audit)")


def group(kind: Belonging) -> str:
    """How the page's line begins."""
    match kind:
        case Own(moving=True) | Under("buyer_group"):
            return "the shop's own, moved by trade"
        case Own() | Under():
            return "the shop's own"
        case Compared():
            return "refused"
        case Elsewhere(why):
            return "keys" if why.startswith("keys") else "shared"


def test_the_page_names_every_table_in_its_line() -> None:
    told_of_rows = PAGE.read_text("utf-8").partition("## What is in the file")[2].splitlines()
    lines = [line.split("|")[1:3] for line in told_of_rows if line.startswith("| ")]
    told = {
        (table, says.partition(":")[0].strip()) for says, tables in lines for table in re.findall(r"`([\w*]+)`", tables)
    }
    kinds = [pair for tables in BELONGINGS.values() for pair in tables.items()]
    assert told == {(OF_EVERY_DOMAIN.sub("*_", table), group(kind)) for table, kind in kinds}
