"""What every domain does alike with what it stores about a person: erase it, and hand out a copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from kit import clock
from kit.keychain import PLATFORM, Keychain, KeyOf
from kit.sealing import DataKey, SealBroken, Spot
from models.base import Row, unit_of_work
from models.outbox import first_time
from models.personal import SEALED, Personal, erase_rows, personal_tables, rows_about
from services.events import PersonErased

REACTION = "erasure"


async def erase(domain: str, fact: PersonErased) -> None:
    """Follow `fact` once, in one domain."""
    async with unit_of_work(domain):
        if await first_time(domain, fact.id, REACTION, clock.now()):
            await erase_rows(domain, fact.person_id)


async def erase_again(domain: str, person_id: str) -> int:
    """Erase what came back, or came late; how many rows were touched."""
    async with unit_of_work(domain):
        return await erase_rows(domain, person_id)


@dataclass(frozen=True, slots=True)
class Copy:
    """What one table stores about a person."""

    table: str
    rows: Sequence[dict[str, Any]]


async def copies(domain: str, person_id: str, keychain: Keychain) -> list[Copy]:
    """What a domain stores about the person, in clear, as JSON takes it."""
    found: list[Copy] = []
    for model, personal in personal_tables(domain):
        if rows := await rows_about(domain, model, personal, person_id):
            table = model._meta.db_table
            found.append(Copy(table, [await _clear(model, personal, person_id, row, keychain) for row in rows]))
    return found


async def _clear(
    model: type[Row], personal: Personal, person_id: str, row: dict[str, Any], keychain: Keychain
) -> dict[str, Any]:
    keeper = row[personal.keeper] if personal.keeper else PLATFORM
    (key,) = await keychain.of([KeyOf(person_id, keeper)])
    shown: dict[str, Any] = {}
    for name, value in row.items():
        if name.endswith(SEALED):
            spot = Spot(person_id, model._meta.db_table, name, row["id"])
            shown[name.removesuffix(SEALED)] = _opened(value, key, spot)
        else:
            shown[name] = _plain(value)
    return shown


def _opened(sealed: str | None, key: DataKey | None, spot: Spot) -> str | None:
    if not sealed or key is None:
        return None
    try:
        return key.open(sealed, spot).reveal()
    except SealBroken:
        return None


def _plain(value: Any) -> Any:
    """A column as JSON has it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
