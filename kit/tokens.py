"""Access tokens: JWT (RFC 7519) with Ed25519 signatures (RFC 8037) that say who the bearer is and may be."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kit import clock
from kit.errors import MallError
from kit.viewer import GUEST, Bearer, Hat, Viewer

ISSUER = "jishi"
AUDIENCE = "jishi-api"
ALGORITHM = "EdDSA"
HAT_HEADER = "jishi-hat"


class TokenRefused(MallError):
    """The token is not ours, not valid now, or not a token."""

    kind = "UNAUTHENTICATED"


class Tokens:
    """Signs and reads access tokens."""

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

    def sign(self, bearer: Bearer, *, lasting: timedelta) -> str:
        """A token by which its bearer may wear the hats of `bearer` for `lasting` from now."""
        now = clock.now()
        viewers = list(bearer.hats.values())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + lasting,
            "sub": viewers[0].subject,
            "sid": viewers[0].session_id,
            "hats": [[viewer.hat, viewer.shop_id, viewer.role] for viewer in viewers],
        }
        return jwt.encode(claims, self._private, algorithm=ALGORITHM)

    def read(self, token: str) -> Bearer:
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
            return self._bearer(claims)
        except (jwt.InvalidTokenError, TypeError, ValueError, KeyError, AttributeError):
            raise TokenRefused("token.invalid", "the token is not valid: sign in again") from None

    @staticmethod
    def _bearer(claims: dict[str, Any]) -> Bearer:
        # By our own clock, so that a stopped clock stops tokens too.
        if not claims["iat"] - 60 <= clock.now().timestamp() < claims["exp"]:
            raise TokenRefused("token.expired", "the token has expired: sign in again")
        subject, session_id, (*hats,) = claims["sub"], claims["sid"], claims["hats"]
        return Bearer.of(
            *(
                Viewer(hat=Hat(hat), subject=subject, shop_id=shop_id, role=role, session_id=session_id)
                for hat, shop_id, role in hats
            )
        )

    def viewer_of(self, authorization: str | None, hat: str | None = None) -> Viewer:
        """The viewer whom an `Authorization` header names, under `hat`; a guest where there is none.

        Raises TokenRefused, and Forbidden for a hat that is not theirs.
        """
        if authorization is None:
            return GUEST
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TokenRefused("token.invalid", "Authorization must be `Bearer TOKEN`")
        return self.read(token.strip()).wearing(hat)


def write_signing_key(path: Path) -> None:
    """Make a fresh Ed25519 key at `path`, readable by its owner only."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.touch(mode=0o600)
    path.write_bytes(pem)
