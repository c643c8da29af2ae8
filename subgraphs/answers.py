"""What a subgraph answers: data, and errors as a client may see them."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError

from federation.mistakes import without_values
from kit.errors import MallError

_log = logging.getLogger("jishi.subgraph")


@dataclass(frozen=True, slots=True)
class Answer:
    """A GraphQL result as plain data."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]]
    extensions: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The response map (GraphQL October 2021, section 7.1)."""
        body: dict[str, Any] = {"data": self.data}
        if self.errors:
            body["errors"] = self.errors
        if self.extensions:
            body["extensions"] = self.extensions
        return body


def shown_error(error: GraphQLError) -> dict[str, Any]:
    """The error as a client may see it: coded, with its path, and nothing of our insides."""
    origin = error.original_error
    if isinstance(origin, MallError):
        shown: dict[str, Any] = {"message": origin.message, "extensions": origin.extensions()}
    elif origin is None or isinstance(origin, GraphQLError):
        shown = refusal("BAD_USER_INPUT", without_values(error.message), **(error.extensions or {}))
    else:
        _log.error("failed at %s", error.path, exc_info=origin)
        shown = refusal("INTERNAL", "something went wrong on our side; it is logged")
    if error.path:
        shown["path"] = list(error.path)
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    return shown


def refusal(code: str, message: str, /, **more: Any) -> dict[str, Any]:
    """An error as a client may see it."""
    return {"message": message, "extensions": {"code": code} | more}
