"""What a process believes of tokens: whose keys sign them, and which of them were called back.

Members tell of keys and of tokens that were called back, shops of those whose work in them changed. Each is asked again
when what it told is older than a second and somebody needs it, and nothing is believed on news older than five seconds:
so that whatever is called back is refused everywhere within five seconds, and when the news stop, so does belief.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from kit import clock
from kit.errors import Unavailable
from kit.jws import PublicKey
from kit.keychain import Memory
from kit.ports import TrustNews, TrustSource
from kit.tokens import AccessToken, TokenReader, TokenRefused, token_in
from kit.viewer import GUEST, Hat, Viewer

RENEWED_SECONDS = 1.0
"""How old news may be before they are asked for again, beside the request that needs them."""
STALE_SECONDS = 5.0
"""How old news may be to be believed."""
PATIENCE_SECONDS = 2.0
"""How long a request waits for news that it needs."""
AGAIN_SECONDS = 0.25
"""How soon a source that did not answer is asked again."""
OVERLAP = timedelta(seconds=15)
"""How far back each question reaches beyond the last one: a change may commit seconds after the moment that it bears,
and clocks stand apart."""
REMEMBERED_SECONDS = 5.0
MOST_REMEMBERED = 10_000

MEMBERS, SHOPS = "members", "shops"

_log = logging.getLogger("jishi.trust")


class News:
    """What one source has told so far, of what may still matter."""

    def __init__(self, source: TrustSource, longest: timedelta, monotonic: Callable[[], float]) -> None:
        self.keys: tuple[PublicKey, ...] = ()
        self._recalls: dict[str, float] = {}
        """Session or person -> until when tokens were made that do not hold, in seconds since 1970."""
        self._source, self._longest, self._monotonic = source, longest, monotonic
        self._heard = self._tried = -STALE_SECONDS
        self._until: datetime | None = None
        self._asking: asyncio.Task[None] | None = None

    async def fresh(self) -> None:
        """Raises Unavailable where there is nothing to believe."""
        age = self._monotonic() - self._heard
        if age < RENEWED_SECONDS:
            return
        asking = self._ask()
        if age < STALE_SECONDS:
            return
        if asking is not None:
            await asyncio.wait([asking], timeout=PATIENCE_SECONDS)
        if self._monotonic() - self._heard >= STALE_SECONDS:
            raise Unavailable("trust.stale", "who you are cannot be verified now: try again in a moment")

    def _ask(self) -> asyncio.Task[None] | None:
        if self._asking is None and self._monotonic() - self._tried >= AGAIN_SECONDS:
            self._tried = self._monotonic()
            self._asking = asyncio.create_task(self._renew())
            self._asking.add_done_callback(self._asked)
        return self._asking

    def _asked(self, task: asyncio.Task[None]) -> None:
        self._asking = None
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, Unavailable):
            _log.error("news of tokens failed", exc_info=error)

    async def _renew(self) -> None:
        asked, now = self._monotonic(), clock.now()
        since = now - self._longest if self._until is None else self._until - OVERLAP
        self._take(await self._source.news(since), (now - self._longest - OVERLAP).timestamp())
        self._heard, self._until = asked, now

    def _take(self, news: TrustNews, oldest: float) -> None:
        if news.keys != self.keys:  # else the same object stays, by which readers know that nothing changed
            self.keys = news.keys
        for recall in news.recalls:
            self._recalls[recall.subject] = max(recall.at.timestamp(), self._recalls.get(recall.subject, 0.0))
        self._recalls = {subject: at for subject, at in self._recalls.items() if at > oldest}

    def has_recalled(self, viewer: Viewer) -> bool:
        """Whether the token of which the viewer came was called back."""
        if not self._recalls:
            return False
        issued_at, recalls = viewer.issued_at, self._recalls
        return issued_at <= max(recalls.get(viewer.subject or "", -1.0), recalls.get(viewer.session_id or "", -1.0))


class Trust:
    """Tells whom a token names, now. `longest` is how long a token may last; calls back are remembered as long."""

    def __init__(
        self,
        sources: Mapping[str, TrustSource],
        *,
        longest: timedelta,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._longest = longest
        self._news = {name: News(source, longest, monotonic) for name, source in sources.items()}
        self._remembered: Memory[str, AccessToken] = Memory(REMEMBERED_SECONDS, MOST_REMEMBERED, monotonic)
        self._reader = TokenReader((), longest=longest)
        self._keys: tuple[PublicKey, ...] = ()

    async def viewer_of(self, authorization: str | None, hat: str | None = None) -> Viewer:
        """The viewer whom an `Authorization` header names, under `hat`; a guest where there is none.

        Raises TokenRefused, Forbidden for a hat that is not theirs, and Unavailable where that cannot be told now.
        """
        if authorization is None:
            return GUEST
        await self._news[MEMBERS].fresh()
        token = token_in(authorization)
        read = self._remembered.get(token)
        if read is None or self._keys is not self._news[MEMBERS].keys:
            read = self._read(token)
        elif clock.now().timestamp() >= read.expires_at:
            raise TokenRefused("token.expired", "the token has expired: refresh it, or sign in again")
        viewer = read.bearer.wearing(hat)
        await self.check(viewer)
        return viewer

    def _read(self, token: str) -> AccessToken:
        keys = self._news[MEMBERS].keys
        if keys != self._keys:
            self._reader = TokenReader(keys, longest=self._longest)
            self._remembered.clear()
        self._keys = keys
        read = self._reader.read(token)
        self._remembered.put(token, read)
        return read

    async def check(self, viewer: Viewer) -> None:
        """Raises TokenRefused where the token of which the viewer came was called back, and Unavailable."""
        for name in (MEMBERS, SHOPS) if viewer.hat is Hat.SHOP else (MEMBERS,):
            await self._news[name].fresh()
            if self._news[name].has_recalled(viewer):
                raise TokenRefused("token.revoked", "the token was called back: refresh it, or sign in again")

    async def keys(self) -> tuple[PublicKey, ...]:
        """The keys that sign tokens now. Raises Unavailable."""
        await self._news[MEMBERS].fresh()
        return self._news[MEMBERS].keys
