"""Signing in and out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kit import clock
from kit.hidden import Hidden
from kit.ids import new_id
from kit.payload import UserError
from kit.sealing import HashKey, hashes
from kit.viewer import GUEST, Viewer
from models.acts import Act
from models.members.session import Credential, Session
from models.members.signing import MembersRecall
from models.recalls import recall
from services.audit import record

MOST_FAILURES = 5
"""Wrong passwords in a row after which nobody signs in for a while."""
LOCKED_FOR = timedelta(minutes=15)
SIGNED_IN_FOR = timedelta(days=7)
TOKEN_LIFE = timedelta(minutes=5)
LOGIN = "login"
"""What phone numbers are hashed for here."""

PASSWORDS = PasswordHasher()
"""argon2id with the second recommended setting of RFC 9106 (64 MiB, three passes)."""

_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$KN2jhyLOYQTEkQ0GF141sQ$M+TU+pidazyybuFcUzm+4/ufd2C9duf3fR8Str/tpvc"
"""A hash of nothing anybody knows: an unknown phone costs the same time as a known one."""


@dataclass(frozen=True, slots=True)
class WrongCredentials(UserError):
    code: str = "credentials.wrong"
    message: str = "there is no such phone number and password"
    path: tuple[str, ...] | None = ("input",)


@dataclass(frozen=True, slots=True)
class LockedOut(UserError):
    code: str = "credentials.locked"
    message: str = "too many wrong passwords: nobody signs in with this phone number for a while"
    path: tuple[str, ...] | None = ("input", "phone")
    until: datetime | None = None
    """When it may be tried again."""


@dataclass(frozen=True, slots=True)
class SessionUnknown(UserError):
    code: str = "session.unknown"
    message: str = "this token belongs to no session, or to one that has ended"
    path: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in; `member_id` is None where the phone number is nobody's."""

    credential_id: str | None
    member_id: str | None
    secret: str


async def begin_attempt(phone: Hidden, *, hash_keys: Sequence[HashKey]) -> Attempt | LockedOut:
    """Count a try to sign in before its password is looked at, so that many at once are no more than five.

    Runs in the caller's transaction.
    """
    named = hashes(phone, hash_keys, purpose=LOGIN)
    return await _counted(await Credential.filter(login_hash__in=named).select_for_update().first())


async def begin_own_attempt(member_id: str) -> Attempt | LockedOut:
    """The same for a member who has signed in already and says the password again.

    Runs in the caller's transaction.
    """
    return await _counted(await Credential.filter(member_id=member_id).select_for_update().first())


async def _counted(credential: Credential | None) -> Attempt | LockedOut:
    now = clock.now()
    if credential is None:
        return Attempt(None, None, _NOBODYS)
    if credential.locked_until and now < credential.locked_until:
        return LockedOut(until=credential.locked_until)
    failures = credential.failures % MOST_FAILURES + 1
    locked_until = now + LOCKED_FOR if failures == MOST_FAILURES else None
    await Credential.filter(id=credential.id).update(failures=failures, locked_until=locked_until)
    if locked_until:
        await record("members", Act.CREDENTIAL_LOCKED, viewer=GUEST, object_id=credential.id)
    return Attempt(credential.id, credential.member_id, credential.secret)


async def member_behind(attempt: Attempt, password: str) -> str | None:
    """Who has the password; None where it is wrong. Takes tens of milliseconds, beside the event loop."""
    return attempt.member_id if await asyncio.to_thread(_verified, attempt.secret, password) else None


def _verified(secret: str, password: str) -> bool:
    try:
        return PASSWORDS.verify(secret, password)
    except (VerificationError, InvalidHashError):
        return False


async def forget_failures(attempt: Attempt) -> None:
    """The password was right. Runs in the caller's transaction."""
    await Credential.filter(id=attempt.credential_id).update(failures=0, locked_until=None)


async def open_session(attempt: Attempt, member_id: str) -> Session:
    """A session for the member whose `attempt` was right; failures are forgotten. Runs in the caller's transaction."""
    now = clock.now()
    await forget_failures(attempt)
    opened = await Session.create(id=new_id("ses"), member_id=member_id, created_at=now, expires_at=now + SIGNED_IN_FOR)
    await record("members", Act.SESSION_OPENED, viewer=Viewer.member(member_id, opened.id), object_id=opened.id)
    return opened


async def close_session(*, by: Viewer) -> datetime | SessionUnknown:
    """End the session in which somebody asks for it; when it ended. Runs in the caller's transaction."""
    now, session_id = clock.now(), by.session_id or ""
    open_one = Session.filter(id=session_id, member_id=by.person_id, revoked_at=None, expires_at__gt=now)
    if not await open_one.update(revoked_at=now):
        return SessionUnknown()
    await record("members", Act.SESSION_CLOSED, viewer=by, object_id=session_id)
    return await recall(MembersRecall, session_id)
