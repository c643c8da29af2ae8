"""What an operation needs when it comes for the first time is made beside the event loop.

To parse, validate, bound, plan and compile takes 5 to 100 ms of Python that knows no pause. One thread does it, a step
after the other, and the interpreter lets the loop in between: who asks what is known already waits for a moment of it
at most. A second thread would take its moments from the loop as well.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

SWITCH_SECONDS = 0.0005
"""How long one thread keeps the interpreter from another that wants it: Python's own 5 ms would be a whole answer."""

Arguments = ParamSpec("Arguments")
Made = TypeVar("Made")

_THREAD = ThreadPoolExecutor(1, "preparing", initializer=lambda: sys.setswitchinterval(SWITCH_SECONDS))


async def prepared(step: Callable[Arguments, Made], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Made:
    """What a step makes; it may use only what is safe for threads. Raises what the step raises."""
    return await asyncio.wrap_future(_THREAD.submit(step, *args, **kwargs))
