"""Everything that can go wrong in the engine: one family of errors, each with a code.

`FederationError` is never shown as it stands: `rendered()` gives the entry of a GraphQL `errors` list. No message
names an address, a class or a line of code; what an operator needs besides goes to the log of the module that raised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

Path = tuple[str | int, ...]
Location = tuple[int, int]


class FederationError(Exception):
    """A refusal or failure of the engine, with a stable `code` and a `message` that a client may read."""

    default_code: ClassVar[str] = "INTERNAL"

    def __init__(self, code: str | None = None, message: str = "Internal error") -> None:
        super().__init__(message)
        self.code = code or self.default_code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

    def rendered(self) -> dict[str, Any]:
        """The error as an entry of a response's `errors` (GraphQL October 2021, section 7.1.2)."""
        return {"message": self.message, "extensions": {"code": self.code}}

    def entries(self) -> list[dict[str, Any]]:
        """A response's whole `errors`, where this error is all there is to say."""
        return [self.rendered()]


class CompositionError(FederationError):
    """A mistake in the subgraphs' schemas; `subgraphs` and `coordinate` say where."""

    default_code = "INVALID_GRAPHQL"

    def __init__(
        self, code: str, message: str, *, subgraphs: Sequence[str] = (), coordinate: str | None = None
    ) -> None:
        super().__init__(code, message)
        self.subgraphs = tuple(subgraphs)
        self.coordinate = coordinate


class AdmissionError(FederationError):
    """An operation that is not let in.

    `status` is the HTTP status for `application/graphql-response+json`; `well_formed` is False where the request is no
    GraphQL request at all, which `application/json` answers with that status too (GraphQL over HTTP, section 6.4).
    """

    default_code = "BAD_REQUEST"

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int = 400,
        path: Path | None = None,
        locations: Sequence[Location] = (),
        extensions: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, message)
        self.status = status
        self.path = path
        self.locations = tuple(locations)
        self.extensions = dict(extensions or {})

    def rendered(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message}
        if self.locations:
            error["locations"] = [{"line": line, "column": column} for line, column in self.locations]
        if self.path is not None:
            error["path"] = list(self.path)
        error["extensions"] = {"code": self.code, **self.extensions}
        return error


class AdmissionErrors(FederationError):
    """Several refusals of one operation, all at once (validation finds every mistake)."""

    default_code = "BAD_REQUEST"

    def __init__(self, errors: Sequence[AdmissionError]) -> None:
        super().__init__(errors[0].code, errors[0].message)
        self.errors = tuple(errors)
        self.status = errors[0].status

    def entries(self) -> list[dict[str, Any]]:
        return [error.rendered() for error in self.errors]


class PlanError(FederationError):
    """An operation for which no plan exists, or none within the planner's budget."""

    default_code = "QUERY_PLANNING_FAILED"


class SubgraphError(FederationError):
    """A subgraph that did not answer as it should; `service` is its name in the supergraph."""

    default_code = "SUBGRAPH_UNREACHABLE"

    def __init__(self, code: str, message: str, service: str) -> None:
        super().__init__(code, message)
        self.service = service

    def rendered(self) -> dict[str, Any]:
        return {"message": self.message, "extensions": {"code": self.code, "service": self.service}}


class SubgraphRefusal(SubgraphError):
    """A subgraph that refused an operation before it ran; `errors` as it sent them."""

    default_code = "SUBGRAPH_ERROR"

    def __init__(self, service: str, errors: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(self.default_code, f"Subgraph {service} refused the operation", service)
        self.errors = tuple(errors)

    def entries(self) -> list[dict[str, Any]]:
        return [self._entry(error) for error in self.errors] or [self.rendered()]

    def _entry(self, error: Mapping[str, Any]) -> dict[str, Any]:
        given = error.get("extensions")
        code = given.get("code") if isinstance(given, Mapping) else None
        extensions = {"code": code if isinstance(code, str) else self.code, "service": self.service}
        return {"message": str(error.get("message", self.message)), "extensions": extensions}
