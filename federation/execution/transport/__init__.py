"""Ways to a subgraph: over HTTP, or a call within the process."""

from federation.execution.transport.contract import (
    EventStream,
    OperationKind,
    RequestContext,
    SubgraphRequest,
    SubgraphResponse,
    SubscribingTransport,
    Transport,
)
from federation.execution.transport.http import HttpLimits, HttpTransport, Observe
from federation.execution.transport.in_process import Call, InProcessTransport, Subscribe
from federation.execution.transport.local import Local

__all__ = [
    "Call",
    "EventStream",
    "HttpLimits",
    "HttpTransport",
    "InProcessTransport",
    "Local",
    "Observe",
    "OperationKind",
    "RequestContext",
    "SubgraphRequest",
    "SubgraphResponse",
    "Subscribe",
    "SubscribingTransport",
    "Transport",
]
