"""Personal fields at rest: sealed so that the table alone tells nothing, and found again by keyed hash.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce, the row's id as associated data, so that a sealed value
cannot be moved to another row; HMAC-SHA-256 for equality search.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class SealBroken(Exception):
    """The sealed text was changed, belongs to another row, or was sealed by another key."""


def seal(text: str, *, key: bytes, row_id: str, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """`text` sealed for the row `row_id`; `key` has 32 bytes."""
    nonce = random_bytes(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), row_id.encode())
    return base64.b64encode(nonce + sealed).decode("ascii")


def unseal(sealed: str, *, key: bytes, row_id: str) -> str:
    """What was sealed for the row `row_id`. Raises SealBroken."""
    try:
        raw = base64.b64decode(sealed)
        return AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], row_id.encode()).decode()
    except (InvalidTag, ValueError):  # ValueError: no base64, or shorter than a nonce
        raise SealBroken(row_id) from None


def keyed_hash(text: str, *, key: bytes) -> str:
    """A stable name for `text` that nobody without `key` can guess or check."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def mask_phone(phone: str) -> str:
    """138****1234"""
    return f"{phone[:3]}****{phone[-4:]}"
