"""Who works for the platform: added by a security administrator, active once they have chosen password and factor.

Operator, security and auditor are three administrators (三权分立). A person has one office, for good: whoever has left
one does not come back into another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe

from kit import clock
from kit.errors import Conflict, Forbidden, NotFound
from kit.fingerprint import fingerprint
from kit.hidden import Hidden
from kit.ids import new_id
from kit.jws import encoded
from kit.payload import UserError
from kit.sealing import DataKey, HashKey, Spot
from kit.viewer import Viewer
from models.acts import Act
from models.members.session import Session
from models.members.signing import MembersRecall
from models.members.staff import PlatformStaff
from models.recalls import recall
from models.states import PlatformRole
from services.audit import record
from services.members import throttling
from services.members.factor import Enrolment, enrol, forget_factors, fresh_recovery_codes
from services.members.persons import STAFF
from services.members.session import NOBODYS, PASSWORDS, Attempt, LockedOut

SHIFT = timedelta(hours=12)
"""How long a session lasts."""
ACTIVATED_WITHIN = timedelta(days=1)
SHORTEST_PASSWORD = 12


@dataclass(frozen=True, slots=True)
class ActivationRefused(UserError):
    code: str = "activation.refused"
    message: str = "there is no such login and activation code, or the code has expired"
    path: tuple[str, ...] | None = ("input",)


@dataclass(frozen=True, slots=True)
class PasswordTooShort(UserError):
    code: str = "password.short"
    message: str = f"a password has {SHORTEST_PASSWORD} characters or more"
    path: tuple[str, ...] | None = ("input", "password")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whom a security administrator adds. `id` is fresh; `number` is that on the identity card."""

    id: str
    name: Hidden
    number: Hidden
    login: str
    role: PlatformRole


@dataclass(frozen=True, slots=True)
class Activated:
    """What an active person's app must be told, once, and the recovery codes."""

    enrolment: Enrolment
    recovery_codes: list[str]


def new_staff_id() -> str:
    return new_id(STAFF)


async def add(newcomer: Newcomer, key: DataKey, *, by: Viewer | None) -> str:
    """Add a person; the code with which they choose their password. Runs in the caller's transaction.

    Raises Forbidden where `by` is no security administrator, or None though there is one; Conflict for a login that is
    taken, and for a person who has an office, or had one.
    """
    await _check_security(by, newcomer.role)
    person = fingerprint(newcomer.number.reveal(), of="platform_staff")
    if await PlatformStaff.filter(person=person).exists():
        raise Conflict("staff.known", "this person has an office of the platform, or had one: nobody holds two")
    if await PlatformStaff.filter(login=newcomer.login).exists():
        raise Conflict("staff.login", "this login is taken")
    code = token_urlsafe(24)
    await PlatformStaff.create(
        id=newcomer.id,
        name_sealed=key.seal(newcomer.name, Spot(newcomer.id, "platform_staff", "name_sealed", newcomer.id)),
        role=newcomer.role,
        since=clock.now(),
        person=person,
        login=newcomer.login,
        activation_hash=_hash(code),
        activation_until=clock.now() + ACTIVATED_WITHIN,
        added_by=by.subject if by else None,
    )
    await record("members", Act.STAFF_ADDED, viewer=by, object_id=newcomer.id, after={"role": newcomer.role})
    return code


async def _check_security(by: Viewer | None, role: PlatformRole) -> None:
    """The first security administrator is added by nobody; everybody else by a security administrator."""
    if by is not None and by.role == PlatformRole.SECURITY:
        return
    others = PlatformStaff.filter(role=PlatformRole.SECURITY, secret__not_isnull=True, ended_at=None)
    if by is None and role is PlatformRole.SECURITY and not await others.exists():
        return
    raise Forbidden("staff.security", "a security administrator adds and ends who works for the platform")


async def end(login: str, *, by: Viewer) -> None:
    """The person works for the platform no more; every session ends. Runs in the caller's transaction.

    Raises Forbidden, and NotFound.
    """
    staff = await _at_work(login, by)
    await PlatformStaff.filter(id=staff.id).update(ended_at=clock.now(), secret=None, activation_hash=None)
    await _sign_out(staff.id)
    await record("members", Act.STAFF_ENDED, viewer=by, object_id=staff.id)


async def invite_again(login: str, *, by: Viewer) -> str:
    """Let the person choose password and second factor anew: those of before do not work, and every session ends.

    The code with which they choose, for one who lost the factor, or never used the first code. Runs in the caller's
    transaction. Raises Forbidden, also for one's own login: two persons see each reset; and NotFound.
    """
    staff = await _at_work(login, by)
    if staff.id == by.subject:
        raise Forbidden("staff.oneself", "another security administrator lets you choose anew")
    code = token_urlsafe(24)
    await PlatformStaff.filter(id=staff.id).update(
        secret=None, activation_hash=_hash(code), activation_until=clock.now() + ACTIVATED_WITHIN
    )
    await forget_factors(staff.id)
    await _sign_out(staff.id)
    await record("members", Act.STAFF_INVITED_AGAIN, viewer=by, object_id=staff.id)
    return code


async def _at_work(login: str, by: Viewer) -> PlatformStaff:
    """Who works for the platform under the login, locked, for a security administrator. Raises Forbidden, NotFound."""
    if by.role != PlatformRole.SECURITY:
        raise Forbidden("staff.security", "a security administrator adds and ends who works for the platform")
    staff = await PlatformStaff.filter(login=login, ended_at=None).select_for_update().first()
    if staff is None:
        raise NotFound("staff.unknown", "nobody works for the platform under this login")
    return staff


async def _sign_out(person_id: str) -> None:
    await Session.filter(member_id=person_id, revoked_at=None).update(revoked_at=clock.now())
    await recall(MembersRecall, person_id)


async def begin_activation(
    login: str, code: str, *, address: str, hash_keys: Sequence[HashKey]
) -> str | ActivationRefused | LockedOut:
    """Whose code this is. Tries are counted as passwords are. Runs in the caller's transaction."""
    names = throttling.names_of(Hidden(login), address, hash_keys, purpose="activation")
    until = await throttling.count_try(names)
    if until:
        return LockedOut(until=until)
    staff = await _invited(login, code)
    return staff.id if staff else ActivationRefused()


async def activate(login: str, code: str, secret: str, key: DataKey) -> Activated | ActivationRefused:
    """Let the person sign in from now on: by the password whose hash `secret` is and by the app that is told.

    Runs in the caller's transaction.
    """
    staff = await _invited(login, code)
    if staff is None:
        return ActivationRefused()
    await PlatformStaff.filter(id=staff.id).update(secret=secret, activation_hash=None, activation_until=None)
    enrolment = await enrol(staff.id, login, key, confirmed=True)
    by = Viewer.platform_staff(staff.id, staff.role)
    await record("members", Act.STAFF_ACTIVATED, viewer=by, object_id=staff.id)
    return Activated(enrolment, await fresh_recovery_codes(staff.id))


async def _invited(login: str, code: str) -> PlatformStaff | None:
    invited = PlatformStaff.filter(login=login, activation_hash=_hash(code), ended_at=None)
    return await invited.filter(activation_until__gt=clock.now()).select_for_update().first()


async def begin_attempt(login: str, *, address: str, hash_keys: Sequence[HashKey]) -> Attempt | LockedOut:
    """As `session.begin_attempt`, by login. Runs in the caller's transaction."""
    names = throttling.names_of(Hidden(login), address, hash_keys, purpose="platform login")
    until = await throttling.count_try(names)
    if until:
        return LockedOut(until=until)
    staff = await PlatformStaff.filter(login=login, ended_at=None).first()
    if staff is None or staff.secret is None:
        return Attempt(names, None, NOBODYS)
    return Attempt(names, staff.id, staff.secret)


async def office_of(person_id: str) -> Viewer | None:
    """The hat of somebody who works for the platform now."""
    staff = await PlatformStaff.filter(id=person_id, secret__not_isnull=True, ended_at=None).first()
    return Viewer.platform_staff(staff.id, staff.role) if staff else None


def hashed(password: str) -> str | PasswordTooShort:
    """The password as it is kept. Takes tens of milliseconds, beside the event loop."""
    return PASSWORDS.hash(password) if len(password) >= SHORTEST_PASSWORD else PasswordTooShort()


def _hash(code: str) -> str:
    return encoded(hashlib.sha256(code.encode()).digest())
