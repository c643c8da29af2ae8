"""Everything that can go wrong in the engine: one family of errors, each with a code.

`FederationError` is never shown as it stands: `rendered()` gives the entry of a GraphQL `errors` list. No message
names an address, a class or a line of code, nor quotes what was sent (`federation.mistakes`).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

_log = logging.getLogger(__name__)

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
        extensions = {"code": told_code(error), "service": self.service}
        return {"message": told_message(error, self.service), "extensions": extensions}


_LEAKS = re.compile(
    r"""
    \w://                                             # an address
    | \b\d{1,3}(\.\d{1,3}){3}\b
    | (?<![\w.-])(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+):\d{2,5}\b
    | Traceback | \bgoroutine\ \d | \bline\ \d+,?\ in\b  # a stack
    | ^\s*at\ \S.*[:(]
    | \w\.(py|[cm]?[jt]s|java|kt|go|rs|rb|php|cs|scala|exs?)(:|",|\))?\s?(line\ )?\d+
    | (?<![\w.])[a-z_]\w*(\.[a-z_]\w*)+\.[A-Z]\w*       # a class
    | \b[A-Z]\w*(Error|Exception)\b(?!\.[a-z_])(?!"[\ .])
    """,
    re.VERBOSE | re.MULTILINE,
)
_LONGEST = 2_000
_CODE = re.compile(r"(?!\w*(Error|Exception)$)[A-Za-z][A-Za-z0-9_-]{0,63}")


def told_message(error: Mapping[str, Any], service: str) -> str:
    """What a client may read of the message of a subgraph's error.

    As Hive and Apollo Gateway do, messages are passed on: they are what subgraphs have to say to clients. But one that
    names an address, a class or a line of code, or is longer than any that a person would read, was not meant for them;
    the whole of it is replaced.
    """
    message = error.get("message")
    if isinstance(message, str) and len(message) <= _LONGEST and not _LEAKS.search(message):
        return message
    _log.warning("a message of subgraph %s was not meant for clients", service)
    return f"Subgraph {service} reported an error"


def told_code(error: Mapping[str, Any]) -> str:
    """The code of a subgraph's error, SUBGRAPH_ERROR where it has none or one that names a class."""
    given = error.get("extensions")
    code = given.get("code") if isinstance(given, Mapping) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else SubgraphRefusal.default_code
