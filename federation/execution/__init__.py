"""Execution: a query plan in, the client's response out.

Fetches start as soon as those that they wait for are done. Each collects the entities that it is about, asks its
subgraph once, and puts what it gets into the response under construction; at the end the response is completed to the
client's shape. A fetch that fails leaves nulls for its own fields only, and one error.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from federation.errors import SubgraphError
from federation.execution.contexts import Asked, ask_for, splice_apart
from federation.execution.entities import Batch, merge, objects_at, rename, splice
from federation.execution.errors import of_answer, of_failure
from federation.execution.response import Completer, Path, completer_of, violations
from federation.execution.transport import RequestContext, SubgraphRequest, SubgraphResponse, Transport
from federation.planning.nodes import Fetch, ObjectShape, QueryPlan

__all__ = ["ExecutionResult", "execute"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExecutionResult:
    """The data of a response (null where it bubbled up to the top) and its errors, as GraphQL renders them."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]]


async def execute(
    plan: QueryPlan,
    variables: Mapping[str, Any],
    transports: Mapping[str, Transport],
    context: RequestContext,
    *,
    event: SubgraphResponse | None = None,
) -> ExecutionResult:
    """Run a plan. `variables` as JSON; `transports` by name of subgraph.

    `event` is the answer to the plan's first fetch where it is known already: one event of a subscription.
    """
    run = Run(plan, variables, transports, context, event)
    await run.all_fetches()
    return run.result()


@dataclass(slots=True)
class Run:
    """One run of a plan: the response under construction and the errors so far, and the root fields of a mutation that
    have been called.
    """

    plan: QueryPlan
    variables: Mapping[str, Any]
    transports: Mapping[str, Transport]
    context: RequestContext
    event: SubgraphResponse | None = None
    data: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    called: set[str] = field(default_factory=set)

    async def all_fetches(self) -> None:
        if len(self.plan.fetches) == 1:
            await self.fetch(self.plan.fetches[0])
            return
        tasks: dict[int, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as group:
            for fetch in self.plan.fetches:
                before = [tasks[number] for number in fetch.after]
                tasks[fetch.number] = group.create_task(self.fetch_after(before, fetch))

    async def fetch_after(self, before: list[asyncio.Task[None]], fetch: Fetch) -> None:
        for task in before:
            await task
        await self.fetch(fetch)

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
            self.errors.extend(of_failure(error, fetch, self.plan, self.data))
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
            self.errors.extend(of_answer(answer.errors, fetch, batches, self.plan, self.data))

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
        if completer.bubbled:
            self.explain_nulls()
        return ExecutionResult(data, self.errors)

    def explain_nulls(self) -> None:
        """A null that bubbled up needs an error; most have that of the fetch that failed."""
        known = [error.get("path", ()) for error in self.errors]
        for path, coordinate in violations(self.shape_called(), self.data):
            if not any(covers(other, path) for other in known):
                message = f"Cannot return null for non-nullable field {coordinate}."
                self.errors.append({"message": message, "path": list(path), "extensions": {"code": "NULL_NOT_ALLOWED"}})


def covers(known: list[str | int], path: Path) -> bool:
    """Does an error at `known` explain a null at `path`?"""
    return all(one == other for one, other in zip(known, path, strict=False))
