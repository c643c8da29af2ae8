"""The mall as it is split: five subgraph services, a worker and the gateway, on MariaDB and Redis, on this machine."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit, urlunsplit

PORTS = {"shops": 4001, "products": 4002, "orders": 4003, "members": 4004, "content": 4005}
DATABASE = "mysql://root@127.0.0.1:3306/jishi"
REDIS = "redis://127.0.0.1:6379/0"
PATIENCE_SECONDS = 30


def environment() -> dict[str, str]:
    """This process's environment, with the split topology's places where it names no others."""
    urls = {f"{name.upper()}_URL": f"http://127.0.0.1:{port}/graphql" for name, port in PORTS.items()}
    defaults = {
        "DATABASE_URL": DATABASE,
        "REDIS_URL": REDIS,
        "JISHI_HOME": ".demo/split",
        "JISHI_ENV": "development",
        "PYTHONPATH": ".",
        **urls,
    }
    return defaults | os.environ


def with_application_user(env: Mapping[str, str]) -> dict[str, str]:
    """`env` with the database as the mall's own user sees it: with a password of today, where `env` has none."""
    url = urlsplit(env["DATABASE_URL"])
    name = f"{url.path.strip('/')}_application"
    own = url._replace(netloc=f"{name}:{secrets.token_urlsafe()}@{url.hostname}:{url.port or 3306}")
    return {"APPLICATION_DATABASE_URL": urlunsplit(own), **env}


def start(*arguments: str, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *arguments], env=dict(env))


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until `url` answers; ends the program where the process has died or takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    sys.exit(f"{url} does not answer")


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(timeout=20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", default="8000")
    options = parser.parse_args()
    env = with_application_user(environment())
    subprocess.run([sys.executable, "-m", "jobs", "demo"], env=env, check=True)
    env["DATABASE_URL"] = env.pop("APPLICATION_DATABASE_URL")
    processes: list[subprocess.Popen[bytes]] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        for name, port in PORTS.items():
            processes.append(start("-m", f"subgraphs.{name}", "--port", str(port), env=env))
            print(f"{name:<9} http://127.0.0.1:{port}/graphql  (process {processes[-1].pid})", flush=True)
        processes.append(start("-m", "jobs", "worker", env=env))
        for process, port in zip(processes, PORTS.values(), strict=False):
            wait_for(f"http://127.0.0.1:{port}/health", process)
        processes.append(start("gateway.py", "--port", options.port, env=env))
        processes[-1].wait()
    except KeyboardInterrupt:
        pass
    finally:
        stop(processes)


if __name__ == "__main__":
    main()
