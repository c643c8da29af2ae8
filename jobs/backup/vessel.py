"""The file of a backup: one stream of bytes, encrypted in chunks, of which none can be changed, moved or cut off.

AES-256-GCM (NIST SP 800-38D) under a key of the file's own, in the STREAM construction (Hoang, Reyhanitabar, Rogaway,
Vizár, 2015): the nonce counts the chunks and marks the last. The header, which says what the backup is of and holds the
key wrapped by a master key, is bound to every chunk.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit.errors import Invalid, Refused
from kit.master_keys import MasterKeys, MasterKeyUnknown
from kit.sealing import SealBroken

MAGIC = b"JISHI-BACKUP-1\n"
CHUNK_BYTES = 64 * 1024
_TAG_BYTES = 16
_LENGTH_BYTES = 4
_MOST_HEADER = 16 * 1024
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Header:
    """What stands in clear before the first chunk."""

    of: str
    """A shop's id, or the name of what else is backed up."""
    made_at: str
    master_id: str
    wrapped: str
    """The file's key, wrapped by the master key `master_id`."""


async def seal_header(of: str, made_at: str, masters: MasterKeys) -> tuple[Header, bytes]:
    """A header for a new file, and the key of the file."""
    key = secrets.token_bytes(_KEY_BYTES)
    wrapped = await masters.wrap(key, context=_context(of))
    return Header(of, made_at, masters.current, wrapped), key


async def open_header(header: Header, masters: MasterKeys) -> bytes:
    """The key of the file. Raises Refused where the master keys at hand do not open it."""
    try:
        return await masters.unwrap(header.wrapped, master_id=header.master_id, context=_context(header.of))
    except (MasterKeyUnknown, SealBroken):
        raise Refused("backup.key", "the keys at hand do not open this backup: nothing was changed") from None


def _context(of: str) -> str:
    return f"backup:{of}"


class Writer:
    """Writes a file: the header at once, then whatever is added, in encrypted chunks; `close` makes it whole."""

    def __init__(self, file: BinaryIO, header: Header, key: bytes) -> None:
        self._file, self._head, self._cipher = file, _head(header), AESGCM(key)
        self._number, self._held = 0, b""
        file.write(self._head)

    def add(self, part: bytes) -> None:
        self._held += part
        while len(self._held) > CHUNK_BYTES:
            self._write(self._held[:CHUNK_BYTES], last=False)
            self._held = self._held[CHUNK_BYTES:]

    def close(self) -> None:
        self._write(self._held, last=True)

    def _write(self, chunk: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, self._head))
        self._number += 1


def read_header(file: BinaryIO) -> Header:
    """The header; the file stands at the first chunk then. Raises Invalid where the file is no backup."""
    start = file.read(len(MAGIC) + _LENGTH_BYTES)
    length = int.from_bytes(start[len(MAGIC) :], "big")
    body = file.read(length) if length <= _MOST_HEADER else b""
    try:
        header = msgspec.json.decode(body, type=Header)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Invalid("backup.format", "this is no backup of ours") from None
    if _head(header) != start + body:
        raise Invalid("backup.format", "this is no backup of ours")
    return header


def read(file: BinaryIO, header: Header, key: bytes) -> Iterator[bytes]:
    """What a Writer was given, in chunks, after `read_header`. Raises Refused where any byte is not as written."""
    head = _head(header)
    cipher, number = AESGCM(key), 0
    chunk = file.read(CHUNK_BYTES + _TAG_BYTES)
    while chunk:
        following = file.read(CHUNK_BYTES + _TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), chunk, head)
        except InvalidTag:
            raise changed() from None
        number, chunk = number + 1, following
    if not number:
        raise changed()


def changed() -> Refused:
    """What is said of a file that is not as it was written."""
    return Refused("backup.changed", "this backup is not as it was written: nothing was changed")


def _head(header: Header) -> bytes:
    body = msgspec.json.encode(header)
    return MAGIC + len(body).to_bytes(_LENGTH_BYTES, "big") + body


def _nonce(number: int, *, last: bool) -> bytes:
    # The key is the file's own, so that a counter alone never comes twice under it.
    return number.to_bytes(11, "big") + bytes([last])
