"""The way from one process of the mall to a subgraph that is a service: over HTTP, telling it who asks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from federation.errors import SubgraphError
from federation.execution.transport import (
    HttpLimits,
    HttpTransport,
    RequestContext,
    SubgraphRequest,
    SubgraphResponse,
)
from kit.client import CLIENT_HEADER
from kit.contexts import HEADER, ContextWriter
from kit.viewer import Viewer
from subgraphs.requests import STANDS, RequestScope

Asked = Callable[[str, Mapping[str, Any], Viewer], Awaitable[Mapping[str, Any] | None]]

_TOLD = frozenset({HEADER, CLIENT_HEADER, "traceparent", "tracestate", "baggage", "accept-language"})
"""Headers that go on to a subgraph. The viewer's token does not: the context says what it said."""


class Speaking:
    """The way to the subgraph at `url` for a process that tells it who asks, in contexts that `writer` signs."""

    def __init__(
        self, name: str, url: str, writer: ContextWriter, limits: HttpLimits | None = None, **options: Any
    ) -> None:
        self.service = name
        self._way = HttpTransport(name, url, replace(limits or HttpLimits(), forward=_TOLD), **options)
        self._writer = writer

    async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        """See Transport. The request's context must carry a RequestScope."""
        response = await self._way.send(request, self._told(context, request.operation))
        if context.value.vouched is not None:
            context.value.vouched.say((response.extensions or {}).get(STANDS, 0.0))
        return response

    def subscribe(self, request: SubgraphRequest, context: RequestContext) -> AsyncGenerator[SubgraphResponse, None]:
        """See SubscribingTransport."""
        return self._way.subscribe(request, self._told(context, request.operation))

    async def aclose(self) -> None:
        """Close idle connections."""
        await self._way.aclose()

    def _told(self, context: RequestContext, operation: str) -> RequestContext:
        """Where the client is goes with mutations alone: reads of guests share a call, wherever they are."""
        scope: RequestScope = context.value
        told = {HEADER: self._writer.write(scope.viewer, self.service)}
        if operation == "mutation":
            told[CLIENT_HEADER] = scope.address
        headers = {name: text for name, text in context.headers.items() if name != CLIENT_HEADER} | told
        return replace(context, headers=headers, kept={})  # what is kept of headers is of another subgraph


def asked_over_http(name: str, url: str, writer: ContextWriter) -> Asked:
    """Asks the subgraph at `url`, for the viewer of whom `writer` tells."""
    way = Speaking(name, url, writer)

    async def ask(query: str, variables: Mapping[str, Any], viewer: Viewer) -> Mapping[str, Any] | None:
        context = RequestContext(value=RequestScope(viewer))
        try:
            return (await way.send(SubgraphRequest(query, dict(variables)), context)).data
        except SubgraphError:
            return None

    return ask
