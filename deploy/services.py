"""Starts MariaDB and Redis on this machine where they do not answer yet: for tests, not for production."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

PATIENCE_SECONDS = 60

SERVICES: tuple[tuple[str, int, str, Sequence[Sequence[str]]], ...] = (
    (
        "mariadb-server",
        3306,
        "mariadbd",
        (
            ("mkdir", "-p", "/run/mysqld"),
            ("chown", "mysql:mysql", "/run/mysqld"),
            ("start-stop-daemon", "--start", "--oknodo", "--background", "--exec", "/usr/sbin/mariadbd"),
        ),
    ),
    (
        "redis-server",
        6379,
        "redis-server",
        (("redis-server", "--daemonize", "yes", "--bind", "127.0.0.1", "--save", "", "--dir", tempfile.gettempdir()),),
    ),
)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start(package: str, port: int, program: str, commands: Sequence[Sequence[str]]) -> None:
    """Install the service where it is missing, start it, and wait until it answers."""
    if shutil.which(program) is None:
        print(f"installing {package} ...", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", package], check=True, stdout=subprocess.DEVNULL)
    for command in commands:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not answers(port):
        if time.monotonic() > deadline:
            sys.exit(f"{program} does not answer on port {port} after {PATIENCE_SECONDS} seconds")
        time.sleep(0.2)
    print(f"{program} started on 127.0.0.1:{port}", flush=True)


def main() -> None:
    for package, port, program, commands in SERVICES:
        if not answers(port):
            start(package, port, program, commands)


if __name__ == "__main__":
    main()
