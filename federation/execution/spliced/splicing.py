"""Answers a request of parts that are kept, and of those that are its own."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from federation.execution import ExecutionResult
from federation.execution.compiled.inputs import key_of
from federation.execution.eager import together
from federation.execution.fused import FusedPlans, FusedRun
from federation.execution.pieces import json_of
from federation.execution.spliced.fragments import Fragments, Kept
from federation.execution.spliced.ledger import Ledger, Record
from federation.execution.spliced.parts import Divided, Division, Part, PlanOf, divide
from federation.execution.transport import RequestContext
from federation.planning.nodes import QueryPlan
from federation.preparing import prepared

MAX_PLANS = 1_000
"""Plans whose divisions are remembered."""

Key = tuple[int, bytes]
"""A part's number, and the variables."""
Run = Callable[[QueryPlan], Awaitable[ExecutionResult]]
"""Runs a plan for the request."""


@dataclass(slots=True)
class Splicer:
    """Keeps parts of the answers of one supergraph's plans.

    A plan is divided, and a part is made, when it is asked for the second time. `counts` says how often parts were
    used ("hit"), made ("make"), waited for as somebody else made them ("shared"), could not be made ("failed") or did
    not stand even when they were made ("unkept").
    """

    ledger: Ledger
    fused: FusedPlans
    fragments: Fragments
    counts: Counter[str] = field(default_factory=Counter)
    _divided: dict[QueryPlan, Divided | None] = field(default_factory=dict)
    _making: dict[Key, asyncio.Event] = field(default_factory=dict)

    async def answer(
        self, plan: QueryPlan, plan_of: PlanOf, variables: Mapping[str, Any], context: RequestContext, run: Run
    ) -> ExecutionResult | None:
        """The answer to a plan of a query, its data partly as JSON; None, and nothing done, where it is not spliced.

        `plan_of` makes the plans of its parts, `run` runs what is the request's own.
        """
        division = await self._division(plan, plan_of, context)
        found = None if division is None else await self._parts(division, variables, context)
        if division is None or found is None:
            return None
        own = ExecutionResult({}, []) if division.rest is None else await run(division.rest)
        if own.data is None:
            return own
        data = found | own.data
        return ExecutionResult({key: data[key] for key in division.keys}, own.errors, own.objects)

    async def _division(self, plan: QueryPlan, plan_of: PlanOf, context: RequestContext) -> Division | None:
        if not self.ledger.trusted:
            return None
        divided = self._divided.get(plan) or await self._seen(plan, plan_of)
        if divided is None:
            return None
        return divided.anonymous if self.ledger.is_anonymous(context.value) else divided.others

    async def _seen(self, plan: QueryPlan, plan_of: PlanOf) -> Divided | None:
        first = plan not in self._divided
        if first and len(self._divided) >= MAX_PLANS:
            del self._divided[next(iter(self._divided))]
        self._divided[plan] = None if first else Divided(None, None)  # who asks before it is divided does without
        if first:
            return None
        try:
            divided = self._divided[plan] = await prepared(divide, plan, plan_of, self.fused)
        except BaseException:
            self._divided[plan] = None
            raise
        return divided

    async def _parts(
        self, division: Division, variables: Mapping[str, Any], context: RequestContext
    ) -> dict[str, Any] | None:
        """The parts of a division by response key, as JSON; None where the request must do without them."""
        given, found = key_of(variables), dict[str, Any]()
        lacking = None if given is None else self._look(division, given, found)
        if lacking is None:
            return None
        self.counts["hit"] += len(found)
        coming = [one for one in lacking if one[1] in self._making]
        if missing := [one for one in lacking if one[1] not in self._making]:
            await self._make(missing, variables, context, found)
        for _, key in coming:
            await self._wait(key, found)
        return found if len(found) == len(division.parts) else None

    def _look(self, division: Division, given: bytes, found: dict[str, Any]) -> list[tuple[Part, Key]] | None:
        """The parts that do not stand; those that do are put into `found`. None where the request must do without
        parts: one was never asked for, or could not be made of what is still there."""
        lacking: list[tuple[Part, Key]] = []
        useful = True
        for part in division.parts:
            key = (part.number, given)
            kept = self.fragments.get(key)
            if kept is not None and kept.stands:
                found |= kept.json or {}
                useful = useful and kept.json is not None
                continue
            lacking.append((part, key))
            if kept is None:
                self.fragments.put(key, Kept())
                useful = False
        return lacking if useful else None

    async def _wait(self, key: Key, found: dict[str, Any]) -> None:
        """Use a part that somebody else is making, if it stands: he may have begun before a write that is seen here."""
        making = self._making.get(key)
        if making is not None:
            await making.wait()
        kept = self.fragments.get(key)
        if kept is not None and kept.stands and kept.json is not None:
            self.counts["shared"] += 1
            found |= kept.json

    async def _make(
        self, missing: Sequence[tuple[Part, Key]], variables: Mapping[str, Any], context: RequestContext, found: Any
    ) -> None:
        """Make parts, and keep those that stand. They share what they read."""
        making = asyncio.Event()
        self._making |= dict.fromkeys((key for _, key in missing), making)
        try:
            recorded = self.ledger.recorded(context.value, len(missing))
            works = (
                self._made(part, variables, replace(context, headers={}, value=value, kept={}), record)
                for (part, _), (value, record) in zip(missing, recorded, strict=True)
            )
            for (_, key), kept in zip(missing, await together(*works), strict=True):
                self._take(key, kept, found)
        finally:
            for _, key in missing:
                del self._making[key]
            making.set()

    def _take(self, key: Key, kept: Kept, found: dict[str, Any]) -> None:
        self.counts["failed" if kept.json is None else "make"] += 1
        found |= kept.json or {}
        if kept.stands:
            self.fragments.put(key, kept)
        else:
            self.counts["unkept"] += 1

    async def _made(self, part: Part, variables: Mapping[str, Any], context: RequestContext, record: Record) -> Kept:
        """A part, made as for nobody in particular. One in which anything is not as it should be has no JSON: that it
        could not be made stands as long as what it was to be made of."""
        fused = await self.fused.ready(part.plan)
        if fused is None:
            return Kept()
        run = FusedRun(fused, variables, context.begun())
        data = await run.answer()
        if data is None:
            return Kept(None, record)
        return Kept.of({part.key: await json_of(data[part.key], run.objects)}, record)
