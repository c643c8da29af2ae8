"""The environment, read once into one frozen object."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

DOMAINS = ("shops", "products", "orders", "members", "content")

DEMO_SEALING_KEY = hashlib.sha256(b"jishi demo: seals nothing that is secret").digest()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the mall's parts are. Every value has a default that suits the demo on one machine."""

    database_url: str
    """`sqlite://PATH`, or `mysql://USER:PASSWORD@HOST:PORT/PREFIX` for one schema `PREFIX_<domain>` per domain."""
    redis_url: str
    """`memory://` for the in-process Redis of the embedded topology, else `redis://HOST:PORT/DB`."""
    home: Path
    """Folder of the demo's own files: its SQLite file, its signing key, its personas."""
    development: bool
    """Whether GraphiQL and the demo's personas are served."""
    introspection: bool
    clock: datetime | None
    """A moment at which time stands still, for comparing answers; None for the real time."""
    subgraph_urls: Mapping[str, str]
    """Where each subgraph answers in the split topology; empty when they run in the gateway's process."""
    signing_key: Path
    """Ed25519 private key (PEM) that signs and verifies tokens."""
    sealing_key: bytes
    """32 bytes that seal personal fields."""

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """The settings of an environment. Raises ValueError where a mall that is no demo lacks its own keys."""
        home = Path(environ.get("JISHI_HOME", ".demo"))
        stopped = environ.get("JISHI_CLOCK")
        development = _is_development(environ)
        if not development and "SEALING_KEY" not in environ:
            raise ValueError("SEALING_KEY is missing: 64 hex digits, or JISHI_ENV=development for a demo")
        urls = {name: environ[f"{name.upper()}_URL"] for name in DOMAINS if f"{name.upper()}_URL" in environ}
        return cls(
            database_url=environ.get("DATABASE_URL", f"sqlite://{home / 'mall.db'}"),
            redis_url=environ.get("REDIS_URL", "memory://"),
            home=home,
            development=development,
            introspection=environ.get("INTROSPECTION", "on" if development else "off") == "on",
            clock=datetime.fromisoformat(stopped) if stopped else None,
            subgraph_urls=urls,
            signing_key=Path(environ.get("SIGNING_KEY", home / "signing-key.pem")),
            sealing_key=bytes.fromhex(environ["SEALING_KEY"]) if "SEALING_KEY" in environ else DEMO_SEALING_KEY,
        )


def _is_development(environ: Mapping[str, str]) -> bool:
    """Who names no database runs the demo; who names one runs a mall, closed unless JISHI_ENV says otherwise."""
    return environ.get("JISHI_ENV", "production" if "DATABASE_URL" in environ else "development") == "development"
