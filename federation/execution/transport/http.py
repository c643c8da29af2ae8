"""A subgraph over HTTP: GraphQL as JSON, with everything that keeps one sick subgraph from hurting the others."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import orjson

from federation.errors import SubgraphError
from federation.execution.transport.answers import read_answer
from federation.execution.transport.breaker import CircuitBreaker
from federation.execution.transport.connection import BadAnswer, ConnectionFailed, HttpAnswer
from federation.execution.transport.contract import EventStream, RequestContext, SubgraphRequest, SubgraphResponse
from federation.execution.transport.pool import Overloaded, Pool
from federation.execution.transport.sharing import SharedCalls
from federation.execution.transport.sse import SseStreams
from federation.execution.transport.stream_messages import StreamLimits, Streams
from federation.execution.transport.target import NOTHING, Forwarded, forwarded, read_url
from federation.execution.transport.websocket import WebSocketStreams

Observe = Callable[[str, str, float], None]
_ACCEPT: Final = "application/graphql-response+json, application/json;q=0.9"
_PROBE: Final = b'{"query":"{__typename}"}'
# What opens the circuit: the subgraph is away or stuck. Not a wrong answer, which one client's odd query could
# provoke at will.
_FAILURES: Final = frozenset({"SUBGRAPH_TIMEOUT", "SUBGRAPH_UNREACHABLE"})
_AWAY: Final = frozenset({502, 503, 504})
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """How much one subgraph may be asked, and how long it may take.

    `timeout` in seconds, for one call with its retry and its wait for a place; `connections` calls under way at once
    and `queue` waiting; `max_body` bytes of an answer; `failures` in a row open the circuit, then a probe every
    `probe_interval` seconds closes it again; `forward` names the request headers passed on, lower case. A subscription
    that was silent for `quiet` seconds is asked for a sign of life, and none of its events is over `max_event` bytes.
    """

    timeout: float = 1.0
    connections: int = 64
    queue: int = 1_000
    max_body: int = 10_000_000
    failures: int = 5
    probe_interval: float = 1.0
    forward: frozenset[str] = frozenset({"authorization", "traceparent", "tracestate", "baggage", "accept-language"})
    quiet: float = 20.0
    max_event: int = 1_000_000


class HttpTransport:
    """SubscribingTransport to the subgraph `service` at `url` (http or https).

    `subscriptions` is where it is subscribed to: by graphql-transport-ws at an address of ws or wss, by Server-Sent
    Events at one of http or https, the latter at `url` by default.
    `observe(service, outcome, seconds)` is told of every call made; outcome is "ok" or an error code. Raises
    ValueError for an address of another kind.
    """

    def __init__(
        self,
        service: str,
        url: str,
        limits: HttpLimits | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        observe: Observe | None = None,
        tls: ssl.SSLContext | None = None,
        subscriptions: str | None = None,
    ) -> None:
        self.service = service
        self._limits = limits or HttpLimits()
        self._target = read_url(url, headers or {}, tls, accept=_ACCEPT)
        self._streams = self._streams_at(subscriptions or url, headers or {}, tls)
        self._pool = Pool(
            self._target.address,
            limit=self._limits.connections,
            queue=self._limits.queue,
            max_body=self._limits.max_body,
        )
        self._shared: SharedCalls[HttpAnswer] = SharedCalls()
        self._breaker = CircuitBreaker(
            self._probe, threshold=self._limits.failures, interval=self._limits.probe_interval
        )
        self._observe = observe

    async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        """See Transport. A query may be sent twice and may share a call with an identical one; a mutation never."""
        if self._breaker.open:
            raise self._error("SUBGRAPH_CIRCUIT_OPEN", "is not asked while it fails")
        if context.deadline is not None and context.deadline <= time.monotonic():
            raise self._error("SUBGRAPH_TIMEOUT", "is not asked: the request's deadline has passed")
        body, headers = self._body(request), self._forwarded(context)
        message = self._target.message(body, headers)
        latest = context.deadline
        if request.operation == "query":
            identity = (body, headers.identity)
            joins = identity in self._shared
            call = self._shared.run(identity, lambda: self._call(message, repeatable=True))
        else:
            joins, call = False, self._call(message, repeatable=False)
        if latest is None or (not joins and latest - time.monotonic() > self._limits.timeout):
            return read_answer(self.service, await call)  # a call of its own ends in time by itself
        try:
            async with asyncio.timeout(latest - time.monotonic()):
                return read_answer(self.service, await call)
        except TimeoutError:
            raise self._error("SUBGRAPH_TIMEOUT", "did not answer before the request's deadline") from None

    async def subscribe(
        self, request: SubgraphRequest, context: RequestContext
    ) -> AsyncGenerator[SubgraphResponse, None]:
        """See SubscribingTransport. A stream that does not open counts for the circuit; one that breaks off does not,
        since whatever stands between may cut streams.
        """
        if self._breaker.open:
            raise self._error("SUBGRAPH_CIRCUIT_OPEN", "is not asked while it fails")
        async with aclosing(await self._open(self._body(request), self._forwarded(context))) as events:
            async for event in events:
                yield event

    async def aclose(self) -> None:
        """Close idle connections and stop probing."""
        self._breaker.close()
        self._pool.close()

    async def _call(self, message: bytes, *, repeatable: bool) -> HttpAnswer:
        start = time.perf_counter()
        outcome = "cancelled"
        try:
            answer = await self._exchange(message, repeatable=repeatable)
            outcome = "SUBGRAPH_UNREACHABLE" if answer.status in _AWAY else "ok"
        except SubgraphError as error:
            outcome = error.code
            raise
        finally:
            self._count(outcome, time.perf_counter() - start)
        return answer

    async def _exchange(self, message: bytes, *, repeatable: bool) -> HttpAnswer:
        latest = asyncio.get_running_loop().time() + self._limits.timeout
        try:
            return await self._pool.exchange(message, repeatable=repeatable, latest=latest)
        except TimeoutError:
            raise self._error("SUBGRAPH_TIMEOUT", f"did not answer within {self._limits.timeout:g} s") from None
        except Overloaded:
            raise self._error("SUBGRAPH_OVERLOADED", "has too many calls waiting") from None
        except BadAnswer as error:
            raise self._error("SUBGRAPH_BAD_ANSWER", f"answered {error}") from None
        except ConnectionFailed as error:
            _log.warning("subgraph %s: %s", self.service, error)
            raise self._error("SUBGRAPH_UNREACHABLE", "cannot be reached") from None

    async def _open(self, body: bytes, headers: Forwarded) -> EventStream:
        start = time.perf_counter()
        outcome = "cancelled"
        try:
            stream = await self._streams.open(body, headers, self._probe)
            outcome = "ok"
        except SubgraphError as error:
            outcome = error.code
            raise
        finally:
            self._count(outcome, time.perf_counter() - start)
        return stream

    def _streams_at(self, url: str, headers: Mapping[str, str], tls: ssl.SSLContext | None) -> Streams:
        limits = StreamLimits(self._limits.timeout, self._limits.quiet, self._limits.max_event)
        way = WebSocketStreams if url.startswith("ws") else SseStreams
        return way(self.service, url, limits, headers, tls)

    def _count(self, outcome: str, seconds: float) -> None:
        if outcome == "ok":
            self._breaker.succeeded()
        elif outcome in _FAILURES:
            self._breaker.failed()
        if self._observe is not None:
            self._observe(self.service, outcome, seconds)

    async def _probe(self) -> bool:
        try:
            answer = await self._exchange(self._target.message(_PROBE, NOTHING), repeatable=True)
        except SubgraphError:
            return False
        return answer.status not in _AWAY

    def _body(self, request: SubgraphRequest) -> bytes:
        try:
            variables = orjson.dumps(request.variables) if request.variables else b"{}"
        except TypeError:  # orjson's: nested over 254 levels, or a value that JSON does not know
            raise self._error("SUBGRAPH_BAD_REQUEST", "cannot be sent these variables") from None
        return b'%b"variables":%b}' % (_opening(request.query, request.operation_name), variables)

    def _forwarded(self, context: RequestContext) -> Forwarded:
        wanted = self._limits.forward
        known: Forwarded | None = context.kept.get(wanted)
        if known is None:
            known = context.kept[wanted] = forwarded(context.headers, wanted)
        return known

    def _error(self, code: str, what: str) -> SubgraphError:
        return SubgraphError(code, f"Subgraph {self.service} {what}", self.service)


@lru_cache(maxsize=4096)
def _opening(query: str, operation_name: str | None) -> bytes:
    """The part of a body that is the same for every run of a plan node, so it is escaped once."""
    named: dict[str, Any] = {"query": query}
    if operation_name is not None:
        named["operationName"] = operation_name
    return orjson.dumps(named)[:-1] + b","
