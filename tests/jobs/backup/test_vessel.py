"""A file of many chunks: none of them can be changed, left out, put elsewhere or taken from another file."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest

from jobs.backup.vessel import CHUNK_BYTES, Header, Writer, read, read_header, seal_header
from kit.errors import Invalid, Refused
from tests.jobs.backup.shops import MASTERS

WHOLE = bytes(range(256)) * (3 * CHUNK_BYTES // 256) + b"the end"
SEALED = CHUNK_BYTES + 16


async def written(of: str = "shp_a") -> tuple[bytes, Header, bytes]:
    """A file of four chunks, its header and its key."""
    header, key = await seal_header(of, "2026-11-22T04:00:00+00:00", MASTERS)
    file = BytesIO()
    writer = Writer(file, header, key)
    for start in range(0, len(WHOLE), 10_000):
        writer.add(WHOLE[start : start + 10_000])
    writer.close()
    return file.getvalue(), header, key


def parts(content: bytes) -> tuple[bytes, list[bytes]]:
    """The header as it stands there, and the chunks."""
    begin = len(content) - len(WHOLE) - 4 * 16
    return content[:begin], [content[place : place + SEALED] for place in range(begin, len(content), SEALED)]


def opened(content: bytes, key: bytes) -> bytes:
    file = BytesIO(content)
    return b"".join(read(file, read_header(file), key))


async def test_what_was_written_is_read() -> None:
    content, header, key = await written()
    assert read_header(BytesIO(content)) == header
    assert [len(chunk) for chunk in parts(content)[1]] == [SEALED] * 3 + [7 + 16]
    assert opened(content, key) == WHOLE


@pytest.mark.parametrize(
    "broken",
    [
        lambda chunks: chunks[:3],
        lambda chunks: chunks[:1],
        lambda chunks: [],
        lambda chunks: chunks[1:],
        lambda chunks: [chunks[1], chunks[0], *chunks[2:]],
        lambda chunks: [*chunks, chunks[3]],
        lambda chunks: [chunks[0], chunks[0], *chunks[1:]],
    ],
    ids=["without the last", "the first alone", "none", "without the first", "exchanged", "one more", "one twice"],
)
async def test_chunks_have_their_places(broken: Callable[[list[bytes]], list[bytes]]) -> None:
    content, _, key = await written()
    head, chunks = parts(content)
    with pytest.raises(Refused, match="this backup is not as it was written"):
        opened(head + b"".join(broken(chunks)), key)


async def test_a_header_goes_with_its_own_chunks() -> None:
    content, header, key = await written()
    other = Header("shp_b", header.made_at, header.master_id, header.wrapped)
    forged = BytesIO()
    Writer(forged, other, key)
    with pytest.raises(Refused, match="this backup is not as it was written"):
        opened(forged.getvalue() + b"".join(parts(content)[1]), key)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"JISHI-BACKUP-1\n\xff\xff\xff\xff", b"JISHI-BACKUP-1\n\0\0\0\2{}"]
)
def test_what_is_no_backup_is_told_so(content: bytes) -> None:
    with pytest.raises(Invalid, match="this is no backup of ours"):
        read_header(BytesIO(content))
