"""Signs the seals of the trail, so that nobody without its key can make one: Ed25519 (RFC 8032).

The key stands outside the database. Whoever checks seals needs public keys only, of this notary and of earlier ones.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_PUBLIC_PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


class Notary:
    """Signs texts with one key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = key.public_key()
        self.key_id = _id_of(self.public)

    @classmethod
    def from_file(cls, path: Path) -> Notary:
        """The key in the PEM file `path`. Raises ValueError where it holds none of ours."""
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{path} holds no Ed25519 key")
        return cls(key)

    def sign(self, text: str) -> str:
        """The signature in base64."""
        return base64.b64encode(self._key.sign(text.encode())).decode("ascii")


class Notaries:
    """The notaries whom one trusts, by their public keys."""

    def __init__(self, keys: Iterable[Ed25519PublicKey]) -> None:
        self._keys = {_id_of(key): key for key in keys}

    @classmethod
    def from_file(cls, path: Path) -> Notaries:
        """The public keys in a file of PEM blocks. Raises ValueError where there is none, or one is not ours."""
        keys = [serialization.load_pem_public_key(pem) for pem in _PUBLIC_PEM.findall(path.read_bytes())]
        ours = [key for key in keys if isinstance(key, Ed25519PublicKey)]
        if not ours or len(ours) < len(keys):
            raise ValueError(f"{path} must hold public Ed25519 keys in PEM, and nothing else")
        return cls(ours)

    def trust(self, text: str, *, signature: str, key_id: str) -> bool:
        """Whether one of them signed `text`."""
        key = self._keys.get(key_id)
        if key is None:
            return False
        try:
            key.verify(base64.b64decode(signature), text.encode())
        except (InvalidSignature, ValueError):  # ValueError: no base64
            return False
        return True


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The key as a PEM block, as `Notaries.from_file` reads it."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _id_of(key: Ed25519PublicKey) -> str:
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]
