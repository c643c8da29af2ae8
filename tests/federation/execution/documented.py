"""The code that docs/execution.md shows."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "execution.md"


def documented(what: str) -> str:
    """The block of code that the page marks so."""
    found = re.search(rf"^```text {what}\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found, f"{PAGE} shows no {what}"
    return found[1]
