"""Units of work that the database undid, so that others could go on, are done again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from tortoise.exceptions import OperationalError

from kit.errors import Unavailable
from models.base import unit_of_work

TRIES = 4
PAUSE_SECONDS = 0.02
"""The longest pause before the second try; before each later one it is twice as long."""

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Undone(OperationalError):
    """The database gave a transaction up for another's sake: nothing of it may stand, and it may be done again."""


async def carry_out(
    domain: str, use_case: Callable[Given, Awaitable[Result]], *args: Given.args, **named: Given.kwargs
) -> Result:
    """What `use_case` answers, as one unit of work of one domain; done again where the database undid it.

    The edge's way to a transaction, and never called inside of another one. `use_case` leaves no trace but rows, and
    changes nothing of what it is given. Raises Unavailable where each try was undone.
    """

    async def once() -> Result:
        async with unit_of_work(domain):
            return await use_case(*args, **named)

    return await repeated(once)


async def repeated(
    once: Callable[[], Awaitable[Result]],
    *,
    chance: Callable[[], float] = random.random,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> Result:
    """What `once` answers, tried again where it is Undone, after random pauses: two that met do not meet again.

    Raises Unavailable where each try was undone.
    """
    for tried in range(TRIES):
        if tried:
            await sleep(PAUSE_SECONDS * 2 ** (tried - 1) * chance())
        try:
            return await once()
        except Undone:
            continue
    raise Unavailable("database.busy", "others were changing the same, and nothing of this was done: try again")
