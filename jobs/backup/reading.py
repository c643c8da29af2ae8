"""Reads the file of a backup, and compares it with what it says of itself."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from jobs.backup.vessel import Header, changed, open_header, read, read_header
from kit.errors import Invalid
from kit.master_keys import MasterKeys
from models import copies
from models.copies import Plain


async def opened(path: Path, masters: MasterKeys) -> tuple[Header, bytes]:
    """The header of a file, and its key. Raises Invalid where it is no backup, Refused where no key opens it."""
    try:
        with path.open("rb") as file:
            header = read_header(file)
    except OSError as error:
        raise Invalid("backup.file", f"{path} cannot be read: {error.strerror}") from None
    return header, await open_header(header, masters)


def check(path: Path, header: Header, key: bytes) -> dict[str, int]:
    """Read the whole file and compare it with what it says of itself; its rows by table. Raises Refused."""
    counted: dict[str, int] = {}
    end: dict[str, int] | None = None
    for line in _lines(path, header, key):
        if "end" in line:
            end = line["end"]
            continue
        if copies.digest(line["rows"]) != line["hash"]:
            raise changed()
        counted[line["table"]] = counted.get(line["table"], 0) + len(line["rows"])
    if end is None or {table: count for table, count in end.items() if count} != counted:
        raise changed()
    return counted


def rows_of(path: Path, header: Header, key: bytes) -> Iterator[tuple[str, list[Plain]]]:
    """The rows of a file, page by page, with the name of their table. Raises Refused."""
    return ((line["table"], line["rows"]) for line in _lines(path, header, key) if "table" in line)


def _lines(path: Path, header: Header, key: bytes) -> Iterator[dict[str, Any]]:
    """The lines of a file, decrypted and unpacked as they are read."""
    unpacked, held = zlib.decompressobj(), b""
    with path.open("rb") as file:
        if read_header(file) != header:
            raise changed()
        for chunk in read(file, header, key):
            *whole, held = (held + unpacked.decompress(chunk)).split(b"\n")
            yield from map(orjson.loads, whole)
    if held or not unpacked.eof:
        raise changed()
