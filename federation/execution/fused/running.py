"""A run of a fused plan: each fetch resolves into rows and columns, and one completion makes the answer of them.

Whatever is not as it should be (an error, a failed cell, a null where none may be, an entity that is missing where it
must not be) ends the fused run: the ordinary executor makes the answer, of what has been resolved by then.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from federation.execution.compiled.running import Run
from federation.execution.compiled.tree import Field
from federation.execution.eager import together
from federation.execution.fused.asked import Asked, Places
from federation.execution.fused.plan import FusedPlan, Fusion
from federation.execution.pace import Pace
from federation.execution.transport import RequestContext


@dataclass(slots=True)
class FusedRun:
    """One run. `runs` and `asked` by number of fetch: those that have begun, and what they ask for; `resolved` are
    those that have come to their end, `late` those that had not at the request's deadline.

    `anomaly` says why the ordinary executor must make the answer.
    """

    fused: FusedPlan
    variables: Mapping[str, Any]
    context: RequestContext
    runs: dict[int, Run] = field(default_factory=dict)
    asked: dict[int, tuple[Asked, ...]] = field(default_factory=dict)
    places: list[Places] = field(default_factory=list)
    resolved: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)
    anomaly: str | None = None
    pace: Pace = field(default_factory=Pace)
    _ended: set[int] = field(default_factory=set)
    _waiting: dict[int, list[asyncio.Future[None]]] = field(default_factory=dict)

    async def answer(self) -> dict[str, Any] | None:
        """The data; None where the ordinary executor must make the answer."""
        self.places = [[]] * self.fused.places
        await self._all_fetches()
        if self.anomaly is not None:
            return None
        try:
            data: dict[str, Any] = await self.pace.drive(self.fused.complete(self))
        except Exception:
            self.anomaly = "completion"
            return None
        return data

    @property
    def objects(self) -> int:
        """How many objects were found."""
        return sum(len(rows) for run in self.runs.values() for rows in run.rows)

    async def _all_fetches(self) -> None:
        works = (self._in_turn(fusion) for fusion in self.fused.fusions)
        deadline = self.context.deadline
        try:
            async with asyncio.timeout(None if deadline is None else deadline - time.monotonic()):
                await together(*works)
        except TimeoutError:
            self.late = self.runs.keys() - self._ended
            self.anomaly = "deadline"

    async def _in_turn(self, fusion: Fusion) -> None:
        """A fetch, once those that it waits for are done; not where the ordinary executor will ask for it."""
        for number in fusion.fetch.after:
            if number not in self._ended:
                await self._end_of(number)
        try:
            if self.anomaly is None:
                await self._fetch(fusion)
        except Exception:
            self.anomaly = "resolution"
        self._ended.add(fusion.fetch.number)
        for waiting in self._waiting.pop(fusion.fetch.number, ()):
            if not waiting.done():
                waiting.set_result(None)

    async def _end_of(self, number: int) -> None:
        ended = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(number, []).append(ended)
        await ended

    async def _fetch(self, fusion: Fusion) -> None:
        number, compiled = fusion.fetch.number, fusion.piece.compiled
        given = self.variables
        taken = fusion.inputs.take({name: given[name] for name in fusion.fetch.variables if name in given})
        if isinstance(taken, list):
            self.anomaly = "variables"
            return
        asked = self.asked[number] = () if fusion.ask is None else await self.pace.drive(fusion.ask(self))
        in_vain = fusion.ask is not None and not any(one.representations for one in asked)
        context = None if in_vain else fusion.piece.local.context(self.context)
        run = self.runs[number] = compiled.begin(taken, None, context, self.pace)
        for call, one in zip(fusion.calls, asked, strict=True):
            _hand_over(one, call, run)
        if not in_vain:
            await compiled.resolve(run)
            self.resolved.add(number)
        if run.exact:
            self.anomaly = "resolution"


def _hand_over(asked: Asked, call: Field, run: Run) -> None:
    """Let the run ask for these entities; as long as it has not, it has found none."""
    assert call.column is not None
    run.arguments[call.column] = {"representations": asked.representations}
    run.columns[call.column] = [[]]
