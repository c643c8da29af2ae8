"""Refresh tokens: each gets its session one access token more, and is followed by another (RFC 9700, section 4.14.2).

Whoever stole one cannot hide: as soon as both the thief and the owner have used the same one, whoever comes second ends
the session for both.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from secrets import token_urlsafe

from kit import clock
from kit.hidden import Hidden
from kit.ids import new_id
from kit.jws import encoded
from kit.payload import UserError
from kit.viewer import GUEST
from models.acts import Act
from models.members.session import RefreshToken, Session
from models.members.signing import MembersRecall
from models.recalls import recall
from services.audit import record
from services.members.session import OpenSession

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class RefreshRefused(UserError):
    code: str = "refresh.refused"
    message: str = "this refresh token is not valid: sign in again"
    path: tuple[str, ...] | None = ("input", "refreshToken")


def _hash(token: Hidden) -> str:
    return encoded(hashlib.sha256(token.reveal().encode()).digest())


async def give_refresh_token(session_id: str) -> str:
    """A fresh refresh token of the session. Runs in the caller's transaction."""
    token = token_urlsafe(_SECRET_BYTES)
    await RefreshToken.create(
        id=new_id("rft"), session_id=session_id, secret_hash=_hash(Hidden(token)), made_at=clock.now()
    )
    return token


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a refresh token is, used or not, ended or not."""

    token_id: str
    session_id: str
    person_id: str


async def holder_of(token: Hidden) -> Holder | None:
    """Whose the token is; None where it is none of ours. Not in the transaction that uses it: looked for by its hash
    and locked, MariaDB would lock what lies beside it too, where others put theirs."""
    found = await RefreshToken.filter(secret_hash=_hash(token)).first()
    session = await Session.filter(id=found.session_id).first() if found else None
    return Holder(found.id, session.id, session.member_id) if found and session else None


async def refresh_session(holder: Holder) -> OpenSession | RefreshRefused:
    """The open session whose token this is; the token is used then, and a used one ends its session.

    Runs in the caller's transaction, which must commit whatever the answer is. The session stays locked until then.
    """
    now = clock.now()
    open_one = Session.filter(id=holder.session_id, revoked_at=None, expires_at__gt=now)
    session = await open_one.select_for_update().first()
    if session is None:
        return RefreshRefused()
    token = await RefreshToken.filter(id=holder.token_id).select_for_update().get()
    if token.used_at is not None:
        await open_one.update(revoked_at=now)
        await record("members", Act.SESSION_STOLEN, viewer=GUEST, object_id=session.id)
        await recall(MembersRecall, session.id)
        return RefreshRefused()
    await RefreshToken.filter(id=token.id).update(used_at=now)
    await Session.filter(id=session.id).update(refreshed_at=now)
    return OpenSession(session.id, session.member_id, session.expires_at)
