"""Signing keys follow one another: a fresh one when the newest has signed for its time."""

from __future__ import annotations

from kit.keychain import Keychain
from kit.settings import Settings
from models.base import unit_of_work
from models.members.signing import SigningKey
from services.members import signing


async def rotate(settings: Settings, keychain: Keychain) -> SigningKey:
    """Make a key and publish it: it signs when everybody knows it. The database must be open."""
    draft = await signing.draft_key(keychain.masters)
    async with unit_of_work("members"):
        return await signing.keep_key(draft, longest=settings.longest_token)


async def rotate_when_due(settings: Settings, keychain: Keychain) -> SigningKey | None:
    """The same where there is no key, or the newest has signed for its time."""
    return await rotate(settings, keychain) if await signing.is_due() else None
