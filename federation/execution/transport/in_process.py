"""A subgraph in this process: a call, no bytes between."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from federation.errors import SubgraphError
from federation.execution.transport.contract import EventStream, RequestContext, SubgraphRequest, SubgraphResponse
from federation.execution.transport.local import Local

Call = Callable[[SubgraphRequest, RequestContext], Awaitable[SubgraphResponse]]
Subscribe = Callable[[SubgraphRequest, RequestContext], Awaitable[EventStream]]
_log = logging.getLogger(__name__)


class InProcessTransport:
    """Transport to the subgraph `service` that `call` answers for. What it hands over belongs to the executor from
    then on. `subscribe`, where the subgraph has subscriptions, answers with the events of one. `local`, where its
    operations are compiled, lets plans be fused.
    """

    def __init__(
        self, service: str, call: Call, subscribe: Subscribe | None = None, local: Local | None = None
    ) -> None:
        self.service = service
        self.local = local
        self._call = call
        self._subscribe = subscribe

    async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        """See Transport. An exception of the subgraph is logged and becomes SUBGRAPH_FAILED."""
        if context.deadline is None:
            return await self._run(request, context)
        try:
            async with asyncio.timeout(context.deadline - time.monotonic()):
                return await self._run(request, context)
        except TimeoutError:
            message = f"Subgraph {self.service} did not answer before the request's deadline"
            raise SubgraphError("SUBGRAPH_TIMEOUT", message, self.service) from None

    async def subscribe(
        self, request: SubgraphRequest, context: RequestContext
    ) -> AsyncGenerator[SubgraphResponse, None]:
        """See SubscribingTransport. An exception of the subgraph is logged and becomes SUBGRAPH_FAILED."""
        if self._subscribe is None:
            message = f"Subgraph {self.service} takes no subscriptions"
            raise SubgraphError("SUBSCRIPTIONS_NOT_SUPPORTED", message, self.service)
        try:
            async with aclosing(await self._subscribe(request, context)) as events:
                async for event in events:
                    yield event
        except SubgraphError:
            raise
        except Exception:
            _log.exception("subgraph %s failed", self.service)
            raise SubgraphError("SUBGRAPH_FAILED", f"Subgraph {self.service} failed", self.service) from None

    async def _run(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        try:
            return await self._call(request, context)
        except SubgraphError:
            raise
        except Exception:
            _log.exception("subgraph %s failed", self.service)
            raise SubgraphError("SUBGRAPH_FAILED", f"Subgraph {self.service} failed", self.service) from None
