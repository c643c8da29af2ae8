"""Subscriptions: events wait between the subgraph that sends them and the client that takes them.

The subgraph is read as fast as it sends, so that it never waits for a slow client. A client that lets more than
`room` events wait loses the subscription with an error, and what waited with it: it must ask anew, and knows it. No
event is left out silently.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any

from federation.errors import FederationError, SubgraphError
from federation.execution.transport import EventStream, RequestContext, SubgraphRequest, SubgraphResponse, Transport
from federation.planning.nodes import QueryPlan

_log = logging.getLogger(__name__)


class Subscription:
    """The events of one subscription; ends with the upstream, or with the error that ended it."""

    def __init__(self, events: EventStream, service: str, *, room: int) -> None:
        self._events = events
        self._service = service
        self._room = room
        self._waiting: deque[SubgraphResponse] = deque()
        self._changed = asyncio.Event()
        self._over = False
        self._error: FederationError | None = None
        self._reading = asyncio.get_running_loop().create_task(self._read())

    def end(self, error: FederationError) -> None:
        """Give the subscription up: the upstream is closed, what waits is dropped, `error` comes next."""
        self._stop(error)
        self._reading.cancel()

    async def aclose(self) -> None:
        """Close the upstream, and wait until it is closed."""
        self._reading.cancel()
        await asyncio.wait([self._reading])

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> SubgraphResponse:
        while not self._waiting:
            if self._over:
                raise self._error or StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        return self._waiting.popleft()

    async def _read(self) -> None:
        try:
            async with aclosing(self._events) as events:
                async for event in events:
                    if len(self._waiting) >= self._room:
                        message = f"The client let more than {self._room} events wait"
                        self._stop(FederationError("SUBSCRIPTION_CLIENT_TOO_SLOW", message))
                        return
                    self._waiting.append(event)
                    self._changed.set()
            self._over = True
        except FederationError as error:
            self._fail(error)
        except Exception:
            _log.exception("subscription to subgraph %s failed", self._service)
            self._fail(SubgraphError("SUBGRAPH_FAILED", f"Subgraph {self._service} failed", self._service))
        finally:
            self._changed.set()

    def _stop(self, error: FederationError) -> None:
        self._waiting.clear()
        self._fail(error)

    def _fail(self, error: FederationError) -> None:
        self._error = self._error or error
        self._over = True
        self._changed.set()


@asynccontextmanager
async def subscribed(
    plan: QueryPlan,
    variables: Mapping[str, Any],
    transports: Mapping[str, Transport],
    context: RequestContext,
    *,
    room: int,
) -> AsyncIterator[Subscription]:
    """The events of a plan's first fetch, each for `execute(..., event=...)`; the upstream is closed with the block.

    Raises SubgraphError where the subgraph cannot be subscribed to.
    """
    fetch = plan.fetches[0]
    subscribe = getattr(transports[fetch.service], "subscribe", None)
    if subscribe is None:
        message = f"Subgraph {fetch.service} takes no subscriptions"
        raise SubgraphError("SUBSCRIPTIONS_NOT_SUPPORTED", message, fetch.service)
    given = {name: variables[name] for name in fetch.variables if name in variables}
    request = SubgraphRequest(fetch.query, given, None, fetch.kind)
    async with aclosing(Subscription(subscribe(request, context), fetch.service, room=room)) as subscription:
        yield subscription
