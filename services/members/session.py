"""Signing in and out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from tortoise.queryset import QuerySet

from kit import clock
from kit.hidden import Hidden
from kit.ids import new_id
from kit.payload import UserError
from kit.sealing import HashKey, hashes
from kit.viewer import Viewer
from models.acts import Act
from models.members.session import Credential, Session
from models.members.signing import MembersRecall
from models.recalls import recall
from services.audit import record
from services.members import throttling
from services.members.persons import lock_person
from services.members.throttling import Names

SIGNED_IN_FOR = timedelta(days=7)
TOKEN_LIFE = timedelta(minutes=5)
LOGIN = "login"
"""What phone numbers are hashed for here."""

PASSWORDS = PasswordHasher()
"""argon2id with the second recommended setting of RFC 9106 (64 MiB, three passes)."""

NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$KN2jhyLOYQTEkQ0GF141sQ$M+TU+pidazyybuFcUzm+4/ufd2C9duf3fR8Str/tpvc"
"""A hash of nothing anybody knows: an unknown phone costs the same time as a known one."""


@dataclass(frozen=True, slots=True)
class WrongCredentials(UserError):
    code: str = "credentials.wrong"
    message: str = "there is no such phone number and password"
    path: tuple[str, ...] | None = ("input",)


@dataclass(frozen=True, slots=True)
class LockedOut(UserError):
    code: str = "credentials.locked"
    message: str = "too many tries from here, or with this number: wait, or try from where you have signed in before"
    path: tuple[str, ...] | None = ("input",)
    until: datetime | None = None
    """When it may be tried again."""


@dataclass(frozen=True, slots=True)
class SessionUnknown(UserError):
    code: str = "session.unknown"
    message: str = "you have no such session, or it has ended"
    path: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that is open now."""

    id: str
    member_id: str
    expires_at: datetime

    def token_life(self) -> timedelta:
        """How long an access token of now holds: it does not outlive its session."""
        return min(TOKEN_LIFE, self.expires_at - clock.now())


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in; `member_id` is None where the phone number is nobody's."""

    names: Names
    member_id: str | None
    secret: str


async def begin_attempt(phone: Hidden, *, address: str, hash_keys: Sequence[HashKey]) -> Attempt | LockedOut:
    """Count a try to sign in before its password is looked at, so that many at once are no more than five.

    Runs in the caller's transaction. What is answered, and how many statements that takes, does not depend on whether
    there is such a number.
    """
    names = throttling.names_of(phone, address, hash_keys, purpose=LOGIN)
    found = Credential.filter(login_hash__in=hashes(phone, hash_keys, purpose=LOGIN))
    return await _counted(names, found)


async def begin_own_attempt(member_id: str, *, address: str, hash_keys: Sequence[HashKey]) -> Attempt | LockedOut:
    """The same for a member who has signed in already and says the password again.

    Runs in the caller's transaction.
    """
    names = throttling.names_of(Hidden(member_id), address, hash_keys, purpose="own password")
    return await _counted(names, Credential.filter(member_id=member_id))


async def _counted(names: Names, found: QuerySet[Credential]) -> Attempt | LockedOut:
    until = await throttling.count_try(names)
    if until:
        return LockedOut(until=until)
    credential = await found.first()
    if credential is None:
        return Attempt(names, None, NOBODYS)
    return Attempt(names, credential.member_id, credential.secret)


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
    await throttling.forgive_try(attempt.names)


async def open_session(
    attempt: Attempt, hat: Viewer, *, device: str = "", lasting: timedelta = SIGNED_IN_FOR
) -> OpenSession:
    """A session for the person whose `attempt` was right; failures are forgotten.

    Runs in the caller's transaction. Raises NotFound where they were erased, or have ended, since the attempt began.
    """
    now, person_id = clock.now(), hat.subject or ""
    await lock_person(person_id)
    await forget_failures(attempt)
    opened = OpenSession(new_id("ses"), person_id, now + lasting)
    await Session.create(id=opened.id, member_id=person_id, device=device, created_at=now, expires_at=opened.expires_at)
    await record("members", Act.SESSION_OPENED, viewer=replace(hat, session_id=opened.id), object_id=opened.id)
    return opened


async def end_session(session_id: str | None, *, by: Viewer) -> datetime | SessionUnknown:
    """End a session of the person who asks for it; when it ended. Runs in the caller's transaction."""
    now, ended = clock.now(), session_id or ""
    open_one = Session.filter(id=ended, member_id=by.person_id, revoked_at=None, expires_at__gt=now)
    if not await open_one.update(revoked_at=now):
        return SessionUnknown()
    await record("members", Act.SESSION_CLOSED, viewer=by, object_id=ended)
    return await recall(MembersRecall, ended)


async def end_all_sessions(*, by: Viewer) -> datetime | SessionUnknown:
    """End every session of the person who asks for it; when they ended. Runs in the caller's transaction."""
    now, person_id = clock.now(), by.person_id or ""
    if not await Session.filter(member_id=person_id, revoked_at=None, expires_at__gt=now).update(revoked_at=now):
        return SessionUnknown()
    await record("members", Act.SESSIONS_CLOSED, viewer=by, object_id=person_id)
    return await recall(MembersRecall, person_id)
