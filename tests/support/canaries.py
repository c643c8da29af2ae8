"""Values that stand for personal data and occur nowhere else, and the search for them in whatever a mall leaves behind.

Every value carries the stem of its kind, so that one search for the stem, in each way that it could be written, finds
each of them; unkeyed hashes of them are looked for too.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Set
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import redis.asyncio as redis

from kit.settings import DOMAINS, Settings
from tests.support.databases import mysql_cursor, mysql_table
from tests.support.statements import models_of

PEOPLE = 100
_KINDS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "phone": ("1990000", lambda n: f"1990000{n}"),
    "receiver": ("金丝雀收", lambda n: f"金丝雀收{n}"),
    "receivers_phone": ("1991111", lambda n: f"1991111{n}"),
    "street": ("金丝雀路", lambda n: f"金丝雀路 {n} 号"),
    "password": ("c4n4ry-pass", lambda n: f"c4n4ry-pass-{n}"),
    "staff": ("金丝雀员", lambda n: f"金丝雀员{n}"),
    "account": ("622299000000", lambda n: f"622299000000{n}000"),
    "id_number": ("31010119900199", lambda n: f"31010119900199{n}"),
    "invoice": ("金丝雀贸易", lambda n: f"金丝雀贸易{n}有限公司"),
    "email": ("c4n4ry-mail", lambda n: f"c4n4ry-mail-{n}@example.cn"),
}
"""Kind -> its stem, and a value of four digits."""
STEMS = tuple(stem for stem, _ in _KINDS.values())
HASHES = ("md5", "sha1", "sha256")
_WORD = re.compile(rb"[A-Za-z0-9_.-]{16,}")
"""What may be a token: none of ours is shorter."""
_HEX = re.compile(rb"(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Canary:
    """What one person brings to the mall."""

    phone: str
    receiver: str
    receivers_phone: str
    street: str
    password: str
    staff: str
    account: str
    id_number: str
    invoice: str
    email: str

    def texts(self) -> list[str]:
        return [getattr(self, kind) for kind in _KINDS]


CANARIES = tuple(
    Canary(**{kind: make(f"{number:04}") for kind, (_, make) in _KINDS.items()}) for number in range(PEOPLE)
)
_HASHED = {
    hashlib.new(name, text.encode()).hexdigest().encode(): text
    for canary in CANARIES
    for text in canary.texts()
    for name in HASHES
}


def _written(stem: str) -> Iterator[tuple[str, bytes]]:
    """The ways in which a stem could stand somewhere."""
    plain = stem.encode()
    yield "plain", plain
    yield "escaped", stem.encode("unicode_escape")
    yield "quoted", quote(stem).encode()
    yield "utf-16", stem.encode("utf-16-le")
    yield "gbk", stem.encode("gbk")
    yield "hex", plain.hex().encode()
    for shift in range(3):  # where it begins within three bytes
        text = base64.b64encode(b"\0" * shift + plain)
        yield f"base64 {shift}", text[-(-shift * 4 // 3) : (len(plain) + shift) // 3 * 4]


_WRITTEN = {(stem, way): form for stem in STEMS for way, form in _written(stem)}


def found_in(place: str, data: bytes, issued: Set[str] = frozenset()) -> list[str]:
    """Every canary that stands in the data, by place, stem and way of writing; and each of the tokens `issued`."""
    folded = data.lower()
    found = [f"{place}: {stem} ({way})" for (stem, way), form in _WRITTEN.items() if form in data]
    found += [f"{place}: a hash of {_HASHED[hash_]}" for hash_ in set(_HEX.findall(folded)) if hash_ in _HASHED]
    if issued:
        found += [f"{place}: a token" for word in set(_WORD.findall(data)) if word.decode() in issued]
    return found


def in_files(folder: Path, issued: Set[str] = frozenset()) -> list[str]:
    """Every canary in the bytes of the files of a folder: databases with their logs, journals, backups, outputs."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [one for path in files for one in found_in(path.name, path.read_bytes(), issued)]


async def in_database(settings: Settings, issued: Set[str] = frozenset()) -> list[str]:
    """Every canary in any column of any table, as a dump would have it."""
    if settings.database_url.startswith("sqlite:"):
        return _in_sqlite(settings, issued)
    found: list[str] = []
    async with mysql_cursor(settings) as cursor:
        for domain in DOMAINS:
            for model in models_of(domain):
                await cursor.execute(f"SELECT * FROM {mysql_table(settings, domain, model)}")
                found += found_in(model._meta.db_table, _dumped(await cursor.fetchall()), issued)
    return found


def _in_sqlite(settings: Settings, issued: Set[str]) -> list[str]:
    path = settings.database_url.removeprefix("sqlite://")
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}
    return [one for name, found in rows.items() for one in found_in(name, _dumped(found), issued)]


def _dumped(rows: Any) -> bytes:
    return orjson.dumps([[str(value) for value in row] for row in rows])


async def in_redis(url: str, issued: Set[str] = frozenset()) -> list[str]:
    """Every canary in any key, value, list, hash, set or stream of a Redis."""
    client = redis.from_url(url)
    try:
        return [one async for one in _of_keys(client, issued)]
    finally:
        await client.aclose()


async def _of_keys(client: Any, issued: Set[str]) -> AsyncIterator[str]:
    reads: Mapping[bytes, Callable[[bytes], Any]] = {
        b"string": client.get,
        b"hash": client.hgetall,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1, withscores=True),
        b"stream": client.xrange,
    }
    async for key in client.scan_iter(count=1_000):
        value = await reads[await client.type(key)](key)
        for one in found_in(f"redis {key!r}", key + b" " + _flat(value), issued):
            yield one


def _flat(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, Mapping):
        return b" ".join(_flat(part) for pair in value.items() for part in pair)
    if isinstance(value, (list, tuple, set)):
        return b" ".join(map(_flat, value))
    return str(value).encode()
