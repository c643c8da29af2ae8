"""Access tokens: JWT (RFC 7519, RFC 9068) that say who the bearer is and which hats they may wear, for minutes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe
from typing import Literal

import msgspec

from kit import clock
from kit.errors import MallError
from kit.jws import Forged, PublicKey, Signatures, SigningKey
from kit.viewer import Bearer, Hat, Viewer

KIND = "at+jwt"
HAT_HEADER = "jishi-hat"
SKEW_SECONDS = 5.0
"""How far the clocks of our machines may stand apart."""


class TokenRefused(MallError):
    """The token is not ours, not valid now, or not a token."""

    kind = "UNAUTHENTICATED"


def not_a_token() -> TokenRefused:
    """What is said of every token that we did not sign, whatever is wrong with it."""
    return TokenRefused("token.invalid", "the token is not valid: sign in again")


class Claims(msgspec.Struct, forbid_unknown_fields=True):
    """What an access token says."""

    aud: Literal["jishi-api"]
    exp: float
    hats: list[tuple[Hat, str | None, str | None]]
    """Each hat with its shop and its role."""
    iat: float
    iss: Literal["jishi"]
    jti: str
    sid: str | None
    sub: str


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token that was read: whom it names, the moments (seconds since 1970) from and until which it holds."""

    bearer: Bearer
    issued_at: float
    expires_at: float


def write_token(key: SigningKey, viewers: Iterable[Viewer], *, lasting: timedelta) -> str:
    """A token by which its bearer may be any of `viewers`, all the same subject's, for `lasting` from now."""
    now = clock.now().timestamp()
    hats = list(viewers)
    claims = Claims(
        aud="jishi-api",
        exp=now + lasting.total_seconds(),
        hats=[(viewer.hat, viewer.shop_id, viewer.role) for viewer in hats],
        iat=now,
        iss="jishi",
        jti=token_urlsafe(12),
        sid=hats[0].session_id,
        sub=hats[0].subject or "",
    )
    return key.sign(msgspec.json.encode(claims), kind=KIND)


class TokenReader:
    """Reads access tokens that were signed by one of `keys` and last no longer than `longest`."""

    def __init__(self, keys: Iterable[PublicKey], *, longest: timedelta) -> None:
        self._signatures = Signatures(KIND, keys)
        self._longest = longest.total_seconds()
        self._claims = msgspec.json.Decoder(Claims)

    def read(self, token: str) -> AccessToken:
        """Who the bearer of `token` is. Raises TokenRefused."""
        try:
            _, payload = self._signatures.read(token)
            claims = self._claims.decode(payload)
        except (Forged, msgspec.MsgspecError):
            raise not_a_token() from None
        if msgspec.json.encode(claims) != payload:  # a claim said twice, or otherwise than we write it
            raise not_a_token()
        if claims.exp - claims.iat > self._longest or not _are_worn(claims.hats):
            raise not_a_token()
        # By our own clock, so that a stopped clock stops tokens too.
        if not claims.iat - SKEW_SECONDS <= clock.now().timestamp() < claims.exp:
            raise TokenRefused("token.expired", "the token has expired: refresh it, or sign in again")
        return AccessToken(_bearer(claims), claims.iat, claims.exp)


def _are_worn(hats: Sequence[tuple[Hat, str | None, str | None]]) -> bool:
    return bool(hats) and all(hat not in (Hat.GUEST, Hat.SERVICE) for hat, _, _ in hats)


def _bearer(claims: Claims) -> Bearer:
    return Bearer.of(
        *(
            Viewer(
                hat=hat,
                subject=claims.sub,
                shop_id=shop_id,
                role=role,
                session_id=claims.sid,
                issued_at=claims.iat,
            )
            for hat, shop_id, role in claims.hats
        )
    )


def token_in(authorization: str) -> str:
    """The token of an `Authorization` header. Raises TokenRefused."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenRefused("token.invalid", "Authorization must be `Bearer TOKEN`")
    return token
