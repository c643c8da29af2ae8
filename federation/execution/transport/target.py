"""Where a subgraph listens, and the part of a request that is the same for every call to it."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from federation.execution.transport.pool import Address

Forwarded = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Target:
    """One URL that takes POSTs of JSON; `head` is the opening of every request."""

    address: Address
    head: bytes

    def message(self, body: bytes, forwarded: Forwarded) -> bytes:
        """A whole request; `forwarded` are header fields in names and values that need no escaping."""
        fields = "".join(f"{name}: {value}\r\n" for name, value in forwarded)
        return b"%b%bcontent-length: %d\r\n\r\n%b" % (self.head, fields.encode("latin-1"), len(body), body)


def read_url(url: str, headers: Mapping[str, str], tls: ssl.SSLContext | None, *, accept: str) -> Target:
    """Raises ValueError for what is no address of HTTP."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("a subgraph's address must be http://... or https://...")
    secure = parts.scheme == "https"
    address = Address(
        parts.hostname,
        parts.port or (443 if secure else 80),
        (tls or ssl.create_default_context()) if secure else None,
    )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.netloc.rpartition("@")[2]
    fields = {"host": host, "content-type": "application/json", "accept": accept, **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return Target(address, f"POST {target} HTTP/1.1\r\n{lines}".encode("latin-1"))
