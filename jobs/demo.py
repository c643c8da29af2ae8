"""Makes the demo stand: its keys, its tables, its data, its people's tokens; a second time it only makes new tokens."""

from __future__ import annotations

import time
from datetime import timedelta

import msgspec

from jobs.seed import console as seeding
from jobs.signing import rotate_when_due
from kit.demo import TOKENS, KnownPerson, known_people
from kit.keychain import Keychain
from kit.processes import make_process_keys
from kit.settings import Settings
from kit.tokens import write_token
from models.base import open_database
from models.bulk import is_empty
from models.members.privacy import PersonKey
from models.migrating import migrate
from services.members.privacy.keys import own_keychain
from services.members.signing import signing_key

FRESH_FOR = timedelta(days=6)
"""The seeded flash sales, coupons and live rooms last a week."""


async def prepare(settings: Settings, size: str) -> str:
    """Make what is missing; a sentence of what happened."""
    settings.home.mkdir(parents=True, exist_ok=True)
    if not settings.process_keys.exists():
        make_process_keys(settings.process_keys)
    await migrate(settings)
    told = await _seeded(settings, size)
    await sign_in_everybody(settings)
    return told


async def _seeded(settings: Settings, size: str) -> str:
    personas = settings.home / "personas.json"
    age = time.time() - personas.stat().st_mtime if personas.exists() else None
    if age is not None and age < FRESH_FOR.total_seconds() and await _has_keys(settings):
        return f"the {size} mall stands already in {settings.home}"
    return await seeding.run(settings, size, fresh=True)


async def _has_keys(settings: Settings) -> bool:
    """Whether its people's data can be opened: a demo of before there were keys cannot be."""
    async with open_database(settings, ["members"]):
        return not await is_empty(PersonKey)


async def sign_in_everybody(settings: Settings) -> None:
    """Write a token of each persona into a file that only its owner reads. It has all of their hats."""
    keychain = own_keychain(settings.master_keys)
    async with open_database(settings):
        await rotate_when_due(settings, keychain)
        tokens = {person.name: await _token_of(person, settings, keychain) for person in known_people(settings)}
    path = settings.home / TOKENS
    path.touch(mode=0o600)
    path.write_bytes(msgspec.json.encode(tokens))


async def _token_of(person: KnownPerson, settings: Settings, keychain: Keychain) -> str:
    return write_token(await signing_key(keychain.masters), person.hats, lasting=settings.longest_token)
