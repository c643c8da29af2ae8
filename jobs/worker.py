"""Background work as a process of its own: tells facts, follows them, seals the trail, does timed tasks."""

from __future__ import annotations

import os
import socket

from jobs.erasures import use_journal
from jobs.exports import use_keychain
from jobs.listener import listen
from jobs.relay import relay
from jobs.schedule import queue_of, send_when_due, work_off
from jobs.trail.anchors import Anchors
from jobs.trail.sealer import keep_sealing, notary_of
from kit.redis import connect
from kit.settings import DOMAINS, Settings
from kit.tasks import together
from models.base import open_database
from services.members.privacy.keys import own_keychain


def equip(settings: Settings) -> None:
    """Hand this process what its reactions need of the settings."""
    use_keychain(own_keychain(settings.master_keys))
    use_journal(settings.erasure_journal)


async def work(settings: Settings) -> None:
    """Relay, listen, seal and work tasks off, until cancelled. Any number of these may run."""
    notary = notary_of(settings)
    equip(settings)
    name = f"{socket.gethostname()}-{os.getpid()}"
    async with connect(settings.redis_url) as redis, open_database(settings), queue_of(settings) as queue:
        await together(
            relay(redis, DOMAINS),
            listen(redis, name),
            work_off(queue),
            keep_sealing(notary, Anchors(settings.audit_anchors), DOMAINS),
        )


async def schedule(settings: Settings) -> None:
    """Send timed tasks to the workers, until cancelled. One of these runs in a mall."""
    async with queue_of(settings) as queue:
        await send_when_due(queue)
