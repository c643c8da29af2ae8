"""GraphQL over Server-Sent Events, "distinct connections" mode: one HTTP request, one stream of its answers.

Source: https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md. Whatever the operation, each
answer is a `next` event and `complete` is the last; a refused operation is told in an event too, since an EventSource
cannot read the body of an HTTP error. What is no GraphQL request, or comes from a refused viewer, gets its HTTP status.

Requests are read as GraphQL over HTTP reads them, so what keeps other sites' requests out there does so here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from functools import lru_cache

import orjson

from kit.graphql_http import (
    PLAIN_JSON,
    RESPONSE_JSON,
    GraphQLHTTPAnswer,
    HTTPRefusal,
    Receive,
    Scope,
    Send,
    Subscribe,
    accepted,
    read_headers,
    read_request,
    write,
)

EVENT_STREAM = "text/event-stream"
PING_SECONDS = 12.0  # a comment in time keeps what stands between from hanging up
_INTERNAL = HTTPRefusal(500, "INTERNAL", "Internal error")
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
_COMMENT = b":\n\n"
_COMPLETE = b"event: complete\ndata:\n\n"
_log = logging.getLogger("graphql.sse")


@lru_cache(maxsize=256)
def wants_events(accept: str) -> bool:
    """Whether a client prefers a stream of events; one that takes JSON as gladly gets JSON."""
    quality = dict(accepted(accept))
    json = max(quality.get(RESPONSE_JSON, 0.0), quality.get(PLAIN_JSON, 0.0))
    return quality.get(EVENT_STREAM, 0.0) > json


class _Gone(Exception):
    """The client has left, or takes nothing any more."""


class GraphQLSSE:
    """ASGI application of one GraphQL endpoint whose answers are streams.

    `max_body` in bytes. A client that takes nothing for `patience` seconds, while there is more to send, is left.
    """

    def __init__(self, subscribe: Subscribe, *, max_body: int = 1_000_000, patience: float = 30.0) -> None:
        self._subscribe = subscribe
        self._max_body = max_body
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = read_headers(scope["headers"])
        try:
            answers = await self._subscribe(await read_request(scope, headers, receive, max_body=self._max_body))
        except HTTPRefusal as refusal:
            await _refuse(send, refusal)
        except Exception:  # our own mistake: the log keeps it, the client learns nothing of it
            _log.exception("GraphQL request failed")
            await _refuse(send, _INTERNAL)
        else:
            await self._stream(answers, receive, send)

    async def _stream(self, answers: AsyncGenerator[GraphQLHTTPAnswer, None], receive: Receive, send: Send) -> None:
        """Send answers until they end or the client leaves."""
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        tasks = {asyncio.create_task(self._send_all(answers, send)), asyncio.create_task(_gone(receive))}
        try:
            while not (await asyncio.wait(tasks, timeout=PING_SECONDS, return_when="FIRST_COMPLETED"))[0]:
                await self._send(send, _COMMENT)
        except _Gone:
            _log.debug("a client has left its stream")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _send_all(self, answers: AsyncGenerator[GraphQLHTTPAnswer, None], send: Send) -> None:
        with suppress(_Gone):
            async with aclosing(answers):
                await self._send(send, _COMMENT)
                try:
                    async for answer in answers:
                        await self._send(send, _event(answer))
                except _Gone:
                    raise
                except Exception:
                    _log.exception("GraphQL stream failed")
                    await self._send(send, _event(GraphQLHTTPAnswer(_INTERNAL.body)))
            await self._send(send, _COMPLETE, more=False)

    async def _send(self, send: Send, text: bytes, *, more: bool = True) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await send({"type": "http.response.body", "body": text, "more_body": more})
        except OSError:  # a timeout is one, too
            raise _Gone from None


def _event(answer: GraphQLHTTPAnswer) -> bytes:
    body = answer.body if isinstance(answer.body, bytes) else orjson.dumps(answer.body)
    return b"event: next\ndata: %b\n\n" % b"\ndata: ".join(body.splitlines())


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send, refusal: HTTPRefusal) -> None:
    await write(send, refusal.status, orjson.dumps(refusal.body), f"{PLAIN_JSON}; charset=utf-8", refusal.headers)
