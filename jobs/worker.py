"""Background work as a process of its own: tells facts, follows them, seals the trail, does timed tasks."""

from __future__ import annotations

import asyncio
import os
import socket

from jobs.listener import listen
from jobs.relay import relay
from jobs.schedule import broker_of, send_when_due, work_off
from jobs.trail.anchors import Anchors
from jobs.trail.sealer import keep_sealing, notary_of
from kit.redis import connect
from kit.settings import DOMAINS, Settings
from models.base import open_database


async def work(settings: Settings) -> None:
    """Relay, listen, seal and work tasks off, until cancelled. Any number of these may run."""
    redis, notary = connect(settings.redis_url), notary_of(settings)
    name = f"{socket.gethostname()}-{os.getpid()}"
    async with open_database(settings), asyncio.TaskGroup() as group:
        group.create_task(relay(redis, DOMAINS))
        group.create_task(listen(redis, name))
        group.create_task(work_off(broker_of(settings)))
        group.create_task(keep_sealing(notary, Anchors(settings.audit_anchors), DOMAINS))


async def schedule(settings: Settings) -> None:
    """Send timed tasks to the workers, until cancelled. One of these runs in a mall."""
    await send_when_due(broker_of(settings))
