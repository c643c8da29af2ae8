"""Makes the demo stand: its key, its tables, its data; a second time it only looks whether all is there."""

from __future__ import annotations

import time
from datetime import timedelta

from jobs.seed import console as seeding
from kit.settings import Settings
from kit.tokens import write_signing_key
from models.base import open_database
from models.bulk import is_empty
from models.members.privacy import PersonKey
from models.migrating import migrate

FRESH_FOR = timedelta(days=6)
"""The seeded flash sales, coupons and live rooms last a week."""


async def prepare(settings: Settings, size: str) -> str:
    """Make what is missing; a sentence of what happened."""
    settings.home.mkdir(parents=True, exist_ok=True)
    if not settings.signing_key.exists():
        write_signing_key(settings.signing_key)
    await migrate(settings)
    personas = settings.home / "personas.json"
    age = time.time() - personas.stat().st_mtime if personas.exists() else None
    if age is not None and age < FRESH_FOR.total_seconds() and await _has_keys(settings):
        return f"the {size} mall stands already in {settings.home}"
    return await seeding.run(settings, size, fresh=True)


async def _has_keys(settings: Settings) -> bool:
    """Whether its people's data can be opened: a demo of before there were keys cannot be."""
    async with open_database(settings, ["members"]):
        return not await is_empty(PersonKey)
