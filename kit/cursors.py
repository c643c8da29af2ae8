"""Cursors as clients see them: sealed, so that they tell nothing of the rows they point at and nobody can make one.

AES-SIV (RFC 5297): deterministic, so that equal places have equal cursors in every process that has the key.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from functools import lru_cache

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

REMEMBERED = 4_096
"""Cursors of which the text is remembered."""
_KEY_BYTES = 32
_PURPOSE = b"jishi cursors 1"


class _Running:
    cipher = AESSIV(secrets.token_bytes(_KEY_BYTES))


def use(key: bytes) -> None:
    """Let the process seal cursors by a key derived from `key`; until then by one of its own that nobody else has."""
    derived = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_PURPOSE).derive(key)
    _Running.cipher = AESSIV(derived)


def seal(values: object) -> str:
    """The opaque text of plain values."""
    return _sealed(_Running.cipher, values)


def seal_key(values: tuple[int | str, ...]) -> str:
    """The same, remembered: the same pages are shown again and again."""
    return _remembered(_Running.cipher, *values)


@lru_cache(REMEMBERED, typed=True)
def _remembered(cipher: AESSIV, *values: int | str) -> str:
    return _sealed(cipher, values)


def _sealed(cipher: AESSIV, values: object) -> str:
    return base64.urlsafe_b64encode(cipher.encrypt(orjson.dumps(values), None)).decode("ascii")


def unseal(text: str) -> object:
    """What `seal` made the text of. Raises ValueError for any other text."""
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
        return orjson.loads(_Running.cipher.decrypt(raw, None))
    except (binascii.Error, InvalidTag) as error:
        raise ValueError("no cursor of ours") from error
