"""Ways to a subgraph: over HTTP, or a call within the process."""

from federation.execution.transport.contract import (
    OperationKind,
    RequestContext,
    SubgraphRequest,
    SubgraphResponse,
    Transport,
)
from federation.execution.transport.http import HttpLimits, HttpTransport, Observe
from federation.execution.transport.in_process import Call, InProcessTransport

__all__ = [
    "Call",
    "HttpLimits",
    "HttpTransport",
    "InProcessTransport",
    "Observe",
    "OperationKind",
    "RequestContext",
    "SubgraphRequest",
    "SubgraphResponse",
    "Transport",
]
