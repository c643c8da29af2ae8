"""Ids that come from outside: as arguments, and as the keys by which other subgraphs name our rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from kit.errors import Invalid, NotFound

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class ById:
    """The argument of a field that finds one row."""

    id: str


@dataclass(frozen=True, slots=True)
class Since:
    """The argument of a field that tells what happened since a moment."""

    since: datetime


def found(kind: str, row: Found | None) -> Found | NotFound:
    """The row, or the one answer for what is not there and for what is not the viewer's."""
    return row if row is not None else NotFound(f"{kind}.unknown", f"there is no such {kind}")


def ids_of(representations: Sequence[dict[str, Any]]) -> list[str]:
    """The id in each representation. Raises Invalid where there is none."""
    ids = [representation.get("id") for representation in representations]
    if not all(isinstance(value, str) for value in ids):
        raise Invalid("entity.key", "a representation needs its id, as text")
    return ids  # type: ignore[return-value]
