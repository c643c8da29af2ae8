"""Fingerprints: keyed hashes by which two values can be compared, and from which neither can be guessed.

HMAC-SHA-256 (RFC 2104) over canonical JSON, with one key for the whole process, injected at its start. Without the key
nobody can try all telephone numbers; what a fingerprint is `of` is hashed too, so that equal values of two objects
have unlike ones.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import msgspec


class _Running:
    key: bytes | None = None


_canonical = msgspec.json.Encoder(order="deterministic")


def use(key: bytes) -> None:
    """Let the process take fingerprints with `key` from here on."""
    _Running.key = key


def fingerprint(value: Any, *, of: str) -> str:
    """64 hex digits for `value`, the state of the object `of`. Raises RuntimeError where the process has no key."""
    if _Running.key is None:
        raise RuntimeError("fingerprints have no key yet: open the database first")
    text = _canonical.encode([of, value])
    return hmac.new(_Running.key, text, hashlib.sha256).hexdigest()
