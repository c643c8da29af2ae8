"""Answers that are kept whole, where the subgraphs are other processes that vouch for what they say.

A plan over HTTP is not divided into parts: made apart, they would ask the subgraphs more often. Its answer is kept for
those who are nobody in particular, as long as all that went into it stands.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from federation.execution import ExecutionResult
from federation.execution.compiled.inputs import key_of
from federation.execution.pieces import json_of
from federation.execution.spliced.fragments import Fragments, Kept
from federation.execution.spliced.ledger import Ledger
from federation.execution.transport import RequestContext
from federation.planning.nodes import QueryPlan

Key = tuple[int, bytes]
"""A plan's number, and the variables."""
Run = Callable[[QueryPlan, RequestContext], Awaitable[ExecutionResult]]
"""Runs a plan for whoever the context says."""


@dataclass(slots=True)
class Wholes:
    """Keeps answers of one supergraph's plans from the second time on that they are asked for.

    `counts` says how often they were used ("hit"), made ("make"), or made in vain: they did not stand ("unkept").
    """

    ledger: Ledger
    fragments: Fragments
    counts: Counter[str] = field(default_factory=Counter)
    _numbers: WeakKeyDictionary[QueryPlan, int] = field(default_factory=WeakKeyDictionary)
    _next: Iterator[int] = field(default_factory=count)
    _making: dict[Key, asyncio.Event] = field(default_factory=dict)

    async def answer(
        self, plan: QueryPlan, variables: Mapping[str, Any], context: RequestContext, run: Run
    ) -> ExecutionResult:
        """The answer to a plan: one that is kept, its data as JSON, or what `run` gives."""
        given = key_of(variables)
        if plan.kind != "query" or given is None or not self.ledger.is_anonymous(context.value):
            return await run(plan, context)
        key = self._number(plan), given
        kept = self.fragments.get(key)
        if kept is None:
            self.fragments.put(key, Kept())
            return await run(plan, context)
        if kept.record is not None and not kept.stands and (making := self._making.get(key)):
            await making.wait()
            kept = self.fragments.get(key) or kept
        if kept.stands and kept.json is not None:
            self.counts["hit"] += 1
            return ExecutionResult(dict(kept.json), [])
        return await self._made(key, plan, context, run)

    def _number(self, plan: QueryPlan) -> int:
        """What stands for a plan in keys: what is kept of its answers does not keep the plan."""
        number = self._numbers.get(plan)
        if number is None:
            number = self._numbers[plan] = next(self._next)
        return number

    async def _made(self, key: Key, plan: QueryPlan, context: RequestContext, run: Run) -> ExecutionResult:
        """The request's own answer, kept where it stands. Others wait for it where such a one has stood before."""
        ((value, record),) = self.ledger.recorded(context.value, 1)
        leads = key not in self._making
        if leads:
            self._making[key] = asyncio.Event()
        try:
            result = await run(plan, replace(context, headers={}, value=value, kept={}))
            kept = Kept()
            if result.data is not None and not result.errors and record.stands:
                kept = Kept.of({name: await json_of(one, result.objects) for name, one in result.data.items()}, record)
            self.counts["make" if kept.stands else "unkept"] += 1
            self.fragments.put(key, kept)
        finally:
            if leads:
                self._making.pop(key).set()
        return result
