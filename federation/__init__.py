"""A Federation 2 gateway as a library: compose subgraphs, plan operations, execute them.

`Supergraph.parse` reads a composed schema, `Engine` answers operations on it through one `Transport` per subgraph. The
phases have a room each: `composition`, `admission`, `planning`, `execution`; `engine` conducts.
"""

from federation.admission import DocumentStore, Grants, GraphQLRequest, Limits, MemoryStore
from federation.composition import Composition, SubgraphSource, compose
from federation.engine import Engine, GraphQLResponse, Options
from federation.errors import AdmissionError, CompositionError, FederationError, PlanError, SubgraphError
from federation.execution.transport import (
    HttpLimits,
    HttpTransport,
    InProcessTransport,
    RequestContext,
    SubgraphRequest,
    SubgraphResponse,
    SubscribingTransport,
    Transport,
)
from federation.supergraph import Supergraph

__all__ = [
    "AdmissionError",
    "Composition",
    "CompositionError",
    "DocumentStore",
    "Engine",
    "FederationError",
    "Grants",
    "GraphQLRequest",
    "GraphQLResponse",
    "HttpLimits",
    "HttpTransport",
    "InProcessTransport",
    "Limits",
    "MemoryStore",
    "Options",
    "PlanError",
    "RequestContext",
    "SubgraphError",
    "SubgraphRequest",
    "SubgraphResponse",
    "SubgraphSource",
    "SubscribingTransport",
    "Supergraph",
    "Transport",
    "compose",
]
