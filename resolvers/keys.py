"""Representations: the keys by which other subgraphs name our rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.errors import Invalid


def ids_of(representations: Sequence[dict[str, Any]]) -> list[str]:
    """The id in each representation. Raises Invalid where there is none."""
    ids = [representation.get("id") for representation in representations]
    if not all(isinstance(value, str) for value in ids):
        raise Invalid("entity.key", "a representation needs its id, as text")
    return ids  # type: ignore[return-value]
