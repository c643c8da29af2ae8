"""Who may ask over HTTP, and what is said to those who may not: the gateway's clients, and whoever asks a subgraph."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence

from kit.contexts import HEADER, ContextReader
from kit.errors import MallError
from kit.graphql_http import HTTPRefusal, RawHeaders
from kit.tokens import HAT_HEADER, TokenRefused
from kit.trust import Trust
from kit.viewer import Hat, Viewer

ROUTER_HEADER = "jishi-router"
UNVERIFIED = "who you are could not be verified: refresh your token, or sign in again"
"""All that is said of what does not hold: whoever forges is not told what was wrong."""
_WITHOUT_TOKEN = (Hat.GUEST, Hat.SERVICE)
_REFUSED: Mapping[str, tuple[int, RawHeaders]] = {
    "UNAUTHENTICATED": (401, [(b"www-authenticate", b"Bearer")]),
    "FORBIDDEN": (403, []),
    "UNAVAILABLE": (503, [(b"retry-after", b"1")]),
}


async def welcomed(trust: Trust, headers: Mapping[str, str]) -> Viewer:
    """The viewer whom a client's own token names. Raises HTTPRefusal."""
    try:
        return await trust.viewer_of(headers.get("authorization"), headers.get(HAT_HEADER))
    except MallError as error:
        raise _refusal(error) from None


def _refusal(error: MallError) -> HTTPRefusal:
    status, headers = _REFUSED[error.kind]
    message = UNVERIFIED if error.kind == TokenRefused.kind else error.message
    return HTTPRefusal(status, error.kind, message, headers)


class Door:
    """The door of a subgraph that is a service: it opens to a context that a process of the mall has signed, and to a
    viewer's own token, or none, that a known router sends along with its secret. Each is verified here again.
    """

    def __init__(self, trust: Trust, contexts: ContextReader, router_secrets: Sequence[str]) -> None:
        self._trust, self._contexts = trust, contexts
        self._secrets = [secret.encode() for secret in router_secrets]

    async def viewer_of(self, headers: Mapping[str, str]) -> Viewer:
        """Who asks. Raises HTTPRefusal."""
        try:
            if context := headers.get(HEADER):
                return await self._named(context)
            if not self._is_router(headers.get(ROUTER_HEADER, "")):
                raise TokenRefused("context.missing", "subgraphs are asked through a gateway of the mall")
        except MallError as error:
            raise _refusal(error) from None
        return await welcomed(self._trust, headers)

    async def _named(self, context: str) -> Viewer:
        viewer = self._contexts.read(context)
        if viewer.hat not in _WITHOUT_TOKEN:
            await self._trust.check(viewer)
        return viewer

    def _is_router(self, secret: str) -> bool:
        given = secret.encode()
        return any(hmac.compare_digest(given, known) for known in self._secrets)
