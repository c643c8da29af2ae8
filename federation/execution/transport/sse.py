"""Subscriptions to a subgraph over HTTP: GraphQL over Server-Sent Events, "distinct connections" mode.

Source: https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md. One POST for each subscription;
its answer is a stream of `next` events, closed by `complete`.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import deque
from collections.abc import Mapping

from federation.errors import SubgraphError
from federation.execution.transport.answers import read_answer
from federation.execution.transport.connection import BadAnswer, ConnectionFailed, HttpAnswer
from federation.execution.transport.contract import SubgraphResponse
from federation.execution.transport.event_stream import EventDecoder, ServerSentEvent
from federation.execution.transport.stream_messages import Alive, StreamLimits, failure, loads, read_event, refusal
from federation.execution.transport.streamed import StreamedAnswer, exchange
from federation.execution.transport.target import Forwarded, read_url

MEDIA_TYPE = "text/event-stream"
_log = logging.getLogger(__name__)


class SseStreams:
    """Streams (see there) to the subgraph `service` at `url`; ValueError for an address that is not HTTP's."""

    def __init__(
        self, service: str, url: str, limits: StreamLimits, headers: Mapping[str, str], tls: ssl.SSLContext | None
    ) -> None:
        self._service = service
        self._limits = limits
        self._target = read_url(url, headers, tls, accept=MEDIA_TYPE)

    async def open(self, body: bytes, forwarded: Forwarded, alive: Alive) -> SseStream:
        """See Streams."""
        message = self._target.message(body, forwarded)
        try:
            async with asyncio.timeout(self._limits.timeout):
                answer = await exchange(self._target.address, message)
                if answer.status == 200 and answer.content_type == MEDIA_TYPE:
                    return SseStream(self._service, answer, self._limits, alive)
                await self._refused(answer)
        except TimeoutError:
            what = f"opened no stream within {self._limits.timeout:g} s"
            raise failure(self._service, "SUBGRAPH_TIMEOUT", what) from None
        except BadAnswer as error:
            raise failure(self._service, "SUBGRAPH_BAD_ANSWER", f"answered {error}") from None
        except ConnectionFailed as error:
            _log.warning("subgraph %s: %s", self._service, error)
            raise failure(self._service, "SUBGRAPH_UNREACHABLE", "cannot be reached") from None
        raise failure(self._service, "SUBGRAPH_BAD_ANSWER", "answered a subscription with no stream of events")

    async def _refused(self, answer: StreamedAnswer) -> None:
        """Raises what the subgraph answered instead of a stream, if it can be understood."""
        try:
            pieces: list[bytes] = []
            while (piece := await answer.piece()) is not None:
                pieces.append(piece)
                if sum(map(len, pieces)) > self._limits.max_event:
                    raise BadAnswer(f"over {self._limits.max_event} bytes")
        finally:
            answer.close()
        response = read_answer(self._service, HttpAnswer(answer.status, answer.content_type, b"".join(pieces)))
        if response.data is None:
            raise refusal(self._service, response.errors)


class SseStream:
    """An open stream; see EventStream."""

    def __init__(self, service: str, answer: StreamedAnswer, limits: StreamLimits, alive: Alive) -> None:
        self._service = service
        self._answer = answer
        self._quiet = limits.quiet
        self._alive = alive
        self._decoder = EventDecoder(limits.max_event)
        self._events: deque[ServerSentEvent] = deque()
        self._failure: SubgraphError | None = None

    def __aiter__(self) -> SseStream:
        return self

    async def __anext__(self) -> SubgraphResponse:
        while True:
            event = await self._event()
            if event.name == "next":
                return read_event(self._service, loads(event.data))
            if event.name == "complete":
                raise StopAsyncIteration

    async def aclose(self) -> None:
        """Hang up: that is how a client ends a stream."""
        self._answer.close()

    async def _event(self) -> ServerSentEvent:
        while not self._events:
            if self._failure is not None:
                raise self._failure
            await self._read()
        return self._events.popleft()

    async def _read(self) -> None:
        """Take what comes; a failure waits until the events before it are taken."""
        try:
            self._events.extend(self._decoder.feed(await self._piece()))
        except BadAnswer as error:
            self._failure = failure(self._service, "SUBGRAPH_BAD_ANSWER", f"sent {error}")
        except ConnectionFailed as error:
            _log.warning("subgraph %s: %s", self._service, error)
            self._failure = failure(self._service, "SUBGRAPH_UNREACHABLE", "broke the subscription off")

    async def _piece(self) -> bytes:
        waiting = asyncio.ensure_future(self._answer.piece())
        try:
            while not (await asyncio.wait([waiting], timeout=self._quiet))[0]:
                if not await self._alive() and not waiting.done():
                    raise failure(self._service, "SUBGRAPH_UNREACHABLE", "no longer answers")
            piece = await waiting
        finally:
            waiting.cancel()
        if piece is None:
            raise ConnectionFailed("the stream ended before it was complete", answered=True)
        return piece
