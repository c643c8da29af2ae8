"""The gateway and the subgraphs as processes of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import httpx

from kit.settings import DOMAINS, Settings
from tests.support.tokens import with_process_keys

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
ROUTER_SECRET = "the-one-router-that-all-tests-know"


@contextmanager
def process(
    *command: str, environment: Mapping[str, str], output: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process of ours; ended with the block. All that it says goes into the file `output`."""
    env = {"PYTHONPATH": str(ROOT), **environment}
    with running(sys.executable, *command, environment=env, output=output) as started:
        yield started


@contextmanager
def running(
    *command: str, folder: Path = ROOT, environment: Mapping[str, str] | None = None, output: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process; ended with the block, even if it was stopped by a signal meanwhile."""
    env = {**os.environ, **(environment or {})}
    with output.open("ab") if output else nullcontext() as said:
        heard = {"stdout": said, "stderr": said} if said else {"stdout": subprocess.DEVNULL}
        started = subprocess.Popen(command, cwd=folder, env=env, **heard)
        try:
            yield started
        finally:
            started.terminate()
            started.send_signal(signal.SIGCONT)
            _ended(started)


def _ended(started: subprocess.Popen[bytes]) -> None:
    """Wait for the end; what does not end by itself is killed, and fails the test."""
    try:
        started.wait(timeout=30)
    except subprocess.TimeoutExpired:
        started.kill()
        started.wait()
        raise


@contextmanager
def gateway(
    environment: Mapping[str, str], *options: str, output: Path | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A gateway on a free port, ready to answer: its address and its process."""
    port = free_port()
    with process("gateway.py", "--port", str(port), *options, environment=environment, output=output) as started:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/ready", started)
        yield address, started


@dataclass(frozen=True, slots=True)
class Service:
    """A subgraph as a process."""

    url: str
    process: subprocess.Popen[bytes]


@contextmanager
def services(environment: Mapping[str, str], names: Iterable[str] = DOMAINS) -> Iterator[dict[str, Service]]:
    """The mall's subgraphs as processes, ready to answer, by name; each knows where the others are."""
    ports = {name: free_port() for name in names}
    urls = {name: f"http://127.0.0.1:{port}/graphql" for name, port in ports.items()}
    known = {**environment, **subgraph_urls(urls)}
    with ExitStack() as stack:
        started = {
            name: stack.enter_context(process("-m", f"subgraphs.{name}", "--port", str(port), environment=known))
            for name, port in ports.items()
        }
        for name, port in ports.items():
            wait_for(f"http://127.0.0.1:{port}/health", started[name])
        yield {name: Service(urls[name], started[name]) for name in names}


@contextmanager
def own_redis() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Redis of one's own, which may be stopped: its address and its process."""
    port = free_port()
    with running("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "") as started:
        _wait_for_port(port, started)
        yield f"redis://127.0.0.1:{port}/0", started


def _wait_for_port(port: int, started: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and started.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.02)
    raise RuntimeError(f"nothing listens on {port}")


def subgraph_urls(urls: Mapping[str, str]) -> dict[str, str]:
    """The environment that says where subgraphs are."""
    return {f"{name.upper()}_URL": url for name, url in urls.items()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str, started: subprocess.Popen[bytes], headers: Mapping[str, str] | None = None) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and started.poll() is None:
        try:
            if httpx.get(url, headers=headers).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment that describes a mall of the tests, with keys of its own for its processes and a router."""
    with_process_keys(settings)
    return {
        "ROUTER_SECRETS": ROUTER_SECRET,
        "DATABASE_URL": settings.database_url,
        "JISHI_HOME": str(settings.home),
        "REDIS_URL": "memory://",
        "JISHI_ENV": "development",
    }
