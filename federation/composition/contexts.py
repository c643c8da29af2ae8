"""The little language of `@fromContext(field: "$context { selection }")` (Federation 2.8)."""

from __future__ import annotations

import re

_FIELD = re.compile(r"^\s*\$\s*(?P<context>[A-Za-z_]\w*)(?P<selection>[\s\S]*\S[\s\S]*)$")


def parse_context_selection(text: object) -> tuple[str | None, str | None]:
    """Name of the context and text of the selection; None for what is missing."""
    match = _FIELD.match(text) if isinstance(text, str) else None
    return (match["context"], match["selection"]) if match else (None, None)
