"""How SQLite would walk what a statement wants."""

from __future__ import annotations

import re

from models.reading import fetch

SORTED = "SORT"


async def walks(domain: str, text: str) -> list[str]:
    """The steps of the plan that follow an index (without its name, which holds a hash), then its sorts."""
    plan = [row[3] for row in await fetch(domain, f"EXPLAIN QUERY PLAN {text}", [None] * text.count("?"))]
    steps = [re.sub(r" USING (COVERING )?INDEX \S+", " BY INDEX", step) for step in plan]
    return [step for step in steps if "BY INDEX" in step] + [SORTED for step in steps if "TEMP B-TREE" in step]
