"""Answers for sessions: signing in, staying signed in, seeing where one is, and ending it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kit import clock
from kit.hidden import Hidden
from kit.jws import SigningKey
from kit.keychain import KeyOf
from kit.page import Connection, Page
from kit.payload import Payload, UserError
from kit.tokens import write_token
from kit.viewer import Viewer
from models.members import reads
from models.members.rows import MemberRow, SessionRow
from models.repeating import carry_out
from models.scope import Scope
from resolvers.context import Context, Loads, Tools
from resolvers.feeds import listed_within
from services.members import factor, persons, platform
from services.members import refresh as refreshing
from services.members import session as rules
from services.members.factor import SecondFactorNeeded
from services.members.privacy.keys import data_key
from services.members.refresh import RefreshRefused
from services.members.session import Attempt, LockedOut, OpenSession, SessionUnknown, WrongCredentials
from services.members.signing import signing_key

__all__ = ["LockedOut", "RefreshRefused", "SecondFactorNeeded", "SessionRow", "SessionUnknown", "WrongCredentials"]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, the token that says so until `expires_at`, and what gets the next one."""

    token: str
    expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime
    member_id: str


@dataclass(frozen=True, slots=True)
class SignedOut:
    at: datetime


async def signed_in_members(signed: Sequence[SignedIn], loads: Loads) -> list[MemberRow | None]:
    return await loads.many(reads.members_by_id, [one.member_id for one in signed])


async def my_sessions(roots: Sequence[Any], args: Page, viewer: Viewer, loads: Loads) -> list[Connection[SessionRow]]:
    return await listed_within(Scope.of(viewer), reads.SESSIONS, [reads.OPEN_SESSIONS] * len(roots), args, loads)


async def are_this(sessions: Sequence[SessionRow], viewer: Viewer) -> list[bool]:
    """Whether each is the session in which it is asked."""
    return [session.id == viewer.session_id for session in sessions]


async def sign_in(
    context: Context, *, phone: Hidden, password: str, code: str | None, device: str
) -> Payload[SignedIn]:
    """The password is checked between two transactions, so that no row is locked while it is."""
    hash_keys = await context.tools.keys().hash_keys()
    attempt = await carry_out("members", rules.begin_attempt, phone, address=context.address, hash_keys=hash_keys)
    return await _signed_in_by(context, attempt, password, code=code, device=device)


async def sign_in_to_platform(
    context: Context, *, login: str, password: str, code: str, device: str
) -> Payload[SignedIn]:
    hash_keys = await context.tools.keys().hash_keys()
    attempt = await carry_out("members", platform.begin_attempt, login, address=context.address, hash_keys=hash_keys)
    return await _signed_in_by(context, attempt, password, code=code, device=device)


async def _signed_in_by(
    context: Context, attempt: Attempt | LockedOut, password: str, *, code: str | None, device: str
) -> Payload[SignedIn]:
    """A session for who says the right password and, where there is a second factor, its code of now."""
    if isinstance(attempt, LockedOut):
        return Payload(errors=(attempt,))
    person_id = await rules.member_behind(attempt, password)
    if person_id is None:
        return Payload(errors=(WrongCredentials(),))
    tools, is_staff = context.tools, persons.is_staff(person_id)
    hats, key = await _hats_and_key(tools, person_id)
    has_factor = is_staff or await factor.has_factor(person_id)
    if has_factor and code is None:
        return Payload(errors=(SecondFactorNeeded(),))
    opens = await data_key(tools.keys(), KeyOf(person_id)) if has_factor else None

    async def opened() -> Payload[SignedIn]:
        if not hats or (opens and not await factor.passes(person_id, code or "", opens)):
            return Payload(errors=(WrongCredentials(),))
        lasting = platform.SHIFT if is_staff else rules.SIGNED_IN_FOR
        session = await rules.open_session(attempt, hats[0], device=device, lasting=lasting)
        return Payload(await _signed_in(session, hats, key))

    return await carry_out("members", opened)


async def refresh(context: Context, *, token: Hidden) -> Payload[SignedIn]:
    """Who bears the token is asked for first, so that nothing is used up where shops do not answer."""
    holder = await refreshing.holder_of(token)
    if holder is None:
        return Payload(errors=(RefreshRefused(),))
    hats, key = await _hats_and_key(context.tools, holder.person_id)

    async def refreshed() -> Payload[SignedIn]:
        session = await refreshing.refresh_session(holder)
        if isinstance(session, RefreshRefused) or not hats:
            return Payload(errors=(RefreshRefused(),))
        return Payload(await _signed_in(session, hats, key))

    return await carry_out("members", refreshed)


async def _hats_and_key(tools: Tools, person_id: str) -> tuple[list[Viewer], SigningKey]:
    """What the person may be, and the key that says so: what may need a network, before a transaction is begun."""
    key = await signing_key(tools.keys().masters)
    if persons.is_staff(person_id):
        office = await platform.office_of(person_id)
        return [office] if office else [], key
    shops = await tools.staff.hats(person_id) if tools.staff else {}
    at_work = (Viewer.shop_staff(person_id, shop_id, role) for shop_id, role in shops.items())
    return [Viewer.member(person_id), *at_work], key


async def _signed_in(session: OpenSession, hats: Sequence[Viewer], key: SigningKey) -> SignedIn:
    """Signed while the session is locked: who ends it meanwhile calls this token back, too."""
    refresh_token = await refreshing.give_refresh_token(session.id)
    lasting = session.token_life()
    token = write_token(key, [replace(hat, session_id=session.id) for hat in hats], lasting=lasting)
    return SignedIn(token, clock.now() + lasting, refresh_token, session.expires_at, session.member_id)


async def sign_out(context: Context) -> Payload[SignedOut]:
    return await end_session(context, session_id=context.viewer.session_id)


async def end_session(context: Context, *, session_id: str | None) -> Payload[SignedOut]:
    return _ended(await carry_out("members", rules.end_session, session_id, by=context.viewer))


async def end_all_sessions(context: Context) -> Payload[SignedOut]:
    return _ended(await carry_out("members", rules.end_all_sessions, by=context.viewer))


def _ended(at: datetime | SessionUnknown) -> Payload[SignedOut]:
    return Payload(errors=(at,)) if isinstance(at, UserError) else Payload(SignedOut(at))
