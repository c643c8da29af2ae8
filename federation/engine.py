"""The conductor: admit, plan, execute; and the change of supergraph under way."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from graphql import DocumentNode, OperationType, execute_sync

from federation.admission import LRU, Admission, Admitted, DocumentStore, Grants, GraphQLRequest, Limits, MemoryStore
from federation.admission import blank as blank_cut_fields
from federation.errors import AdmissionError, AdmissionErrors, FederationError
from federation.execution import ExecutionResult, execute
from federation.execution.fused import FusedPlans
from federation.execution.pace import beginning
from federation.execution.spliced import Fragments, Ledger, Splicer, Wholes, with_roots
from federation.execution.subscriptions import Subscription, subscribed
from federation.execution.transport import RequestContext, SubgraphResponse, Transport
from federation.planning import plan
from federation.planning.nodes import QueryPlan
from federation.preparing import prepared
from federation.supergraph import Supergraph

Renew = Callable[[], Awaitable[RequestContext]]
_PERCENT = re.compile(r"percent\((\d+(?:\.\d+)?)\)")
_RELOADED = ("SUBSCRIPTION_SCHEMA_RELOAD", "The schema has changed: subscribe again")
_CLOSING = ("SUBSCRIPTION_SERVER_CLOSING", "The server is closing: subscribe again")


@dataclass(frozen=True, slots=True)
class Options:
    """How an engine serves.

    `deadline`: seconds for the calls of a request, and of each event of a subscription, from when they begin: what is
    before them is bounded by `limits`. `introspection`: whether clients may read the schema. `suggestions`: whether
    messages propose names of it. `labels`: override labels that are active; labels `percent(n)` are drawn per request
    from `chance`, which answers a number from 0 up to 1. `subscriptions`: how many may be open at once; `events`: how
    many events of one may wait for its client. `ledger`: records what parts of answers were made of, so that they can
    be kept; None keeps none. `fragments`: how many parts, and of how many bytes.
    """

    limits: Limits = field(default_factory=Limits)
    store: DocumentStore = field(default_factory=MemoryStore)
    deadline: float = 10.0
    introspection: bool = True
    suggestions: bool = False
    labels: frozenset[str] = frozenset()
    chance: Callable[[], float] = random.random
    plans: int = 2_000
    subscriptions: int = 10_000
    events: int = 64
    ledger: Ledger | None = None
    fragments: tuple[int, int] = (10_000, 32_000_000)


@dataclass(frozen=True, slots=True)
class GraphQLResponse:
    """A GraphQL result. One with `executed` False carries no data: the request was refused, or its subscription ended
    with an error; `status` is for HTTP. `objects` says how many the data holds, where that is known. Where the engine
    keeps parts of answers (`Options.ledger`), the data has them as JSON (`orjson.Fragment`).
    """

    data: Any
    errors: list[dict[str, Any]]
    executed: bool = True
    status: int = 200
    objects: int = 0

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
        self.fused = FusedPlans({name: getattr(way, "local", None) for name, way in transports.items()})
        self.splicer: Splicer | None = None
        self.wholes: Wholes | None = None
        if options.ledger is not None and options.ledger.whole:
            self.wholes = Wholes(options.ledger, Fragments(*options.fragments))
        elif options.ledger is not None:
            self.splicer = Splicer(options.ledger, self.fused, Fragments(*options.fragments))
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
        self._subscriptions: set[Subscription] = set()
        self._ended: tuple[str, str] | None = None

    def plan(
        self, key: tuple[Any, ...], document: DocumentNode, flags: dict[str, bool], labels: frozenset[str]
    ) -> QueryPlan:
        """The plan of an operation. Raises PlanError."""
        planned = self.plans.get(key)  # whoever asked before has it made
        if planned is None:
            planned = plan(document, self.supergraph, flags=flags, override_labels=labels)
            self.plans.put(key, planned)
        return planned

    @contextmanager
    def busy(self) -> Iterator[None]:
        """While a request is under way."""
        self._requests += 1
        try:
            yield
        finally:
            self._requests -= 1
            if self._left is not None and not self._requests:
                self._left.set()

    @contextmanager
    def streaming(self, subscription: Subscription) -> Iterator[None]:
        """While a subscription is open, so that `end` reaches it."""
        if self._ended is not None:
            raise FederationError(*self._ended)
        self._subscriptions.add(subscription)
        try:
            yield
        finally:
            self._subscriptions.discard(subscription)

    def end(self, code: str, message: str) -> None:
        """End the subscriptions, and those still to come."""
        self._ended = (code, message)
        for subscription in self._subscriptions:
            subscription.end(FederationError(code, message))

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
        self._subscriptions = 0

    @property
    def supergraph(self) -> Supergraph:
        """The supergraph that new requests meet."""
        return self._state.supergraph

    def plan_counts(self) -> Mapping[str, int]:
        """How often plans were fused and run so, and how often they were left to the ordinary executor, by reason."""
        return self._state.fused.counts

    def fragment_counts(self) -> Mapping[str, int]:
        """How often parts of answers were used, made and not kept."""
        keeper = self._state.splicer or self._state.wholes
        return {} if keeper is None else keeper.counts

    async def execute(
        self, request: GraphQLRequest, context: RequestContext | None = None, grants: Grants | None = None
    ) -> GraphQLResponse:
        """The answer to one request: data, coded errors, or both."""
        state = self._state
        with state.busy():
            await beginning()
            try:
                admitted = await state.admission.admit(request, grants or Grants())
                return await self._answer(state, admitted, self._bounded(context or RequestContext()))
            except (AdmissionErrors, AdmissionError) as refused:
                return _refusal(refused)
            except FederationError as error:
                return GraphQLResponse(None, error.entries())

    async def subscribe(
        self,
        request: GraphQLRequest,
        context: RequestContext | None = None,
        grants: Grants | None = None,
        *,
        renew: Renew | None = None,
    ) -> AsyncGenerator[GraphQLResponse, None]:
        """The answers to one request of any kind: one for each event of a subscription, one for anything else.

        What is refused, before the first event or later, is the last answer, with `executed` False. `renew` gives each
        event the context that it is resolved in, and raises AdmissionError to end the subscription. `aclose` of the
        iterator closes the upstream.
        """
        state = self._state
        context = context or RequestContext()
        try:
            with state.busy():
                admitted = await state.admission.admit(request, grants or Grants(), streams=True)
                if admitted.left.kind is not OperationType.SUBSCRIPTION:
                    answer = await self._answer(state, admitted, self._bounded(context))
            if admitted.left.kind is not OperationType.SUBSCRIPTION:
                yield answer
                return
            async with aclosing(self._events(state, admitted, context, renew)) as answers:
                async for answer in answers:
                    yield answer
        except FederationError as error:
            yield _refusal(error)

    async def reload(self, supergraph: Supergraph, transports: Mapping[str, Transport]) -> None:
        """Serve another supergraph from now on. Returns when the last request on the old one is answered, and its
        transports, but for those that the new one uses too, are closed. Subscriptions to the old one end with
        SUBSCRIPTION_SCHEMA_RELOAD.
        """
        old = self._state
        self._state = await asyncio.to_thread(_State, supergraph, transports, self._options)
        old.end(*_RELOADED)
        await old.drained()
        kept = {id(transport) for transport in transports.values()}
        await _close(transport for transport in old.transports.values() if id(transport) not in kept)

    def end_subscriptions(self) -> None:
        """End every subscription with SUBSCRIPTION_SERVER_CLOSING, and refuse new ones."""
        self._state.end(*_CLOSING)

    async def aclose(self) -> None:
        """End subscriptions, close the transports."""
        self.end_subscriptions()
        await _close(self._state.transports.values())

    def _bounded(self, context: RequestContext) -> RequestContext:
        return RequestContext(context.headers, context.deadline, context.value, seconds=self._options.deadline)

    async def _events(
        self, state: _State, admitted: Admitted, context: RequestContext, renew: Renew | None
    ) -> AsyncGenerator[GraphQLResponse, None]:
        left = admitted.left
        labels = self._active_labels(state.supergraph.labels)
        planned = await self._plan(state, admitted, left.document, labels) if left.document is not None else None
        if planned is None or not planned.fetches:  # nothing may be read
            raise AdmissionErrors(left.errors)
        with self._counted():
            stream = subscribed(planned, admitted.variables, state.transports, context, room=self._options.events)
            async with stream as subscription:
                with state.streaming(subscription):
                    async for event in subscription:
                        with state.busy():
                            given = self._bounded(await renew() if renew is not None else context)
                            answer = await _resolve(state, admitted, planned, given, event)
                        yield answer

    @contextmanager
    def _counted(self) -> Iterator[None]:
        if self._subscriptions >= self._options.subscriptions:
            message = f"The server holds {self._options.subscriptions} subscriptions, its limit"
            raise AdmissionError("SUBSCRIPTION_LIMIT_EXCEEDED", message, status=503)
        self._subscriptions += 1
        try:
            yield
        finally:
            self._subscriptions -= 1

    async def _answer(self, state: _State, admitted: Admitted, context: RequestContext) -> GraphQLResponse:
        left = admitted.left
        if left.document is None and left.introspection is None:  # nothing may be read
            return GraphQLResponse(None, [error.rendered() for error in left.errors])
        if left.document is None:
            answer = GraphQLResponse({}, [error.rendered() for error in left.errors])
        else:
            answer = await self._resolved(state, admitted, left.document, context)
        if left.introspection is None or answer.data is None:
            return answer
        data = {**answer.data, **await _introspect(state, admitted, left.introspection)}
        return GraphQLResponse({name: data[name] for name in left.parts.order if name in data}, answer.errors)

    async def _resolved(
        self, state: _State, admitted: Admitted, document: DocumentNode, context: RequestContext
    ) -> GraphQLResponse:
        """The answer to the part for subgraphs: spliced where parts of it are kept."""
        labels = self._active_labels(state.supergraph.labels)
        planned = await self._plan(state, admitted, document, labels)

        def plan_of(keys: Collection[str]) -> QueryPlan:
            divided = with_roots(document, keys)
            return plan(divided, state.supergraph, flags=admitted.flags(), override_labels=labels)

        async def run(part: QueryPlan, told: RequestContext = context) -> ExecutionResult:
            return await execute(part, admitted.variables, state.transports, told, fused=state.fused)

        result: ExecutionResult | None = None
        if state.wholes is not None and not admitted.left.blanks:
            result = await state.wholes.answer(planned, admitted.variables, context, run)
        elif state.splicer is not None and not admitted.left.blanks:
            result = await state.splicer.answer(planned, plan_of, admitted.variables, context, run)
        return _response(admitted, result or await run(planned))

    async def _plan(
        self, state: _State, admitted: Admitted, document: DocumentNode, labels: frozenset[str]
    ) -> QueryPlan:
        flags = admitted.flags()
        key = (admitted.left.key, *flags.values(), labels)
        planned = state.plans.get(key)
        return planned if planned is not None else await prepared(state.plan, key, document, flags, labels)

    def _active_labels(self, labels: frozenset[str]) -> frozenset[str]:
        if not labels:
            return labels
        return frozenset(label for label in labels if label in self._options.labels or self._drawn(label))

    def _drawn(self, label: str) -> bool:
        percent = _PERCENT.fullmatch(label)
        return percent is not None and self._options.chance() * 100 < float(percent[1])


async def _resolve(
    state: _State,
    admitted: Admitted,
    planned: QueryPlan,
    context: RequestContext,
    event: SubgraphResponse | None = None,
) -> GraphQLResponse:
    result = await execute(planned, admitted.variables, state.transports, context, event=event, fused=state.fused)
    return _response(admitted, result)


def _response(admitted: Admitted, result: ExecutionResult) -> GraphQLResponse:
    left = admitted.left
    data = blank_cut_fields(result.data, left.blanks) if left.blanks else result.data
    errors = [*(error.rendered() for error in left.errors), *result.errors]
    return GraphQLResponse(data, errors, objects=result.objects)


def _refusal(error: FederationError) -> GraphQLResponse:
    return GraphQLResponse(None, error.entries(), executed=False, status=getattr(error, "status", 400))


async def _introspect(state: _State, admitted: Admitted, document: DocumentNode) -> dict[str, Any]:
    key = (admitted.left.key, repr(admitted.variables))
    known: dict[str, Any] | None = state.introspections.get(key)
    return known if known is not None else await prepared(_introspection, state, key, document, admitted.variables)


def _introspection(
    state: _State, key: tuple[str, str], document: DocumentNode, variables: dict[str, Any]
) -> dict[str, Any]:
    known: dict[str, Any] | None = state.introspections.get(key)  # whoever asked before has it made
    if known is None:
        result = execute_sync(state.supergraph.api_schema, document, variable_values=variables)
        if result.errors or result.data is None:
            raise AdmissionError("INTROSPECTION_FAILED", "The schema cannot be shown")
        known = result.data
        state.introspections.put(key, known)
    return known


async def _close(transports: Any) -> None:
    for transport in transports:
        if (aclose := getattr(transport, "aclose", None)) is not None:
            await aclose()
