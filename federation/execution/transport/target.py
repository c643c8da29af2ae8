"""Where a subgraph listens, and the part of a request that is the same for every call to it."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from federation.execution.transport.pool import Address

_TRACING: Final = frozenset({"traceparent", "tracestate"})  # differ in every request and change no answer


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Header fields of a client that go on to a subgraph: as a mapping and as HTTP writes them. Where `identity` is
    the same, the same is answered.
    """

    fields: Mapping[str, str]
    lines: bytes
    identity: bytes


NOTHING: Final = Forwarded({}, b"", b"")


def forwarded(headers: Mapping[str, str], wanted: Set[str]) -> Forwarded:
    """The wanted headers that need no escaping."""
    fields = {name: value for name, value in headers.items() if name in wanted and _is_clean(value)}
    same = {name: value for name, value in fields.items() if name not in _TRACING}
    return Forwarded(fields, _lines(fields), _lines(same))


def _lines(fields: Mapping[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode("latin-1")


@lru_cache(maxsize=1024)
def _is_clean(value: str) -> bool:
    """Whether a header value can be written as it stands, without ending its line (RFC 9110, section 5.5)."""
    return value.isascii() and value.isprintable()


@dataclass(frozen=True, slots=True)
class Target:
    """One URL that takes POSTs of JSON; `head` is the opening of every request."""

    address: Address
    head: bytes

    def message(self, body: bytes, forwarded: Forwarded) -> bytes:
        """A whole request."""
        return b"%b%bcontent-length: %d\r\n\r\n%b" % (self.head, forwarded.lines, len(body), body)


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
    return Target(address, f"POST {target} HTTP/1.1\r\n".encode("latin-1") + _lines(fields))
