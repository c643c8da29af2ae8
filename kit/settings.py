"""The environment, read once into one frozen object."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

DOMAINS = ("shops", "products", "orders", "members", "content")

SHORTEST_SECRET = 32
LONGEST_TOKEN = timedelta(days=1)
"""How long any access token may last: those of a demo's people."""
DEMO_MASTER_KEYS = {"demo": hashlib.sha256(b"jishi demo: wraps the keys of nobody").digest()}
DEMO_SEALING_KEY = hashlib.sha256(b"jishi demo: seals nothing that is secret").digest()

_OWN_KEYS = {"MASTER_KEYS": "ID:64-HEX-DIGITS,...", "SEALING_KEY": "64 hex digits"}
"""What a mall that is no demo must set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the mall's parts are. Every value has a default that suits the demo on one machine."""

    database_url: str
    """`sqlite://PATH`, or `mysql://USER:PASSWORD@HOST:PORT/PREFIX` for one schema `PREFIX_<domain>` per domain."""
    application_database_url: str | None
    """The same place as the mall's own user sees it, who may not change its append-only rows: for `jobs migrate`, which
    runs as another one. None where both are the same user, as in SQLite."""
    mysql_driver: str | None
    """`asyncmy` or `aiomysql`; None takes the faster one where it is installed."""
    redis_url: str
    """`memory://` for the in-process Redis of the embedded topology, else `redis://HOST:PORT/DB`."""
    home: Path
    """Folder of the demo's own files: its SQLite file, its keys, its personas."""
    development: bool
    """Whether GraphiQL and the demo's personas are served."""
    introspection: bool
    clock: datetime | None
    """A moment at which time stands still, for comparing answers; None for the real time."""
    subgraph_urls: Mapping[str, str]
    """Where each subgraph answers in the split topology; empty when they run in the gateway's process."""
    process_keys: Path
    """Folder of the keys by which the mall's processes know each other (`kit.processes`), where it is split."""
    router_secrets: tuple[str, ...]
    """Secrets of outside routers that may ask subgraphs with a viewer's own token: each of 32 characters at least."""
    longest_token: timedelta
    """How long an access token may last: minutes, but a day for the demo's people."""
    master_keys: Mapping[str, bytes]
    """Keys of 32 bytes by id, under which the keys of personal fields are wrapped; the first wraps from now on."""
    erasure_journal: Path
    """The file in which erasures are written down, to be replayed after a restore: outside the database's backups."""
    sealing_key: bytes
    """32 bytes that seal what clients hold for us: cursors."""
    audit_key: Path
    """Ed25519 private key (PEM) that signs the seals of the trail; needed where a worker runs."""
    audit_public_keys: Path | None
    """PEM file of the public keys whose seals are trusted; None: that of `audit_key` alone."""
    audit_anchors: Path
    """File in which the newest seals are noted, best where whoever rules the database cannot write."""
    fingerprint_key: bytes
    """32 bytes under which the trail keeps fingerprints: those of two keys cannot be compared."""
    backups: Path
    """Folder of the shops' backups, best on a disk that the database is not on."""
    cache_entries: int
    """Most values that a process caches of what reads bring; 0 switches the cache off."""
    cache_bytes: int
    """About the most that they take."""
    fragment_bytes: int
    """About the most that parts of answers take which are kept as JSON; 0 keeps none."""

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """The settings of an environment. Raises ValueError where a mall that is no demo lacks its own keys."""
        home = Path(environ.get("JISHI_HOME", ".demo"))
        stopped = environ.get("JISHI_CLOCK")
        development = _is_development(environ)
        for name, form in _OWN_KEYS.items():
            if not development and name not in environ:
                raise ValueError(f"{name} is missing: {form}, or JISHI_ENV=development for a demo")
        urls = {name: environ[f"{name.upper()}_URL"] for name in DOMAINS if f"{name.upper()}_URL" in environ}
        sealing_key = _key(environ, "SEALING_KEY", DEMO_SEALING_KEY)
        return cls(
            database_url=environ.get("DATABASE_URL", f"sqlite://{home / 'mall.db'}"),
            application_database_url=environ.get("APPLICATION_DATABASE_URL"),
            mysql_driver=environ.get("MYSQL_DRIVER"),
            redis_url=environ.get("REDIS_URL", "memory://"),
            home=home,
            development=development,
            introspection=environ.get("INTROSPECTION", "on" if development else "off") == "on",
            clock=datetime.fromisoformat(stopped) if stopped else None,
            subgraph_urls=urls,
            process_keys=Path(environ.get("PROCESS_KEYS", home / "keys")),
            router_secrets=_secrets(environ.get("ROUTER_SECRETS", "")),
            longest_token=LONGEST_TOKEN if development else timedelta(minutes=15),
            master_keys=_master_keys(environ["MASTER_KEYS"]) if "MASTER_KEYS" in environ else DEMO_MASTER_KEYS,
            audit_key=Path(environ.get("AUDIT_KEY", home / "audit-key.pem")),
            audit_public_keys=Path(environ["AUDIT_PUBLIC_KEYS"]) if "AUDIT_PUBLIC_KEYS" in environ else None,
            audit_anchors=Path(environ.get("AUDIT_ANCHORS", home / "audit-anchors.jsonl")),
            erasure_journal=Path(environ.get("ERASURE_JOURNAL", home / "erasures.jsonl")),
            sealing_key=sealing_key,
            fingerprint_key=_key(environ, "FINGERPRINT_KEY", hashlib.sha256(b"fingerprints" + sealing_key).digest()),
            backups=Path(environ.get("BACKUPS", home / "backups")),
            cache_entries=int(environ.get("CACHE_ENTRIES", "100000")),
            cache_bytes=int(environ.get("CACHE_MEGABYTES", "128")) * 1_000_000,
            fragment_bytes=_fragment_bytes(environ),
        )


def _key(environ: Mapping[str, str], name: str, default: bytes) -> bytes:
    return bytes.fromhex(environ[name]) if name in environ else default


def _secrets(text: str) -> tuple[str, ...]:
    found = tuple(secret for secret in text.split(",") if secret)
    if any(len(secret) < SHORTEST_SECRET for secret in found):
        raise ValueError(f"ROUTER_SECRETS must be secrets of {SHORTEST_SECRET} characters or more, with commas between")
    return found


def _fragment_bytes(environ: Mapping[str, str]) -> int:
    """What `FRAGMENT_CACHE=off` sets to nothing."""
    if environ.get("FRAGMENT_CACHE", "on") == "off":
        return 0
    return int(environ.get("FRAGMENT_MEGABYTES", "32")) * 1_000_000


def _is_development(environ: Mapping[str, str]) -> bool:
    """Who names no database runs the demo; who names one runs a mall, closed unless JISHI_ENV says otherwise."""
    return environ.get("JISHI_ENV", "production" if "DATABASE_URL" in environ else "development") == "development"


def _master_keys(text: str) -> dict[str, bytes]:
    """`ID:HEX,ID:HEX`. Raises ValueError, without the text, where it is none such."""
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        name, _, digits = part.strip().partition(":")
        try:
            keys[name] = bytes.fromhex(digits)
        except ValueError:
            raise ValueError("MASTER_KEYS must be ID:64-HEX-DIGITS,...") from None
    if not all(name and len(key) == 32 for name, key in keys.items()):
        raise ValueError("MASTER_KEYS must be ID:64-HEX-DIGITS,...")
    return keys
