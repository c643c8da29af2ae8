"""The format of text/event-stream (HTML Standard, section 9.2.6), read piece by piece."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass

from federation.execution.transport.connection import BadAnswer


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """An event with its name ("message" where it has none) and its data."""

    name: str
    data: bytes


class EventDecoder:
    """Turns pieces of a stream into events; none may be over `max_event` bytes."""

    def __init__(self, max_event: int) -> None:
        self._max_event = max_event
        self._begun = False
        self._after_return = False
        self._line: list[bytes] = []
        self._name = ""
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, piece: bytes) -> Iterator[ServerSentEvent]:
        """The events that this piece completes. Raises BadAnswer for an event that is too large."""
        *lines, rest = self._unified(piece).split(b"\n")
        for line in lines:
            self._count(line)
            event = self._take(b"".join((*self._line, line)))
            self._line = []
            if event is not None:
                yield event
        if rest:
            self._count(rest)
            self._line.append(rest)

    def _unified(self, piece: bytes) -> bytes:
        """With LF as the only end of line; a CR LF may be cut in two."""
        if self._after_return and piece.startswith(b"\n"):
            piece = piece[1:]
        self._after_return = piece.endswith(b"\r")
        return piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _count(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._max_event:
            raise BadAnswer(f"an event over {self._max_event} bytes")

    def _take(self, line: bytes) -> ServerSentEvent | None:
        if not self._begun:
            self._begun = True
            line = line.removeprefix(BOM_UTF8)
        if not line:
            return self._dispatch()
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"event":
            self._name = value.decode("utf-8", "replace")
        elif name == b"data":
            self._data.append(value)
        elif not name and not self._data and not self._name:  # a comment between events
            self._size = 0
        return None

    def _dispatch(self) -> ServerSentEvent | None:
        name, data = self._name, self._data
        self._name, self._data, self._size = "", [], 0
        if not data and not name:
            return None
        return ServerSentEvent(name or "message", b"\n".join(data))
