"""From the bytes of a subgraph's answer to a SubgraphResponse, or to the code of what is wrong with them."""

from __future__ import annotations

from typing import Any

import orjson

from federation.errors import SubgraphError
from federation.execution.transport.connection import HttpAnswer
from federation.execution.transport.contract import SubgraphResponse

_BUSY = (429, 503)


def read_answer(service: str, answer: HttpAnswer) -> SubgraphResponse:
    """The GraphQL result in `answer`, whatever its HTTP status; SubgraphError where there is none."""
    try:
        response = read_result(orjson.loads(answer.body))
    except orjson.JSONDecodeError:
        response = None
    if response is not None:
        return response
    if answer.status in _BUSY:
        raise SubgraphError("SUBGRAPH_OVERLOADED", f"Subgraph {service} takes no more requests", service)
    what = f"HTTP status {answer.status}" if answer.status >= 300 else "no GraphQL result"
    raise SubgraphError("SUBGRAPH_BAD_ANSWER", f"Subgraph {service} answered {what}", service)


def read_result(result: Any) -> SubgraphResponse | None:
    """The response that a JSON value is, None where it is no GraphQL result."""
    if not _is_result(result):
        return None
    data, errors, extensions = result.get("data"), result.get("errors"), result.get("extensions")
    return SubgraphResponse(data, errors or [], extensions if isinstance(extensions, dict) else None)


def _is_result(result: Any) -> bool:
    """Whether `result` is a GraphQL response map (GraphQL October 2021, section 7.1)."""
    if not isinstance(result, dict) or not ("data" in result or "errors" in result):
        return False
    errors = result.get("errors")
    return isinstance(result.get("data"), (dict, type(None))) and (
        errors is None or (isinstance(errors, list) and all(isinstance(error, dict) for error in errors))
    )
