"""The asynchronous part of a run: one call for a field of a level, whatever happens in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from federation.execution.compiled.answers import Answer, BatchCall, Judge, Plain
from federation.execution.compiled.columns import Cells, as_lists, read
from federation.execution.compiled.running import Run
from federation.execution.compiled.tree import Field
from federation.execution.pace import PART, in_parts


@dataclass(frozen=True, slots=True)
class Fetch:
    """Answers a field for rows: guards first, then one call for the rows that passed. It raises nothing: a failed call
    fails each of its cells.

    `function` is the batch function of a field that nobody guards, `depth` how many lists are around its objects.
    """

    field: Field
    answer: Answer
    column: int
    depth: int
    function: Any

    @classmethod
    def of(cls, field: Field) -> Fetch:
        """The fetch of a field that has a column."""
        assert field.answer
        assert field.column is not None
        function = field.answer.how.function if isinstance(field.answer.how, BatchCall) else None
        depth = field.list_depth if field.children else 0
        return cls(field, field.answer, field.column, depth, None if field.answer.guard else function)

    async def __call__(self, run: Run, rows: Cells) -> Cells:
        arguments = run.arguments[self.column]
        if not rows or isinstance(arguments, Exception):
            return [arguments] * len(rows)
        if self.function is None or run.trace is not None:
            cells = await self.watched(run, rows, arguments)
        else:
            try:
                cells = await self.called(self.function, run, rows, arguments)
            except Exception as error:
                return [error] * len(rows)
        if run.pace.late:
            await run.pace.pause()
        return as_lists(cells, self.depth) if self.depth else cells

    async def watched(self, run: Run, rows: Cells, arguments: dict[str, Any]) -> Cells:
        """The cells of any field, guarded or not; the run's trace is told."""
        began = 0 if run.trace is None else run.trace.now()
        if self.answer.guard is None:
            cells = await self.cells(run, rows, arguments)
        else:
            cells = await self.guarded(run, rows, arguments, self.answer.guard)
        if run.trace is not None:
            run.trace.calls[self.column] = began, run.trace.now()
        return cells

    async def called(self, function: Any, run: Run, rows: Cells, arguments: dict[str, Any]) -> Cells:
        """What a batch function answers, part by part where the rows are very many."""
        if len(rows) <= PART:
            return self.counted(await function(rows, arguments, run.context), rows)
        return await in_parts(rows, lambda part: function(part, arguments, run.context), run.pace)

    async def cells(self, run: Run, rows: Cells, arguments: dict[str, Any]) -> Cells:
        """The cells of `rows`, whoever may see them."""
        how = self.answer.how
        try:
            if isinstance(how, BatchCall) and how.waits:
                return await self.called(how.function, run, rows, arguments)
            if isinstance(how, BatchCall):
                return self.counted(how.function(rows, arguments, run.context), rows)  # type: ignore[arg-type]
            if isinstance(how, Plain):
                return await self.one_by_one(run, rows, arguments, how)
        except Exception as error:
            return [error] * len(rows)
        return read(rows, how.name, 0)

    async def guarded(self, run: Run, rows: Cells, arguments: dict[str, Any], guard: Judge) -> Cells:
        """The cells of the rows that `guard` lets pass, and its errors for the others."""
        try:
            verdicts: Any = guard(rows, run.context)
            verdicts = self.counted(await verdicts if isawaitable(verdicts) else verdicts, rows)
        except Exception as error:
            return [error] * len(rows)
        allowed = _allowed(rows, verdicts)
        return _joined(await self.cells(run, allowed, arguments) if allowed else (), verdicts)

    async def one_by_one(self, run: Run, rows: Cells, arguments: dict[str, Any], how: Plain) -> Cells:
        """The cells as a resolver gives them, one by one; what has to be waited for is waited for together."""
        info = run.info(self.field)
        cells: list[Any] = []
        for row in rows:
            try:
                cells.append(how.resolver(row, info, **arguments))
            except Exception as error:
                cells.append(error)
        places = [place for place, cell in enumerate(cells) if isawaitable(cell)]
        for place, cell in zip(places, await _all([cells[place] for place in places]), strict=True):
            cells[place] = cell
        return cells

    def counted(self, cells: Sequence[Any], rows: Cells) -> Sequence[Any]:
        if len(cells) != len(rows):
            raise RuntimeError(f"{self.field.parent.name}.{self.field.name}: {len(cells)} cells for {len(rows)} rows")
        return cells


def _allowed(rows: Cells, verdicts: Sequence[Any]) -> list[Any]:
    return [row for row, verdict in zip(rows, verdicts, strict=True) if verdict is None]


def _joined(cells: Cells, verdicts: Sequence[Any]) -> list[Any]:
    """The cells of the rows that passed, and the errors of those that did not."""
    passed = iter(cells)
    return [next(passed) if verdict is None else _refusal(verdict) for verdict in verdicts]


def _refusal(verdict: Any) -> Exception:
    """The error of a row that did not pass; a guard that answers something else has not let it pass either."""
    return verdict if isinstance(verdict, Exception) else TypeError(f"Unexpected verdict of a guard: {verdict!r}")


async def _all(waiting: list[Awaitable[Any]]) -> list[Any]:
    """What each gives, or the exception that it raises. A single one is awaited in the task of the caller."""
    if len(waiting) > 1:
        done = await asyncio.gather(*waiting, return_exceptions=True)
        for cell in done:
            if isinstance(cell, BaseException) and not isinstance(cell, Exception):
                raise cell
        return done
    try:
        return [await cell for cell in waiting]
    except Exception as error:
        return [error]


@dataclass(frozen=True, slots=True)
class Reading:
    """Answers a field whose answer promises that nothing has to be waited for (`Answer.waits`)."""

    fetch: Fetch

    def __call__(self, run: Run, rows: Cells) -> Cells:
        fetch = self.fetch
        arguments = run.arguments[fetch.column]
        if not rows or isinstance(arguments, Exception):
            return [arguments] * len(rows)
        if fetch.function is None or run.trace is not None:
            cells = self.at_once(fetch.watched(run, rows, arguments), rows)
        else:
            try:
                cells = fetch.counted(fetch.function(rows, arguments, run.context), rows)
            except Exception as error:
                return [error] * len(rows)
        return as_lists(cells, fetch.depth) if fetch.depth else cells

    def at_once(self, steps: Coroutine[Any, Any, Cells], rows: Cells) -> Cells:
        """What a coroutine gives that has nothing to wait for."""
        try:
            steps.send(None)
        except StopIteration as end:
            cells: Cells = end.value
            return cells
        steps.close()
        field = self.fetch.field
        return [TypeError(f"{field.parent.name}.{field.name} was not to be waited for")] * len(rows)
