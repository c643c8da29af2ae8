"""The conductor: admit, plan, execute; and the change of supergraph under way."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import DocumentNode, execute_sync

from federation.admission import LRU, Admission, Admitted, DocumentStore, Grants, GraphQLRequest, Limits, MemoryStore
from federation.admission import blank as blank_cut_fields
from federation.errors import AdmissionError, AdmissionErrors, FederationError
from federation.execution import execute
from federation.execution.transport import RequestContext, Transport
from federation.planning import plan
from federation.planning.nodes import QueryPlan
from federation.supergraph import Supergraph

_PERCENT = re.compile(r"percent\((\d+(?:\.\d+)?)\)")


@dataclass(frozen=True, slots=True)
class Options:
    """How an engine serves.

    `deadline`: seconds for a whole request. `introspection`: whether clients may read the schema. `suggestions`:
    whether messages propose names of it. `labels`: override labels that are active; labels `percent(n)` are drawn per
    request from `chance`, which answers a number from 0 up to 1.
    """

    limits: Limits = field(default_factory=Limits)
    store: DocumentStore = field(default_factory=MemoryStore)
    deadline: float = 10.0
    introspection: bool = True
    suggestions: bool = False
    labels: frozenset[str] = frozenset()
    chance: Callable[[], float] = random.random
    plans: int = 2_000


@dataclass(frozen=True, slots=True)
class GraphQLResponse:
    """A GraphQL result. One with `executed` False carries no data: the request was refused; `status` is for HTTP."""

    data: Any
    errors: list[dict[str, Any]]
    executed: bool = True
    status: int = 200

    def body(self) -> dict[str, Any]:
        """The response map (GraphQL October 2021, section 7.1)."""
        body: dict[str, Any] = {}
        if self.errors:
            body["errors"] = self.errors
        if self.executed:
            body["data"] = self.data
        return body


class _State:
    """One supergraph in service: never changed, only replaced, so that a request sees one supergraph from start to
    end.
    """

    def __init__(self, supergraph: Supergraph, transports: Mapping[str, Transport], options: Options) -> None:
        self.supergraph = supergraph
        self.transports = transports
        self.admission = Admission(
            supergraph.api_schema,
            supergraph.document,
            limits=options.limits,
            store=options.store,
            introspection=options.introspection,
            suggestions=options.suggestions,
        )
        self.plans: LRU[tuple[Any, ...], QueryPlan] = LRU(options.plans)
        self.introspections: LRU[tuple[str, str], Any] = LRU(64)
        self._requests = 0
        self._left: asyncio.Event | None = None

    def enter(self) -> None:
        self._requests += 1

    def leave(self) -> None:
        self._requests -= 1
        if self._left is not None and not self._requests:
            self._left.set()

    async def drained(self) -> None:
        """Wait until the last request has left."""
        self._left = asyncio.Event()
        if self._requests:
            await self._left.wait()


class Engine:
    """A gateway for one supergraph; `transports` by name of subgraph. Raises nothing for a client's mistake."""

    def __init__(
        self, supergraph: Supergraph, transports: Mapping[str, Transport], options: Options | None = None
    ) -> None:
        self._options = options or Options()
        self._state = _State(supergraph, transports, self._options)

    @property
    def supergraph(self) -> Supergraph:
        """The supergraph that new requests meet."""
        return self._state.supergraph

    async def execute(
        self, request: GraphQLRequest, context: RequestContext | None = None, grants: Grants | None = None
    ) -> GraphQLResponse:
        """The answer to one request: data, coded errors, or both."""
        state = self._state
        state.enter()
        try:
            admitted = await state.admission.admit(request, grants or Grants())
            return await self._answer(state, admitted, self._bounded(context or RequestContext()))
        except AdmissionErrors as refused:
            return GraphQLResponse(None, [error.rendered() for error in refused.errors], executed=False, status=400)
        except AdmissionError as error:
            return GraphQLResponse(None, [error.rendered()], executed=False, status=error.status)
        except FederationError as error:
            return GraphQLResponse(None, [error.rendered()])
        finally:
            state.leave()

    async def reload(self, supergraph: Supergraph, transports: Mapping[str, Transport]) -> None:
        """Serve another supergraph from now on. Returns when the last request on the old one is answered, and its
        transports, but for those that the new one uses too, are closed.
        """
        old = self._state
        self._state = await asyncio.to_thread(_State, supergraph, transports, self._options)
        await old.drained()
        kept = {id(transport) for transport in transports.values()}
        await _close(transport for transport in old.transports.values() if id(transport) not in kept)

    async def aclose(self) -> None:
        """Close the transports."""
        await _close(self._state.transports.values())

    def _bounded(self, context: RequestContext) -> RequestContext:
        deadline = time.monotonic() + self._options.deadline
        if context.deadline is not None:
            deadline = min(deadline, context.deadline)
        return RequestContext(context.headers, deadline, context.value)

    async def _answer(self, state: _State, admitted: Admitted, context: RequestContext) -> GraphQLResponse:
        left = admitted.left
        errors = [error.rendered() for error in left.errors]
        if left.document is None and left.introspection is None:  # nothing may be read
            return GraphQLResponse(None, errors)
        data: dict[str, Any] | None = {}
        if left.document is not None:
            planned = self._plan(state, admitted, left.document)
            result = await execute(planned, admitted.variables, state.transports, context)
            data = blank_cut_fields(result.data, left.blanks) if left.blanks else result.data
            errors += result.errors
        if left.introspection is not None and data is not None:
            data = {**data, **_introspect(state, admitted, left.introspection)}
            data = {name: data[name] for name in left.parts.order if name in data}
        return GraphQLResponse(data, errors)

    def _plan(self, state: _State, admitted: Admitted, document: DocumentNode) -> QueryPlan:
        flags = admitted.flags()
        labels = self._active_labels(state.supergraph.labels)
        key = (admitted.left.key, *flags.values(), labels)
        planned = state.plans.get(key)
        if planned is None:
            planned = plan(document, state.supergraph, flags=flags, override_labels=labels)
            state.plans.put(key, planned)
        return planned

    def _active_labels(self, labels: frozenset[str]) -> frozenset[str]:
        if not labels:
            return labels
        return frozenset(label for label in labels if label in self._options.labels or self._drawn(label))

    def _drawn(self, label: str) -> bool:
        percent = _PERCENT.fullmatch(label)
        return percent is not None and self._options.chance() * 100 < float(percent[1])


def _introspect(state: _State, admitted: Admitted, document: DocumentNode) -> dict[str, Any]:
    key = (admitted.left.key, repr(admitted.variables))
    known: dict[str, Any] | None = state.introspections.get(key)
    if known is None:
        result = execute_sync(state.supergraph.api_schema, document, variable_values=admitted.variables)
        if result.errors or result.data is None:
            raise AdmissionError("INTROSPECTION_FAILED", "The schema cannot be shown")
        known = result.data
        state.introspections.put(key, known)
    return known


async def _close(transports: Any) -> None:
    for transport in transports:
        if (aclose := getattr(transport, "aclose", None)) is not None:
            await aclose()
