"""What the executor asks of a subgraph, and what it gets: the seam between the engine and the network."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

OperationKind = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True, slots=True)
class SubgraphRequest:
    """One operation for one subgraph. `query` is the same object for every run of a plan node."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None = None
    operation: OperationKind = "query"


@dataclass(frozen=True, slots=True)
class SubgraphResponse:
    """What a subgraph answered; `errors` as it sent them (message, path, extensions)."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]] = field(default_factory=list)
    extensions: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What belongs to one client request.

    `headers` are the client's, lower-case names; each HTTP transport forwards those of its own allow-list. `deadline`
    is in seconds of `time.monotonic()`; `seconds` are those that the calls of a plan may take once it `begun`. `value`
    is opaque to the engine: the in-process transport hands it to the subgraph. `kept` is what transports made of it,
    for their other calls.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    deadline: float | None = None
    value: Any = None
    kept: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    seconds: float | None = None

    def begun(self) -> RequestContext:
        """The same for a plan whose calls begin now: a plan that took long to prepare takes nothing of their time."""
        if self.seconds is None:
            return self
        end = time.monotonic() + self.seconds
        return replace(self, deadline=end if self.deadline is None else min(end, self.deadline), seconds=None)


class Transport(Protocol):
    """A way to one subgraph."""

    async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        """Answer of the subgraph.

        Raises SubgraphError: SUBGRAPH_TIMEOUT, SUBGRAPH_UNREACHABLE, SUBGRAPH_BAD_ANSWER, SUBGRAPH_OVERLOADED or
        SUBGRAPH_CIRCUIT_OPEN.
        """
        ...


class EventStream(Protocol):
    """The events of a subscription as its subgraph sends them.

    Iteration ends when the subgraph is done, and raises SubgraphError where it refused (SubgraphRefusal) or was lost;
    `aclose` ends the subscription there.
    """

    def __aiter__(self) -> AsyncIterator[SubgraphResponse]: ...

    async def aclose(self) -> None: ...


class SubscribingTransport(Transport, Protocol):
    """A way to a subgraph that can be subscribed to."""

    def subscribe(self, request: SubgraphRequest, context: RequestContext) -> EventStream:
        """The events of one subscription. Asks the subgraph when the first is waited for; the context's deadline is
        not looked at.
        """
        ...
