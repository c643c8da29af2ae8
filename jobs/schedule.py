"""Timed work, by taskiq: in the process of the embedded topology, or by one scheduler and any number of workers.

A task is safe to run twice: it does what is due now and nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from taskiq import AsyncBroker, InMemoryBroker, TaskiqScheduler
from taskiq.api import run_receiver_task, run_scheduler_task
from taskiq.schedule_sources import LabelScheduleSource
from taskiq_redis import RedisStreamBroker

from jobs.backup.daily import back_up_shops
from jobs.erasures import sweep
from jobs.market import publish_months
from jobs.retention import forget_expired
from jobs.signing import rotate_when_due
from kit.settings import Settings
from kit.tasks import together
from services.members.privacy.keys import own_keychain

QUEUE_LENGTH = 10_000


Task = Callable[[], Awaitable[object]]


def timetable(settings: Settings) -> dict[Task, str]:
    """What runs when, as cron has it, in UTC."""

    async def follow_signing_key() -> None:
        await rotate_when_due(settings, own_keychain(settings.master_keys))

    return {
        forget_expired: "17 4 * * *",
        follow_signing_key: "37 4 * * *",
        sweep: "47 4 * * *",
        publish_months: "40 17 * * *",
        back_up_shops: "20 19 * * *",
    }


@asynccontextmanager
async def queue_of(settings: Settings) -> AsyncIterator[AsyncBroker]:
    """The queue of timed work, with every task of the timetable, for the time of the block."""
    broker: AsyncBroker = InMemoryBroker()
    if settings.redis_url != "memory://":
        # "0": what was sent before the first worker came is not lost
        broker = RedisStreamBroker(settings.redis_url, consumer_id="0", maxlen=QUEUE_LENGTH, queue_name="jishi:tasks")
    for task, cron in timetable(settings).items():
        broker.register_task(task, task_name=task.__name__, schedule=[{"cron": cron}])
    try:
        yield broker
    finally:
        await broker.shutdown()


async def send_when_due(broker: AsyncBroker) -> None:
    """Send tasks when they are due, until cancelled. There must be one of these in a mall."""
    await run_scheduler_task(TaskiqScheduler(broker, [LabelScheduleSource(broker)]), run_startup=True)


async def work_off(broker: AsyncBroker) -> None:
    """Do the tasks that are sent, until cancelled."""
    await run_receiver_task(broker, run_startup=True)


async def run_schedule(settings: Settings) -> None:
    """The whole timetable in this process, until cancelled."""
    async with queue_of(settings) as broker:
        if isinstance(broker, InMemoryBroker):
            await send_when_due(broker)
        else:
            await together(send_when_due(broker), work_off(broker))
