"""Federated tracing, version 1: a trace as the message `Trace` of Apollo's reports.proto, in base64.

A router that asks for it by the header `apollo-federation-include-trace: ftv1` finds it in `extensions.ftv1`. It takes
numbers, texts and messages of protobuf (protobuf.dev/programming-guides/encoding), and they are written here: see
docs/decisions/0008-federated-tracing.md.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

from federation.execution.compiled.tracing import Keys, Span, Trace


def ftv1(trace: Trace, errors: Sequence[Mapping[str, Any]], began: datetime) -> str:
    """The trace of a run that `began` then and ends now, with `errors` as the client gets them."""
    root, lasted = _Node(), trace.now()
    for path, span in trace.spans.items():
        root.at(path).span = span
    for error in errors:
        root.at(tuple(error.get("path", ()))).errors.append(error)
    times = _message(4, _timestamp(began)) + _message(3, _timestamp(began + timedelta(microseconds=lasted // 1000)))
    return b64encode(times + _number(11, lasted) + _message(14, root.encoded())).decode("ascii")


@dataclass(slots=True)
class _Node:
    """A place in the response: a field, or an item of a list, which has no span."""

    span: Span | None = None
    errors: list[Mapping[str, Any]] = field(default_factory=list)
    children: dict[str | int, _Node] = field(default_factory=dict)

    def at(self, path: Keys) -> _Node:
        """The place at `path` below this one."""
        found = self
        for key in path:
            found = found.children.setdefault(key, _Node())
        return found

    def encoded(self) -> bytes:
        """The message `Trace.Node`, without its own name."""
        span = self.span
        own = (
            _text(3, span.type) + _text(13, span.parent) + _number(8, span.start) + _number(9, span.end)
            if span
            else b""
        )
        errors = (_message(11, _error(error)) for error in self.errors)
        children = (_message(12, _name(key) + child.encoded()) for key, child in self.children.items())
        return b"".join((own, *errors, *children))


def _name(key: str | int) -> bytes:
    return _number(2, key) if isinstance(key, int) else _text(1, key)


def _error(error: Mapping[str, Any]) -> bytes:
    places = (
        _message(2, _number(1, place["line"]) + _number(2, place["column"])) for place in error.get("locations", ())
    )
    return b"".join((_text(1, error["message"]), *places, _text(4, orjson.dumps(error).decode())))


def _timestamp(moment: datetime) -> bytes:
    """The message `google.protobuf.Timestamp`."""
    return _number(1, int(moment.timestamp())) + _number(2, moment.microsecond * 1000)


def _text(number: int, value: str) -> bytes:
    return _message(number, value.encode())


def _message(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)
