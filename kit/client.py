"""Where a client asks from: its network address, which the front door writes over what the client says of itself."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from kit.graphql_endpoint import ASGIApp
from kit.graphql_http import Receive, Scope, Send

CLIENT_HEADER = "jishi-client"
_NAME = CLIENT_HEADER.encode()
_HOME_BITS = 64


def with_client(scope: Mapping[str, Any]) -> dict[str, Any]:
    """An ASGI scope whose headers say who is at the other end of its connection.

    Behind a proxy that is known (`FORWARDED_ALLOW_IPS`) uvicorn has put there whom the proxy names.
    """
    address = (scope.get("client") or ("",))[0]
    headers = [pair for pair in scope["headers"] if pair[0] != _NAME]
    return {**scope, "headers": [*headers, (_NAME, address.encode("latin-1", "replace"))]}


def located(app: ASGIApp) -> ASGIApp:
    """ASGI application: the same, told where its client is."""

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        await app(with_client(scope), receive, send)

    return told


def place_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or the /64 that a household has in IPv6; any other text is itself."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address[:45]
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    mapped = known.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((int(known), _HOME_BITS), strict=False))
