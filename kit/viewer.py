"""Who is asking: a guest, a member, a shop's staff, the platform's staff or a partner; and the token that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kit import clock
from kit.errors import MallError

ISSUER = "jishi"
AUDIENCE = "jishi-api"
ALGORITHM = "EdDSA"


class TokenRefused(MallError):
    """The token is not ours, not valid now, or not a token."""

    kind = "UNAUTHENTICATED"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking, under which hats. `GUEST` wears none."""

    member_id: str | None = None
    shops: Mapping[str, str] = field(default_factory=dict)
    """Shop id -> role of the viewer there."""
    platform_role: str | None = None
    partner: str | None = None
    session_id: str | None = None
    """The session that the token was signed for; None where it is nobody's device."""

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes that `@requiresScopes` speaks of."""
        hats = {"member": self.member_id, "shop": self.shops, "platform": self.platform_role, "partner": self.partner}
        return frozenset(scope for scope, worn in hats.items() if worn)

    @property
    def is_guest(self) -> bool:
        return not self.scopes


GUEST = Viewer()


class Tokens:
    """Signs and reads access tokens: JWT (RFC 7519) with Ed25519 signatures (RFC 8037)."""

    def __init__(self, private_key: Ed25519PrivateKey) -> None:
        self._private = private_key
        self._public = private_key.public_key()

    @classmethod
    def from_file(cls, path: Path) -> Tokens:
        """The key in the PEM file `path`."""
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{path} holds no Ed25519 key")
        return cls(key)

    def sign(self, viewer: Viewer, *, lasting: timedelta) -> str:
        """A token by which its bearer is `viewer` for `lasting` from now."""
        now = clock.now()
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + lasting,
            "sub": viewer.member_id or viewer.partner or viewer.platform_role or "",
            "member": viewer.member_id,
            "shops": dict(viewer.shops),
            "platform": viewer.platform_role,
            "partner": viewer.partner,
            "session": viewer.session_id,
        }
        return jwt.encode(claims, self._private, algorithm=ALGORITHM)

    def read(self, token: str) -> Viewer:
        """Who the bearer of `token` is. Raises TokenRefused."""
        try:
            claims = jwt.decode(
                token,
                self._public,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={"require": ["exp", "iat", "sub"], "verify_exp": False, "verify_iat": False},
            )
            return self._viewer(claims)
        except (jwt.InvalidTokenError, TypeError, ValueError, KeyError, AttributeError):
            raise TokenRefused("token.invalid", "the token is not valid: sign in again") from None

    @staticmethod
    def _viewer(claims: dict[str, Any]) -> Viewer:
        # By our own clock, so that a stopped clock stops tokens too.
        if not claims["iat"] - 60 <= clock.now().timestamp() < claims["exp"]:
            raise TokenRefused("token.expired", "the token has expired: sign in again")
        shops = dict(claims["shops"])
        return Viewer(claims["member"], shops, claims["platform"], claims["partner"], claims.get("session"))

    def viewer_of(self, authorization: str | None) -> Viewer:
        """The viewer whom an `Authorization` header names; a guest where there is none. Raises TokenRefused."""
        if authorization is None:
            return GUEST
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TokenRefused("token.invalid", "Authorization must be `Bearer TOKEN`")
        return self.read(token.strip())


def write_signing_key(path: Path) -> None:
    """Make a fresh Ed25519 key at `path`, readable by its owner only."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.touch(mode=0o600)
    path.write_bytes(pem)
