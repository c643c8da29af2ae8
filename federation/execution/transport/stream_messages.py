"""What a subgraph says about a subscription, whichever way it comes: an event, a refusal, or nonsense."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from federation.errors import SubgraphError, SubgraphRefusal
from federation.execution.transport.answers import read_result
from federation.execution.transport.contract import EventStream, SubgraphResponse
from federation.execution.transport.target import Forwarded

Alive = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """How a subgraph is subscribed to.

    `timeout` seconds to open a stream; a stream that was silent for `quiet` seconds is asked for a sign of life;
    `max_event` bytes of one event.
    """

    timeout: float = 1.0
    quiet: float = 20.0
    max_event: int = 1_000_000


class Streams(Protocol):
    """A way to subscribe to one subgraph."""

    async def open(self, body: bytes, forwarded: Forwarded, alive: Alive) -> EventStream:
        """Subscribe: `body` is a GraphQL request in JSON, `alive` tells whether the subgraph answers at all.

        Raises SubgraphError where the stream does not open in time, SubgraphRefusal where the subgraph says why.
        """
        ...


def failure(service: str, code: str, what: str) -> SubgraphError:
    """An error of this subgraph's stream."""
    return SubgraphError(code, f"Subgraph {service} {what}", service)


def read_event(service: str, payload: Any) -> SubgraphResponse:
    """The GraphQL result that an event's JSON is.

    Raises SubgraphError (SUBGRAPH_BAD_ANSWER) where it is none, SubgraphRefusal for one without `data`: it tells that
    the operation did not run (GraphQL October 2021, section 7.1), or that it ended.
    """
    response = read_result(payload)
    if response is None:
        raise failure(service, "SUBGRAPH_BAD_ANSWER", "sent an event without a GraphQL result")
    if "data" not in payload:
        raise refusal(service, response.errors)
    return response


def refusal(service: str, errors: Any) -> SubgraphError:
    """The errors with which a subgraph ended a subscription."""
    if isinstance(errors, list) and all(isinstance(error, dict) for error in errors):
        return SubgraphRefusal(service, errors)
    return failure(service, "SUBGRAPH_BAD_ANSWER", "sent errors that are none")


def loads(data: bytes | str) -> Any:
    """The JSON value, None where it is none."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
