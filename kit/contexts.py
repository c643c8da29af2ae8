"""Signed contexts: what one process of the mall tells another of who asks, for half a minute.

The gateway says which viewer asks, under which hat; a subgraph that asks another one says through which port. Each
process has a key of its own, and the others know its public half by name (`kit.processes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

import msgspec

from kit import clock
from kit.jws import Forged, PublicKey, Signatures, SigningKey
from kit.keychain import Memory
from kit.tokens import SKEW_SECONDS, TokenRefused
from kit.viewer import Hat, Viewer

HEADER = "jishi-context"
KIND = "jishi-context+jwt"
LIFE = timedelta(seconds=30)
SIGNED_AGAIN_SECONDS = 10.0
"""How long the same text is sent: a viewer's calls to a subgraph are alike for so long, and share an answer."""
READ_AGAIN_SECONDS = 5.0
MOST_REMEMBERED = 10_000

GATEWAY = "gateway"
_PORTS = {
    GATEWAY: frozenset({"trust"}),
    "shops": frozenset({"trust", "keys"}),
    "products": frozenset({"trust"}),
    "orders": frozenset({"trust"}),
    "members": frozenset({"trust", "staff"}),
    "content": frozenset({"trust", "authors"}),
}
"""The ports through which each process may ask."""


class Claims(msgspec.Struct, forbid_unknown_fields=True):
    """What a context says."""

    at: float
    """When the viewer's token was signed; 0 where there is none."""
    aud: str
    """The subgraph that is asked."""
    exp: float
    hat: Hat
    iat: float
    iss: str
    role: str | None
    shop: str | None
    sid: str | None
    sub: str | None


class ContextWriter:
    """Signs contexts as the process `issuer`."""

    def __init__(self, issuer: str, key: SigningKey) -> None:
        self._issuer, self._key = issuer, key
        self._written: Memory[tuple[Viewer, float, str], str] = Memory(SIGNED_AGAIN_SECONDS, MOST_REMEMBERED)

    def write(self, viewer: Viewer, audience: str) -> str:
        """A context that says to the subgraph `audience` that `viewer` asks."""
        name = viewer, viewer.issued_at, audience
        text = self._written.get(name)
        if text is None:
            text = self._signed(viewer, audience)
            self._written.put(name, text)
        return text

    def _signed(self, viewer: Viewer, audience: str) -> str:
        now = clock.now().timestamp()
        claims = Claims(
            at=viewer.issued_at,
            aud=audience,
            exp=now + LIFE.total_seconds(),
            hat=viewer.hat,
            iat=now,
            iss=self._issuer,
            role=viewer.role,
            shop=viewer.shop_id,
            sid=viewer.session_id,
            sub=viewer.subject,
        )
        return self._key.sign(msgspec.json.encode(claims), kind=KIND)


class ContextReader:
    """Reads contexts for the subgraph `audience`, signed by the processes that `peers` name."""

    def __init__(self, audience: str, peers: Mapping[str, Iterable[PublicKey]]) -> None:
        self._audience = audience
        self._issuers = {key.kid: name for name, keys in peers.items() for key in keys}
        self._signatures = Signatures(KIND, (key for keys in peers.values() for key in keys))
        self._claims = msgspec.json.Decoder(Claims)
        self._read: Memory[str, tuple[Viewer, float]] = Memory(READ_AGAIN_SECONDS, MOST_REMEMBERED)

    def read(self, text: str) -> Viewer:
        """Who asks. Raises TokenRefused."""
        known = self._read.get(text)
        if known is None:
            known = self._verified(text)
            self._read.put(text, known)
        viewer, expires_at = known
        if clock.now().timestamp() >= expires_at:
            raise _refused()
        return viewer

    def _verified(self, text: str) -> tuple[Viewer, float]:
        try:
            kid, payload = self._signatures.read(text)
            claims = self._claims.decode(payload)
        except (Forged, msgspec.MsgspecError):
            raise _refused() from None
        if msgspec.json.encode(claims) != payload or not self._is_ours(claims, self._issuers[kid]):
            raise _refused()
        viewer = Viewer(
            hat=claims.hat,
            subject=claims.sub,
            shop_id=claims.shop,
            role=claims.role,
            session_id=claims.sid,
            issued_at=claims.at,
        )
        return viewer, claims.exp

    def _is_ours(self, claims: Claims, issuer: str) -> bool:
        now = clock.now().timestamp()
        return (
            (claims.iss, claims.aud) == (issuer, self._audience)
            and claims.iat - SKEW_SECONDS <= now < claims.exp <= claims.iat + LIFE.total_seconds()
            and _may_say(issuer, claims)
        )


def _may_say(issuer: str, claims: Claims) -> bool:
    """Only the gateway speaks for viewers; a process asks through its own ports."""
    if claims.hat is Hat.SERVICE:
        return claims.role == claims.sub and claims.role in _PORTS.get(issuer, ())
    return issuer == GATEWAY


def _refused() -> TokenRefused:
    return TokenRefused("context.invalid", "subgraphs are asked through a gateway of the mall")
