"""Master keys: they wrap the keys of keepers, and stand outside the database and its backups.

`MasterKeys` has the shape of a key management service: small blobs are encrypted and decrypted under a named key with a
context that must be the same both times (AWS KMS and Aliyun KMS call it `EncryptionContext`). `LocalMasterKeys` does it
with keys from the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from kit.sealing import unwrap, wrap


class MasterKeyUnknown(Exception):
    """There is no master key of that id: it was retired too early, or never configured here."""


class MasterKeys(Protocol):
    """A keeper of master keys. Its calls may go over a network: never make them inside a transaction."""

    @property
    def current(self) -> str:
        """The id of the master key that wraps from now on."""

    async def wrap(self, secret: bytes, *, context: str) -> str:
        """`secret`, of at most 4 KB, encrypted under the current master key."""

    async def unwrap(self, wrapped: str, *, master_id: str, context: str) -> bytes:
        """What was wrapped under `master_id`. Raises MasterKeyUnknown, SealBroken."""
        ...


class LocalMasterKeys:
    """Master keys from the settings, by id; the first is the current one."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)
        self.current = next(iter(self._keys))

    def __repr__(self) -> str:
        return f"LocalMasterKeys({', '.join(self._keys)})"

    async def wrap(self, secret: bytes, *, context: str) -> str:
        return wrap(secret, under=self._keys[self.current], bound_to=context)

    async def unwrap(self, wrapped: str, *, master_id: str, context: str) -> bytes:
        if master_id not in self._keys:
            raise MasterKeyUnknown(f"there is no master key {master_id!r} here: add it to MASTER_KEYS")
        return unwrap(wrapped, under=self._keys[master_id], bound_to=context)
