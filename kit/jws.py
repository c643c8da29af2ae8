"""Signed texts: JWS in compact form (RFC 7515) by Ed25519 (RFC 8037), as narrow as our own tokens need it (RFC 8725).

A header is one of those that we write, byte for byte. Nothing that a stranger puts into one is ever parsed: there is no
`alg` to confuse, no `kid` to look up in a file, no `jku` to fetch, no `crit` to misread. The `typ` keeps the kinds of
texts apart, so that none is taken for another.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LONGEST = 8_192
"""Characters of a signed text: a person with fifty shops needs a little over half of it."""
_RAW = serialization.Encoding.Raw


class Forged(Exception):
    """The text is not as one of our keys signed it."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key by which anybody can tell what was signed; `x` is its 32 bytes in base64url (RFC 8037, section 2)."""

    kid: str
    x: str

    def as_jwk(self) -> dict[str, str]:
        """The key as a member of a JWK set (RFC 7517)."""
        return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.kid, "x": self.x}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs. It shows its id only."""

    kid: str
    secret: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def fresh(cls, kid: str | None = None) -> SigningKey:
        """A new key, under its own thumbprint where it gets no id."""
        secret = Ed25519PrivateKey.generate()
        return cls(kid or thumbprint(_x(secret)), secret)

    @classmethod
    def of_bytes(cls, kid: str, secret: bytes) -> SigningKey:
        """The key whose private half are these 32 bytes."""
        return cls(kid, Ed25519PrivateKey.from_private_bytes(secret))

    @classmethod
    def from_file(cls, path: Path) -> SigningKey:
        """The key in the PEM file `path`, under its thumbprint. Raises TypeError for a key of another kind."""
        secret = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(secret, Ed25519PrivateKey):
            raise TypeError(f"{path} holds no Ed25519 key")
        return cls(thumbprint(_x(secret)), secret)

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.kid, _x(self.secret))

    def private_bytes(self) -> bytes:
        """The 32 bytes that must stay secret."""
        return self.secret.private_bytes(_RAW, serialization.PrivateFormat.Raw, serialization.NoEncryption())

    def write(self, path: Path) -> None:
        """Into a PEM file, readable by its owner only."""
        pem = self.secret.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.touch(mode=0o600)
        path.write_bytes(pem)

    def sign(self, payload: bytes, *, kind: str) -> str:
        """`payload` signed as a text of `kind`."""
        text = f"{_header(kind, self.kid)}.{encoded(payload)}"
        return f"{text}.{encoded(self.secret.sign(text.encode()))}"


def _x(secret: Ed25519PrivateKey) -> str:
    return encoded(secret.public_key().public_bytes(_RAW, serialization.PublicFormat.Raw))


def thumbprint(x: str) -> str:
    """The id that a public key has of itself (RFC 7638; RFC 8037, appendix A.3)."""
    return encoded(hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest())


class Signatures:
    """Tells the texts of one kind that were signed by one of the keys."""

    def __init__(self, kind: str, keys: Iterable[PublicKey]) -> None:
        self._keys = {
            _header(kind, key.kid): (key.kid, Ed25519PublicKey.from_public_bytes(decoded(key.x))) for key in keys
        }

    def read(self, text: str) -> tuple[str, bytes]:
        """The id of the key that signed `text`, and what it signed. Raises Forged."""
        if len(text) > LONGEST:
            raise Forged("too long")
        header, _, rest = text.partition(".")
        payload, _, signature = rest.partition(".")
        known = self._keys.get(header)
        if known is None:
            raise Forged("not signed as we sign")
        kid, key = known
        try:
            signed = f"{header}.{payload}".encode("ascii")
            key.verify(decoded(signature), signed)
            return kid, decoded(payload)
        except (InvalidSignature, ValueError):  # ValueError: no canonical base64url, or not ASCII
            raise Forged("the signature is not right") from None


def _header(kind: str, kid: str) -> str:
    return encoded(f'{{"alg":"EdDSA","kid":"{kid}","typ":"{kind}"}}'.encode())


def encoded(raw: bytes) -> str:
    """base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decoded(text: str) -> bytes:
    """What was encoded. Raises ValueError for any other text that would decode to the same."""
    raw = base64.urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}")
    if encoded(raw) != text:
        raise ValueError("not canonical base64url")
    return raw
