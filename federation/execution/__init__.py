"""Execution: a query plan in, the client's response out.

Fetches start as soon as those that they wait for are done. Each collects the entities that it is about, asks its
subgraph once, and puts what it gets into the response under construction; at the end the response is completed to the
client's shape. A fetch that fails leaves nulls for its own fields only, and one error.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from federation.errors import SubgraphError
from federation.execution.contexts import Asked, ask_for, splice_apart
from federation.execution.entities import Batch, merge, objects_at, rename, splice
from federation.execution.errors import of_answer, of_failure
from federation.execution.fused import FusedPlans, FusedRun, Known, known_answers
from federation.execution.response import Completer, Path, completer_of, violations
from federation.execution.transport import RequestContext, SubgraphRequest, SubgraphResponse, Transport
from federation.planning.nodes import Fetch, ObjectShape, QueryPlan

__all__ = ["ExecutionResult", "execute"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExecutionResult:
    """The data of a response (null where it bubbled up to the top) and its errors as GraphQL renders them, fetch by
    fetch. `objects` says how many it holds, where that is known.
    """

    data: dict[str, Any] | None
    errors: list[dict[str, Any]]
    objects: int = 0


async def execute(
    plan: QueryPlan,
    variables: Mapping[str, Any],
    transports: Mapping[str, Transport],
    context: RequestContext,
    *,
    event: SubgraphResponse | None = None,
    fused: FusedPlans | None = None,
) -> ExecutionResult:
    """Run a plan. `variables` as JSON; `transports` by name of subgraph.

    `event` is the answer to the plan's first fetch where it is known already: one event of a subscription. `fused`
    keeps fused plans; without it, each fetch is asked for by itself.
    """
    known: Mapping[int, Known] = {}
    found = await fused.ready(plan) if fused is not None and event is None else None
    context = context.begun()
    if fused is not None and found is not None:
        attempt = FusedRun(found, variables, context)
        data = await attempt.answer()
        fused.counts[attempt.anomaly or "run"] += 1
        if attempt.anomaly is None:
            return ExecutionResult(data, [], attempt.objects)
        known = known_answers(attempt)
    run = Run(plan, variables, transports, context, event, known)
    await run.all_fetches()
    return run.result()


@dataclass(slots=True)
class Run:
    """One run of a plan: the response under construction, the errors of each fetch that `failed` in part or whole, and
    the root fields of a mutation that have been called. `known` has answers that a fused run got already, by number of
    fetch.
    """

    plan: QueryPlan
    variables: Mapping[str, Any]
    transports: Mapping[str, Transport]
    context: RequestContext
    event: SubgraphResponse | None = None
    known: Mapping[int, Known] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    failed: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)

    async def all_fetches(self) -> None:
        if len(self.plan.fetches) == 1:
            await self.fetch(self.plan.fetches[0])
            return
        waits = {fetch.number: len(fetch.after) for fetch in self.plan.fetches}
        async with asyncio.TaskGroup() as group:
            for fetch in self.plan.fetches:
                if not fetch.after:
                    group.create_task(self.fetch_on(fetch, waits, group))

    async def fetch_on(self, first: Fetch, waits: dict[int, int], group: asyncio.TaskGroup) -> None:
        """A fetch and those for which it was the last to wait for: one goes on in this task, others in their own."""
        ready = [first]
        while ready:
            fetch, *others = ready
            for other in others:
                group.create_task(self.fetch_on(other, waits, group))
            await self.fetch(fetch)
            ready = []
            for follower in self.plan.followers[fetch.number]:
                waits[follower.number] -= 1
                if not waits[follower.number]:
                    ready.append(follower)

    async def fetch(self, fetch: Fetch) -> None:
        """One request, unless no entity is there to ask for; its answer goes into the response."""
        asked = ask_for(fetch, self.data)
        if fetch.calls and not any(batch.representations for batch in asked.batches.values()):
            return
        if fetch.path and not objects_at(self.data, fetch.path):
            return
        if fetch.kind == "mutation" and not self.may_call(fetch):
            return
        try:
            answer = await self.ask(asked)
        except SubgraphError as error:
            self.failed[fetch.number] = list(of_failure(error, fetch, self.plan, self.data))
            return
        self.accept(answer, asked.fetch, asked.batches)

    def may_call(self, fetch: Fetch) -> bool:
        """After a root field whose null rises to the top, no other is called (GraphQL October 2021, section 6.4.4)."""
        if self.called and Completer(self.shape_called()).complete(self.data) is None:
            return False
        self.called.update(fetch.roots)
        return True

    def shape_called(self) -> ObjectShape:
        """The shape of the response, of a mutation as far as it has been called."""
        shape = self.plan.shape
        if not self.called:
            return shape
        return replace(shape, fields=tuple(one for one in shape.fields if one.key in self.called))

    async def ask(self, asked: Asked) -> SubgraphResponse:
        fetch, batches, given = asked.fetch, asked.batches, self.variables
        if self.event is not None and fetch is self.plan.fetches[0]:
            return self.event
        if fetch.number in self.known and (answer := await self.known[fetch.number].answer(batches)) is not None:
            return answer
        variables = {name: given[name] for name in fetch.variables if name in given} | asked.values
        for call in fetch.calls:
            variables[call.variable] = batches[call.alias].representations
        request = SubgraphRequest(fetch.query, variables, None, fetch.kind)
        try:
            return await self.transports[fetch.service].send(request, self.context)
        except SubgraphError:
            raise
        except Exception:
            _log.exception("subgraph %s could not be asked", fetch.service)
            raise SubgraphError("SUBGRAPH_FAILED", f"Subgraph {fetch.service} failed", fetch.service) from None

    def accept(self, answer: SubgraphResponse, fetch: Fetch, batches: dict[str, Batch]) -> None:
        data = answer.data
        if data is not None:
            if fetch.renames:
                self.restore_keys(data, fetch)
            for alias, batch in batches.items():
                entities = data.get(alias)
                if type(entities) is list:
                    (splice_apart if self.plan.is_contextual else splice)(batch, entities)
            if not fetch.calls:
                self.accept_root(data, fetch)
        if answer.errors:
            self.failed[fetch.number] = list(of_answer(answer.errors, fetch, batches, self.plan, self.data))

    def accept_root(self, data: dict[str, Any], fetch: Fetch) -> None:
        for target in objects_at(self.data, fetch.path):
            merge(target, deepcopy(data) if self.plan.is_contextual else data)

    def restore_keys(self, data: dict[str, Any], fetch: Fetch) -> None:
        for call in fetch.calls:
            for entity in data.get(call.alias) or ():
                if type(entity) is dict:
                    rename(entity, fetch.renames)
        if not fetch.calls:
            rename(data, fetch.renames)

    def result(self) -> ExecutionResult:
        completer = completer_of(self.plan)
        data = completer.complete(self.data)
        errors = [error for number in sorted(self.failed) for error in self.failed[number]]
        if completer.bubbled:
            errors += self.explained_nulls([error.get("path", ()) for error in errors])
        return ExecutionResult(data, errors)

    def explained_nulls(self, known: list[list[str | int]]) -> Iterator[dict[str, Any]]:
        """A null that bubbled up needs an error; most have that of the fetch that failed."""
        for path, coordinate in violations(self.shape_called(), self.data):
            if not any(covers(other, path) for other in known):
                message = f"Cannot return null for non-nullable field {coordinate}."
                yield {"message": message, "path": list(path), "extensions": {"code": "NULL_NOT_ALLOWED"}}


def covers(known: list[str | int], path: Path) -> bool:
    """Does an error at `known` explain a null at `path`?"""
    return all(one == other for one, other in zip(known, path, strict=False))
