"""Coroutines side by side, started at once: only one that really waits costs a task.

Most calls of a warm process find what they want in memory. `asyncio.gather` would make a task of each, and go round the
event loop before the first line of any of them runs. `together` runs each up to where it waits; those that do not are
done by then.

A coroutine that waits must go on in the task, and in the context, in which it has started: `asyncio.timeout` remembers
that task, a context variable is reset in that context. `asyncio.Task` can start so from Python 3.12 on
(`eager_start=True`); until then `Eager` is such a task, as
https://docs.python.org/3/library/asyncio-extending.html lets a library have its own.
"""

from __future__ import annotations

import asyncio
from asyncio.tasks import _enter_task, _leave_task, _register_task
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextvars import Context, copy_context
from typing import Any, cast

Work = Coroutine[Any, Any, Any]


async def together(*works: Work) -> list[Any]:
    """What each gives, in their order. Where one raises, those that still run are cancelled, and it is raised."""
    given: list[Any] = [None] * len(works)
    waiting: dict[int, Eager] = {}
    try:
        _start(iter(enumerate(works)), given, waiting)
        await _end(waiting, given)
    except BaseException:
        await _cancel(waiting)
        raise
    return given


async def in_turn(works: Sequence[Work], between: Callable[[], Work]) -> list[Any]:
    """The same one after the other, with a wait `between` them; beside one that waits itself all others are started."""
    given: list[Any] = [None] * len(works)
    waiting: dict[int, Eager] = {}
    unstarted = iter(enumerate(works))
    try:
        for one in unstarted:
            _start(iter((one,)), given, waiting)
            if waiting:
                _start(unstarted, given, waiting)
            else:
                await between()
        await _end(waiting, given)
    except BaseException:
        for _, work in unstarted:
            work.close()
        await _cancel(waiting)
        raise
    return given


async def _end(waiting: dict[int, Eager], given: list[Any]) -> None:
    """Wait for those that wait."""
    if waiting:
        for place, value in zip(waiting, await asyncio.gather(*waiting.values()), strict=True):
            given[place] = value


async def _cancel(waiting: dict[int, Eager]) -> None:
    for task in waiting.values():
        task.cancel()
    if waiting:
        await asyncio.wait(waiting.values())


def _start(unstarted: Iterator[tuple[int, Work]], given: list[Any], waiting: dict[int, Eager]) -> None:
    """Run each up to where it waits: what is done by then is `given`, what is not goes on in a task of its own."""
    loop = asyncio.get_running_loop()
    caller = asyncio.current_task(loop)
    if caller is not None:
        _leave_task(loop, caller)
    try:
        task = _start_some(loop, unstarted, given)
        while task is not None:
            waiting[task.place] = task
            task = _start_some(loop, unstarted, given)
    finally:
        if caller is not None:
            _enter_task(loop, caller)
        for _, work in unstarted:
            work.close()


def _start_some(
    loop: asyncio.AbstractEventLoop, unstarted: Iterator[tuple[int, Work]], given: list[Any]
) -> Eager | None:
    """Run one after the other in a task that none of them keeps, until one waits: that keeps it."""
    task = Eager(copy_context(), loop)
    run = task.run_in.run
    _enter_task(loop, task.as_task)
    try:
        for place, work in unstarted:
            try:
                awaited = run(work.send, None)
            except StopIteration as end:
                given[place] = end.value
            else:
                task.adopt(place, work, awaited)
                return task
    finally:
        _leave_task(loop, task.as_task)
    return None


class Eager(asyncio.Future[Any]):
    """A task whose coroutine has run up to its first wait. `run_in` is its context, `place` that of the coroutine among
    those that it was started with.
    """

    def __init__(self, context: Context, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self.run_in = context
        self.place = 0
        self._work: Work | None = None
        self._awaited: asyncio.Future[Any] | None = None
        self._must_cancel = False
        self._cancel_requests = 0

    @property
    def as_task(self) -> asyncio.Task[Any]:
        """Itself: a task to asyncio, if not by its class."""
        return cast("asyncio.Task[Any]", self)

    def adopt(self, place: int, work: Work, awaited: Any) -> None:
        """Be the task of a coroutine that now waits for what it `awaited`."""
        self.place, self._work = place, work
        _register_task(self.as_task)
        self._wait(awaited)

    def get_coro(self) -> Work | None:
        """See asyncio.Task."""
        return self._work

    def cancel(self, msg: Any | None = None) -> bool:
        """See asyncio.Task: CancelledError is thrown into the coroutine, which may clean up."""
        if self.done():
            return False
        self._cancel_requests += 1
        if self._awaited is None or not self._awaited.cancel(msg=msg):
            self._must_cancel = True
        return True

    def cancelling(self) -> int:
        """See asyncio.Task."""
        return self._cancel_requests

    def uncancel(self) -> int:
        """See asyncio.Task."""
        self._cancel_requests = max(0, self._cancel_requests - 1)
        return self._cancel_requests

    def _wait(self, awaited: Any) -> None:
        if awaited is None:  # a bare yield, as `asyncio.sleep(0)` makes: again in the next turn of the loop
            self.get_loop().call_soon(self._step, context=self.run_in)
        elif getattr(awaited, "_asyncio_future_blocking", None):
            awaited._asyncio_future_blocking = False
            self._awaited = awaited
            awaited.add_done_callback(self._woken, context=self.run_in)
            if self._must_cancel and awaited.cancel():
                self._must_cancel = False
        else:
            error = RuntimeError(f"A coroutine awaits something of another event loop: {awaited!r}")
            self.get_loop().call_soon(self._step, error, context=self.run_in)

    def _woken(self, awaited: asyncio.Future[Any]) -> None:
        try:
            awaited.result()
        except BaseException as error:
            self._step(error)
        else:
            self._step()

    def _step(self, error: BaseException | None = None) -> None:
        """Run the coroutine up to its next wait, or to its end."""
        assert self._work
        if self._must_cancel:
            error = error if isinstance(error, asyncio.CancelledError) else asyncio.CancelledError()
            self._must_cancel = False
        self._awaited = None
        _enter_task(self.get_loop(), self.as_task)
        try:
            awaited = self._work.send(None) if error is None else self._work.throw(error)
        except StopIteration as end:
            if self._must_cancel:
                super().cancel()
            else:
                self.set_result(end.value)
        except asyncio.CancelledError:
            super().cancel()
        except (KeyboardInterrupt, SystemExit) as raised:
            self.set_exception(raised)
            raise
        except BaseException as raised:
            self.set_exception(raised)
        else:
            self._wait(awaited)
        finally:
            _leave_task(self.get_loop(), self.as_task)
