"""The asynchronous part of a run: one call for a field of a level, whatever happens in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from federation.execution.compiled.answers import BatchCall, Judge, Plain
from federation.execution.compiled.columns import Cells, as_lists, read
from federation.execution.compiled.running import Run
from federation.execution.compiled.tree import Field


@dataclass(frozen=True, slots=True)
class Fetch:
    """Answers a field for rows: guards first, then one call for the rows that passed. It raises nothing: a failed call
    fails each of its cells."""

    field: Field

    async def __call__(self, run: Run, rows: Cells) -> Cells:
        answer, column = self.field.answer, self.field.column
        if not rows or answer is None or column is None:
            return []
        arguments = run.arguments[column]
        if isinstance(arguments, Exception):
            return [arguments] * len(rows)
        began = 0 if run.trace is None else run.trace.now()
        if answer.guard is None:
            cells = await self.cells(run, rows, arguments)
        else:
            cells = await self.guarded(run, rows, arguments, answer.guard)
        if run.trace is not None:
            run.trace.calls[column] = began, run.trace.now()
        return as_lists(cells, self.field.list_depth) if self.field.children else cells

    async def cells(self, run: Run, rows: Cells, arguments: dict[str, Any]) -> Cells:
        """The cells of `rows`, whoever may see them."""
        assert self.field.answer
        how = self.field.answer.how
        try:
            if isinstance(how, BatchCall):
                return self.counted(await how.function(rows, arguments, run.context), rows)
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
        steps = self.fetch(run, rows)
        try:
            steps.send(None)
        except StopIteration as end:
            cells: Cells = end.value
            return cells
        steps.close()
        field = self.fetch.field
        return [TypeError(f"{field.parent.name}.{field.name} was not to be waited for")] * len(rows)
