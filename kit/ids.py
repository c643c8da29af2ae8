"""Ids: a type prefix and a UUIDv7 in sortable text, such as `prd_01m5t...`; the same string in the row and in the API.

The text is base32hex (RFC 4648 section 7) of the 128 bits (RFC 9562 section 5.7): 26 characters whose order is that of
time, so that a primary key grows at its end in SQLite and MariaDB alike.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from kit import clock

ID_LENGTH = 30
_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_PAIRS = [high + low for high in _DIGITS for low in _DIGITS]

RandomBits = Callable[[int], int]


class _Latest:
    bits = 0


def new_id(prefix: str, *, at: datetime | None = None, random_bits: RandomBits = secrets.randbits) -> str:
    """A fresh id of the type that the three-letter `prefix` names, made at `at` (default: now).

    Ids made now by one process ascend, within a millisecond too (RFC 9562 section 6.2, method 2).
    """
    milliseconds = int((at or clock.now()).timestamp() * 1000)
    bits = milliseconds << 80 | 7 << 76 | random_bits(12) << 64 | 2 << 62 | random_bits(62)
    if at is None:
        if _Latest.bits >> 80 == milliseconds:
            bits = max(bits, _Latest.bits + 1)
        _Latest.bits = bits
    return f"{prefix}_{_text(bits)}"


def _text(bits: int) -> str:
    # By pairs of digits: the standard library's b32hexencode takes twice as long, and a mall makes millions of ids.
    padded = bits << 2
    return "".join([_PAIRS[padded >> shift & 1023] for shift in range(120, -1, -10)])


def prefix_of(value: str) -> str:
    """The type prefix of an id, or '' where the text is no id of ours."""
    prefix, _, rest = value.partition("_")
    return prefix if len(value) == ID_LENGTH and rest.isascii() and rest.isalnum() else ""
