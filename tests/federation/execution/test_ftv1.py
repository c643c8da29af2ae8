"""Traces on the wire, byte by byte. `make interop` reads others with Apollo's own decoder."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime
from itertools import count

from federation.execution.compiled.tracing import Span, Trace
from federation.execution.ftv1 import ftv1

BEGAN = datetime(2026, 11, 22, 4, 0, 0, 250, tzinfo=UTC)
LASTED = 300_000  # nanoseconds
SECONDS = b"\x08\xc0\xd1\x89\xd8\x06"  # 1795320000
TIMES = b"\x22\x0a" + SECONDS + b"\x10\x90\xa1\x0f" + b"\x1a\x0a" + SECONDS + b"\x10\xf0\xc8\x21" + b"\x58\xe0\xa7\x12"


def trace_of(spans: dict[tuple[str | int, ...], Span]) -> Trace:
    return Trace(spans, clock=count(0, LASTED).__next__)


def node(number: bytes, *parts: bytes) -> bytes:
    """A message of less than 16,384 bytes."""
    body = b"".join(parts)
    length = bytes([len(body)]) if len(body) < 128 else bytes([len(body) & 0x7F | 0x80, len(body) >> 7])
    return number + length + body


def test_fields_and_items_of_lists_are_nodes() -> None:
    spans: dict[tuple[str | int, ...], Span] = {
        ("shops",): Span("[Shop!]", "Query", 1, 300),
        ("shops", 0, "name"): Span("String!", "Shop", 300, 300),
        ("shops", 200, "name"): Span("String!", "Shop", 300, 300),
    }
    name = node(b"\x62", b"\x0a\x04name", b"\x1a\x07String!", b"\x6a\x04Shop", b"\x40\xac\x02", b"\x48\xac\x02")
    items = (node(b"\x62", b"\x10\x00", name), node(b"\x62", b"\x10\xc8\x01", name))
    shops = node(b"\x62", b"\x0a\x05shops", b"\x1a\x07[Shop!]", b"\x6a\x05Query", b"\x40\x01", b"\x48\xac\x02", *items)
    assert b64decode(ftv1(trace_of(spans), [], BEGAN)) == TIMES + node(b"\x72", shops)


def test_an_error_stands_at_its_place_and_one_without_a_place_at_the_root() -> None:
    errors = [
        {"message": "closed", "path": ["shops", 0, "phone"], "locations": [{"line": 1, "column": 9}]},
        {"message": "bad"},
    ]
    json = b'{"message":"closed","path":["shops",0,"phone"],"locations":[{"line":1,"column":9}]}'
    closed = node(b"\x5a", b"\x0a\x06closed", b"\x12\x04\x08\x01\x10\x09", b"\x22" + bytes([len(json)]), json)
    phone = node(b"\x62", b"\x0a\x05phone", closed)
    shops = node(b"\x62", b"\x0a\x05shops", node(b"\x62", b"\x10\x00", phone))
    bad = node(b"\x5a", b"\x0a\x03bad", b"\x22\x11", b'{"message":"bad"}')
    assert b64decode(ftv1(trace_of({}), errors, BEGAN)) == TIMES + node(b"\x72", bad, shops)
