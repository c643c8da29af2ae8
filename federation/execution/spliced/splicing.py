"""Answers a request of parts that are kept, and of those that are its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from federation.execution import ExecutionResult
from federation.execution.compiled.inputs import key_of
from federation.execution.eager import together
from federation.execution.fused import FusedPlans, FusedRun
from federation.execution.pieces import LONG, long_json
from federation.execution.spliced.fragments import Fragments, Kept
from federation.execution.spliced.ledger import Ledger, Record
from federation.execution.spliced.parts import Divided, Division, Part, PlanOf, divide
from federation.execution.transport import RequestContext
from federation.planning.nodes import QueryPlan

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
    used ("hit") and made ("make"), came to nothing ("failed") or did not stand even when they were made ("unkept").
    """

    ledger: Ledger
    fused: FusedPlans
    fragments: Fragments
    counts: Counter[str] = field(default_factory=Counter)
    _divided: dict[QueryPlan, Divided | None] = field(default_factory=dict)

    async def answer(
        self, plan: QueryPlan, plan_of: PlanOf, variables: Mapping[str, Any], context: RequestContext, run: Run
    ) -> ExecutionResult | None:
        """The answer to a plan of a query, its data partly as JSON; None, and nothing done, where it is not spliced.

        `plan_of` makes the plans of its parts, `run` runs what is the request's own.
        """
        division = self._division(plan, plan_of, context)
        found = None if division is None else await self._parts(division, variables, context)
        if division is None or found is None:
            return None
        if division.rest is None:
            return ExecutionResult(found, [])
        own = await run(division.rest)
        if own.data is None:
            return own
        data = found | own.data
        return ExecutionResult({key: data[key] for key in division.keys}, own.errors, own.objects)

    def _division(self, plan: QueryPlan, plan_of: PlanOf, context: RequestContext) -> Division | None:
        if not self.ledger.trusted:
            return None
        divided = self._divided.get(plan) or self._seen(plan, plan_of)
        if divided is None:
            return None
        return divided.anonymous if self.ledger.is_anonymous(context.value) else divided.others

    def _seen(self, plan: QueryPlan, plan_of: PlanOf) -> Divided | None:
        first = plan not in self._divided
        if first and len(self._divided) >= MAX_PLANS:
            del self._divided[next(iter(self._divided))]
        divided = self._divided[plan] = None if first else divide(plan, plan_of, self.fused)
        return divided

    async def _parts(
        self, division: Division, variables: Mapping[str, Any], context: RequestContext
    ) -> dict[str, Any] | None:
        """The parts of a division by response key, as JSON; None where the request must do without them."""
        given = key_of(variables)
        if given is None:
            return None
        found: dict[str, Any] = dict.fromkeys(part.key for part in division.parts)
        missing: list[tuple[Part, Key]] = []
        for part in division.parts:
            key = (part.number, given)
            kept = self.fragments.get(key)
            if kept is None:
                self.fragments.put(key, Kept())
                found = {}
            elif not kept.stands:
                missing.append((part, key))
            elif kept.json is None:
                return None
            elif found:
                found[part.key] = kept.json
        if not found:
            return None
        self.counts["hit"] += len(found) - len(missing)
        return found if not missing or await self._make(missing, variables, context, found) else None

    async def _make(
        self, missing: Sequence[tuple[Part, Key]], variables: Mapping[str, Any], context: RequestContext, found: Any
    ) -> bool:
        """Make parts, and keep those that stand; whether all could be made. They share what they read."""
        recorded = self.ledger.recorded(context.value, len(missing))
        works = (
            self._made(part, variables, replace(context, headers={}, value=value, kept={}), record)
            for (part, _), (value, record) in zip(missing, recorded, strict=True)
        )
        for (part, key), kept in zip(missing, await together(*works), strict=True):
            self.counts["failed" if kept.json is None else "make"] += 1
            found[part.key] = kept.json
            if kept.stands:
                self.fragments.put(key, kept)
            else:
                self.counts["unkept"] += 1
        return None not in found.values()

    async def _made(self, part: Part, variables: Mapping[str, Any], context: RequestContext, record: Record) -> Kept:
        """A part, made as for nobody in particular. One in which anything is not as it should be has no JSON: that it
        could not be made stands as long as what it was to be made of."""
        fused = self.fused.of(part.plan)
        if fused is None:
            return Kept()
        run = FusedRun(fused, variables, context)
        data = await run.answer()
        if data is None:
            return Kept(None, record)
        value = data[part.key]
        return Kept.of(await long_json(value) if run.objects > LONG else orjson.dumps(value), record)
