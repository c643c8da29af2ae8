"""Codes of six digits that a telephone shows for half a minute: TOTP (RFC 6238) over HMAC-SHA-1, as apps have it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
_SECRET_BYTES = 20
"""As long as what HMAC-SHA-1 gives (RFC 4226, section 4)."""
_DRIFT = 1
"""Steps that a telephone's clock may be off, each way (RFC 6238, section 5.2)."""


def new_secret() -> bytes:
    """What a telephone and we share."""
    return secrets.token_bytes(_SECRET_BYTES)


def shown_secret(secret: bytes) -> str:
    """The secret as people type it: base32 without padding."""
    return base64.b32encode(secret).decode("ascii").rstrip("=")


def step_at(moment: datetime) -> int:
    """The number of the half minute."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_of(secret: bytes, step: int) -> str:
    """The code of a half minute (RFC 4226, section 5.3)."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(code: str, secret: bytes, *, now: datetime, after: int) -> int | None:
    """The half minute whose code this is, of those around `now` and later than `after`: no code works twice."""
    here = step_at(now)
    for step in range(here - _DRIFT, here + _DRIFT + 1):
        if step > after and hmac.compare_digest(code_of(secret, step).encode(), code.encode()):
            return step
    return None


def uri_of(secret: bytes, *, issuer: str, account: str) -> str:
    """What apps read from a QR code."""
    label = quote(f"{issuer}:{account}", safe="")
    asked = urlencode({"secret": shown_secret(secret), "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS})
    return f"otpauth://totp/{label}?{asked}"
