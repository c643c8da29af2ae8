"""JSON of a long answer, written piece by piece, so that others have the event loop in between."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import orjson

from federation.execution.pace import Pace

LONG = 2_000
"""Objects in an answer that is written so: about 200 kB, half a millisecond of work."""
HAD_ITS_SHARE = 0.01
"""Seconds that whoever made such an answer has spent already, about: see Pace."""
SMALLEST = 0.02
"""The part of an answer that is written at once."""


async def long_json(value: Any) -> bytes:
    """`orjson.dumps`, with breaks."""
    written: list[bytes] = []
    await Pace(spent=HAD_ITS_SHARE).drive(_pieces(value, 1.0, written))
    return b"".join(written)


async def json_of(value: Any, objects: int) -> bytes:
    """A value of an answer with so many objects as JSON: with breaks where it is long."""
    return await long_json(value) if objects > LONG else orjson.dumps(value)


def _pieces(value: Any, part: float, written: list[bytes]) -> Generator[None, None, None]:
    """Write a value that is about this `part` of the answer: what is small at once, lists item by item."""
    kind = type(value)
    if part < SMALLEST or not value or kind not in (dict, list):
        written.append(orjson.dumps(value))
        yield
        return
    sign, end, share = (b"{", b"}", part) if kind is dict else (b"[", b"]", part / len(value))
    for item in value:
        written.append(sign + orjson.dumps(item) + b":" if kind is dict else sign)
        yield from _pieces(value[item] if kind is dict else item, share, written)
        sign = b","
    written.append(end)
