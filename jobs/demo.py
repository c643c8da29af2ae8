"""Makes the demo stand: its key, its tables, its data; a second time it only looks whether all is there."""

from __future__ import annotations

import time
from datetime import timedelta

from jobs.seed import console as seeding
from kit.settings import Settings
from kit.viewer import write_signing_key
from models.base import migrate

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
    if age is not None and age < FRESH_FOR.total_seconds():
        return f"the {size} mall stands already in {settings.home}"
    return await seeding.run(settings, size, fresh=True)
