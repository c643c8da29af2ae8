"""Signing keys: made, published ahead, following one another; and what whoever reads tokens must know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q

from kit import clock
from kit.errors import NotFound, Unavailable
from kit.ids import new_id
from kit.jws import PublicKey
from kit.jws import SigningKey as Opened
from kit.keychain import Memory
from kit.master_keys import MasterKeys
from kit.ports import TrustNews
from models.members.signing import MembersRecall, SigningKey
from models.recalls import recalls_since

SIGNS_FOR = timedelta(days=30)
"""How long a key signs before another follows it."""
AHEAD = timedelta(minutes=1)
"""How long a key is published before it signs: readers ask every few seconds."""
OPENED_SECONDS = 60.0

_OPENED: Memory[str, Opened] = Memory(OPENED_SECONDS, 10)


@dataclass(frozen=True, slots=True)
class Draft:
    """A key that was made and wrapped, and is not kept yet."""

    opened: Opened
    master_id: str
    wrapped: str


def signing_context(kid: str) -> str:
    """What the wrapping of a key that signs is bound to."""
    return f"signing-key/{kid}"


async def draft_key(masters: MasterKeys) -> Draft:
    """A fresh key. It may ask a key management service: not to be called inside a transaction."""
    opened, master_id = Opened.fresh(new_id("sgk")), masters.current
    return Draft(opened, master_id, await masters.wrap(opened.private_bytes(), context=signing_context(opened.kid)))


async def keep_key(draft: Draft, *, longest: timedelta) -> SigningKey:
    """Publish the key: it signs from a minute on, or at once where there is no other, and those before it end when the
    last token that they sign has. Runs in the caller's transaction.
    """
    now = clock.now()
    before = SigningKey.filter(_holding(now)).select_for_update()
    signs_from = now + AHEAD if await before.exists() else now
    await SigningKey.filter(ends_at=None).update(ends_at=signs_from + longest + AHEAD)
    return await SigningKey.create(
        id=draft.opened.kid,
        x=draft.opened.public.x,
        master_id=draft.master_id,
        wrapped=draft.wrapped,
        made_at=now,
        signs_from=signs_from,
    )


def _holding(now: datetime) -> Q:
    return Q(ends_at=None) | Q(ends_at__gt=now)


async def is_due() -> bool:
    """Whether another key should follow: there is none, or the newest has signed for its time."""
    newest = await SigningKey.filter(ends_at=None).order_by("-signs_from").first()
    return newest is None or newest.signs_from + SIGNS_FOR <= clock.now()


async def retire_key(kid: str) -> None:
    """End a key now, with all tokens that it signed. Raises NotFound. Runs in the caller's transaction."""
    now = clock.now()
    if not await SigningKey.filter(_holding(now), id=kid).update(ends_at=now):
        raise NotFound("signing_key.unknown", "there is no such key, or it has ended")


async def signing_key(masters: MasterKeys) -> Opened:
    """The key to sign with now. Raises Unavailable where there is none."""
    now = clock.now()
    row = await SigningKey.filter(_holding(now), signs_from__lte=now).order_by("-signs_from", "-id").first()
    if row is None:
        raise Unavailable("signing_key.missing", "nobody can sign in yet: run `python -m jobs migrate`")
    opened = _OPENED.get(row.id)
    if opened is None:
        secret = await masters.unwrap(row.wrapped, master_id=row.master_id, context=signing_context(row.id))
        opened = Opened.of_bytes(row.id, secret)
        _OPENED.put(row.id, opened)
    return opened


async def news(since: datetime) -> TrustNews:
    """Every key that holds, and what was called back since a moment. Tokens of before do not hold under any hat."""
    keys = await SigningKey.filter(_holding(clock.now())).order_by("id").values_list("id", "x")
    called_back = await recalls_since(MembersRecall, since)
    return TrustNews(tuple(PublicKey(kid, x) for kid, x in keys), tuple(called_back))
