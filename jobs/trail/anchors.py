"""Anchors: the newest seals, noted outside the database, so that cutting off the end of a chain is found out.

Each is a line of a file that is only ever appended to, and a line of the log, which most malls ship elsewhere at once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from models.seals import newest

EVERY_SECONDS = 60

_log = logging.getLogger("jishi.trail")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A seal that stood at the end of its chain once."""

    domain: str
    number: int
    hash: str


class Anchors:
    """Notes the ends of the chains in the file `path`, at most every `every` seconds."""

    def __init__(self, path: Path, every: float = EVERY_SECONDS) -> None:
        self._path = path
        self._every = every
        self._due = 0.0
        self._noted: dict[str, int] = {}

    async def note(self, domains: Iterable[str]) -> None:
        """Note the end of each chain that has grown, when it is time."""
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + self._every
        ends = {domain: end for domain in domains if (end := await newest(domain))}
        grown = [
            Anchor(domain, end.number, end.hash)
            for domain, end in ends.items()
            if end.number != self._noted.get(domain)
        ]
        if grown:
            await asyncio.to_thread(append, self._path, grown)
        for anchor in grown:
            self._noted[anchor.domain] = anchor.number
            _log.info("seal %s %d %s", anchor.domain, anchor.number, anchor.hash)


def append(path: Path, anchors: Sequence[Anchor]) -> None:
    """Write them to the end of the file, and to the disk. A line that a crash has torn ends there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(b"".join(b"\n" + msgspec.json.encode(anchor) for anchor in anchors))
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[Anchor]:
    """All anchors of a file; none where there is no such file. What a crash has torn is passed over."""
    if not path.exists():
        return []
    found = []
    for line in path.read_bytes().splitlines():
        with suppress(msgspec.DecodeError):
            found.append(msgspec.json.decode(line, type=Anchor))
    return found
