"""Personal fields at rest: sealed so that the table alone tells nothing, and found again by keyed hash.

Each person has a data key of their own, which seals each field with AES-256-GCM (NIST SP 800-38D) under a random 96-bit
nonce. The data key is wrapped by the key of its keeper (the platform, or a shop), that one by a master key
(`kit.master_keys`): whoever destroys a data key has erased the person. Equality is searched by HMAC-SHA-256.

An envelope is the text `1.KEY.BASE64`: its version, the id of the data key, and nonce, ciphertext and tag together.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit.hidden import Hidden

VERSION = "1"
KEY_BYTES = 32
_NONCE_BYTES = 12

RandomBytes = Callable[[int], bytes]


class SealBroken(Exception):
    """The envelope was changed, stands where it was not sealed for, or was sealed by another key."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a sealed value stands, and about whom it is: it opens nowhere else."""

    person_id: str
    table: str
    column: str
    row_id: str

    def bound(self) -> bytes:
        """The associated data of the envelope."""
        return "\0".join((VERSION, self.person_id, self.table, self.column, self.row_id)).encode()


class DataKey:
    """The key that seals what is stored about one person, unwrapped; it shows its id only."""

    __slots__ = ("_cipher", "id")

    def __init__(self, id_: str, secret: bytes) -> None:
        self.id = id_
        self._cipher = AESGCM(secret)

    def __repr__(self) -> str:
        return f"DataKey({self.id})"

    def seal(self, text: Hidden, spot: Spot, *, random_bytes: RandomBytes = secrets.token_bytes) -> str:
        """`text` as an envelope for `spot`."""
        nonce = random_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.reveal().encode(), spot.bound())
        return f"{VERSION}.{self.id}.{_encoded(nonce + sealed)}"

    def open(self, envelope: str, spot: Spot) -> Hidden:
        """What was sealed for `spot`. Raises SealBroken."""
        version, _, rest = envelope.partition(".")
        key_id, _, body = rest.partition(".")
        if version != VERSION or key_id != self.id:
            raise SealBroken(f"{spot.table}.{spot.column} of {spot.row_id} was sealed by another key")
        try:
            raw = _decoded(body)
            return Hidden(self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], spot.bound()).decode())
        except (InvalidTag, ValueError):  # ValueError: no base64, or shorter than a nonce
            raise SealBroken(f"{spot.table}.{spot.column} of {spot.row_id}") from None


def wrap(secret: bytes, *, under: bytes, bound_to: str, random_bytes: RandomBytes = secrets.token_bytes) -> str:
    """The key `secret` encrypted under another key; `bound_to` names what it is a key of.

    Nonces are random: a key wraps at most 2^32 others (SP 800-38D section 8.3).
    """
    nonce = random_bytes(_NONCE_BYTES)
    return _encoded(nonce + AESGCM(under).encrypt(nonce, secret, bound_to.encode()))


def unwrap(wrapped: str, *, under: bytes, bound_to: str) -> bytes:
    """The key that was wrapped. Raises SealBroken."""
    try:
        raw = _decoded(wrapped)
        return AESGCM(under).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError):
        raise SealBroken(bound_to) from None


@dataclass(frozen=True, slots=True)
class HashKey:
    """A key of equality search. Its version stands in each hash, so that two may be in use while one is replaced."""

    version: int
    secret: bytes = field(repr=False)

    def hash(self, text: Hidden, *, purpose: str) -> str:
        """A stable name for `text` that nobody without the key can guess or check; unlike under another `purpose`."""
        named = f"{purpose}\0{text.reveal()}".encode()
        return f"{self.version}.{hmac.new(self.secret, named, hashlib.sha256).hexdigest()}"


def hashes(text: Hidden, keys: Sequence[HashKey], *, purpose: str) -> list[str]:
    """Every name under which `text` may stand now, for a search while a hash key is replaced."""
    return [key.hash(text, purpose=purpose) for key in keys]


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii")


def _decoded(text: str) -> bytes:
    raw = base64.urlsafe_b64decode(text)
    if _encoded(raw) != text:  # the decoder passes over what is no base64, so that a changed text would still open
        raise ValueError("not canonical base64")
    return raw
