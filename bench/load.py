"""Load on a GraphQL endpoint: a number of connections that ask the same again and again."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from federation.execution.transport.pool import Address, Pool

TIMEOUT_SECONDS = 10
SCRIPT = Path(__file__).with_name("post.lua")


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: `p99` in milliseconds."""

    requests: int
    seconds: float
    p99: float
    failed: int


def loaded(url: str, body: Path, *, connections: int, seconds: int, own_tokens: bool = False) -> Load:
    """Ask with the body in a file. `own_tokens` gives every request a token of its own, so that no two are identical.

    By wrk where it is installed, else by a client of ours, which takes more of the machine.
    """
    if shutil.which("wrk") is None:
        return asyncio.run(_by_ourselves(url, body.read_bytes(), connections, seconds, own_tokens))
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        f"{TIMEOUT_SECONDS}s",
        "-s",
        str(SCRIPT),
        url,
    ]
    options = ["--", str(body), *(["own"] if own_tokens else [])]
    run = subprocess.run([*command, *options], capture_output=True, text=True, check=True)
    return Load(**json.loads(run.stdout.partition("RESULT ")[2]))


async def _by_ourselves(url: str, body: bytes, connections: int, seconds: int, own_tokens: bool) -> Load:
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    address = Address(parts.hostname, parts.port, None)
    pool = Pool(address, limit=connections, queue=0, max_body=10_000_000)
    head = f"POST {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\ncontent-type: application/json\r\n"
    numbers, waits, failed = count(), [], 0
    start = time.perf_counter()

    async def ask() -> None:
        nonlocal failed
        while (asked := time.perf_counter()) < start + seconds:
            token = f"authorization: Bearer {next(numbers)}\r\n" if own_tokens else ""
            message = f"{head}{token}content-length: {len(body)}\r\n\r\n".encode() + body
            latest = asyncio.get_running_loop().time() + TIMEOUT_SECONDS
            answer = await pool.exchange(message, repeatable=False, latest=latest)
            failed += answer.status != 200
            waits.append(time.perf_counter() - asked)

    await asyncio.gather(*(ask() for _ in range(connections)))
    took = time.perf_counter() - start
    pool.close()
    return Load(len(waits), took, sorted(waits)[len(waits) * 99 // 100] * 1000, failed)
