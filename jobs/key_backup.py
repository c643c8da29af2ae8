"""The backup of keys, apart from all others: what restores who is there, and never brings back who was erased.

A file is a header and frames. The header names the master key that wraps the file's own key; a frame is a batch of rows
as compressed JSON, sealed under that key for its place in the file, and the last one says so. A changed, missing or
exchanged byte is refused before anything is written. Keep few of these, and not for long: until the oldest is gone, who
has it and the master key could still open what an erased person's key had sealed.
"""

from __future__ import annotations

import os
import secrets
import zlib
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit.errors import Invalid
from kit.master_keys import MasterKeys
from kit.sealing import KEY_BYTES, SealBroken
from models import bulk
from models.base import Row
from models.members.privacy import APART

FORMAT = "jishi-keys/1"
ROWS = 2_000
_NONCE_BYTES, _SIZE_BYTES = 12, 4
_TABLES = {model._meta.db_table: model for model in APART}


async def write_backup(path: Path, masters: MasterKeys) -> int:
    """Write every key and every erasure to a fresh file at `path`, for its owner's eyes only; how many rows.

    Raises FileExistsError.
    """
    name, secret = secrets.token_hex(16), secrets.token_bytes(KEY_BYTES)
    wrapped = await masters.wrap(secret, context=_context(name))
    header = {"format": FORMAT, "name": name, "master_id": masters.current, "wrapped": wrapped}
    rows = number = 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(orjson.dumps(header, option=orjson.OPT_APPEND_NEWLINE))
        async for batch in _batches():
            _write_frame(file, AESGCM(secret), _place(name, number, last=False), batch)
            rows, number = rows + len(batch["rows"]), number + 1
        _write_frame(file, AESGCM(secret), _place(name, number, last=True), {})
    return rows


async def restore_backup(path: Path, masters: MasterKeys) -> int:
    """Bring back the rows of the file at `path` that are missing; how many rows.

    Whoever was erased since must be erased again afterwards. Raises Invalid where the file is no whole backup of ours,
    before anything is written, and MasterKeyUnknown.
    """
    with path.open("rb") as file:
        header = _header(file.readline())
        try:
            secret = await masters.unwrap(
                header["wrapped"], master_id=header["master_id"], context=_context(header["name"])
            )
        except SealBroken:
            raise _broken() from None
        first = file.tell()
        for _ in _frames(file, AESGCM(secret), header["name"]):  # all of it, before the first row is believed
            pass
        file.seek(first)
        restored = 0
        for batch in _frames(file, AESGCM(secret), header["name"]):
            restored += await _insert_missing(_TABLES[batch["table"]], batch["rows"])
        return restored


async def _batches() -> AsyncIterator[dict[str, Any]]:
    for table, model in _TABLES.items():
        last = ""
        while rows := await model.filter(id__gt=last).order_by("id").limit(ROWS).values():
            last = rows[-1]["id"]
            yield {"table": table, "rows": rows}


async def _insert_missing(model: type[Row], rows: list[dict[str, Any]]) -> int:
    there = set(await model.filter(id__in=[row["id"] for row in rows]).values_list("id", flat=True))
    moments = [name for name in ("since", "at") if name in model._meta.fields_map]
    missing = [row for row in rows if row["id"] not in there]
    for row in missing:
        row.update({name: datetime.fromisoformat(row[name]) for name in moments})
    return await bulk.insert(model, missing)


def _write_frame(file: BinaryIO, cipher: AESGCM, place: bytes, batch: dict[str, Any]) -> None:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = nonce + cipher.encrypt(nonce, zlib.compress(orjson.dumps(batch)), place)
    file.write(len(sealed).to_bytes(_SIZE_BYTES, "big") + sealed)


def _frames(file: BinaryIO, cipher: AESGCM, name: str) -> Iterator[dict[str, Any]]:
    """The batches, in their places, up to the frame that says it is the last. Raises Invalid."""
    number = 0
    while True:
        sealed = file.read(int.from_bytes(file.read(_SIZE_BYTES), "big"))
        upcoming = file.read(1)
        is_last = not upcoming
        try:
            nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            batch = orjson.loads(zlib.decompress(cipher.decrypt(nonce, body, _place(name, number, last=is_last))))
        except (InvalidTag, ValueError):
            raise _broken() from None
        if is_last:
            return
        file.seek(-1, 1)
        number += 1
        yield batch


def _header(line: bytes) -> dict[str, str]:
    try:
        header: dict[str, str] = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise _broken() from None
    if not isinstance(header, dict) or header.get("format") != FORMAT or {"name", "master_id", "wrapped"} - set(header):
        raise _broken()
    return header


def _place(name: str, number: int, *, last: bool) -> bytes:
    return f"{FORMAT}/{name}/{number}/{'last' if last else 'more'}".encode()


def _context(name: str) -> str:
    return f"{FORMAT}/{name}"


def _broken() -> Invalid:
    return Invalid("keys.backup", "this is no whole backup of our keys: nothing was changed")
