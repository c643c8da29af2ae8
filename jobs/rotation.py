"""Replacing keys as a command: a progress bar, and a line of what happened."""

from __future__ import annotations

from argparse import Namespace

from rich.console import Console
from rich.progress import Progress

from kit.keychain import PLATFORM, Keychain
from kit.settings import Settings
from models.base import open_database
from services.members.privacy import rotation
from services.members.privacy.keys import own_keychain


async def run(settings: Settings, asked: Namespace) -> str:
    """Rotate what was asked for; a sentence. Raises NotFound, MasterKeyUnknown, SealBroken."""
    async with open_database(settings, ["members"]):
        keychain = own_keychain(settings.master_keys)
        screen = Console(stderr=True)
        with Progress(console=screen, disable=not screen.is_terminal) as bar:
            task = bar.add_task("keys", total=await _work(asked))
            return await _rotate(keychain, asked, lambda rows: bar.advance(task, rows))


async def _work(asked: Namespace) -> int:
    if asked.master:
        return await rotation.wrapped()
    return await rotation.logins() if asked.hash else await rotation.people_of(asked.shop or PLATFORM)


async def _rotate(keychain: Keychain, asked: Namespace, progress: rotation.Progress) -> str:
    if asked.master:
        await rotation.rotate_master(keychain, progress)
        return f"every key is wrapped by the master key {keychain.masters.current!r}: the others may be destroyed"
    if asked.hash:
        left = await rotation.rotate_hashes(keychain, progress)
        rest = f"; {left} could not be renamed, for them the old key stays" if left else ""
        return f"telephones are named by a fresh key{rest}"
    keeper = asked.shop or PLATFORM
    await rotation.rotate_keeper(keychain, keeper, progress)
    return f"a fresh key of {keeper} wraps its people's; the old one is destroyed"
