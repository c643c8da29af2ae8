"""What a subgraph of this process offers beside answers: its compiled operations, for who completes rows himself."""

from __future__ import annotations

from typing import Any, Protocol

from graphql import GraphQLError

from federation.execution.compiled import Compiled
from federation.execution.transport.contract import RequestContext


class Local(Protocol):
    """A subgraph whose operations are compiled in this process. What it is asked through this must be answered as it
    answers `Transport.send`."""

    def operation(self, query: str) -> Compiled:
        """The operation of a query without conditions. Raises NotCompilable."""
        ...

    def context(self, context: RequestContext) -> Any:
        """What the batch functions of a query get as the request's context."""
        ...

    def rendered(self, error: GraphQLError) -> dict[str, Any]:
        """An error as the subgraph's answers have it."""
        ...
