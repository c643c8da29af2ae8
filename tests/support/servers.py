"""The gateway as a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from kit.settings import Settings
from kit.viewer import write_signing_key

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60


@contextmanager
def process(*command: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process of ours; ended with the block."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    running = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        yield running
    finally:
        running.terminate()
        running.wait(timeout=30)


@contextmanager
def gateway(environment: Mapping[str, str]) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A gateway on a free port, ready to answer: its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with process("gateway.py", "--port", str(port), environment=environment) as running:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/ready", running)
        yield address, running


def wait_for(url: str, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and running.poll() is None:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment that describes a mall of the tests, with a signing key of its own."""
    if not settings.signing_key.exists():
        write_signing_key(settings.signing_key)
    return {"DATABASE_URL": settings.database_url, "JISHI_HOME": str(settings.home), "REDIS_URL": "memory://"}
