"""Answers for signing in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kit import clock
from kit.hidden import Hidden
from kit.payload import Payload, UserError
from kit.tokens import write_token
from kit.viewer import Viewer
from models.base import unit_of_work
from models.members import reads
from models.members.rows import MemberRow
from resolvers.context import Context, Loads
from services.members import session as rules
from services.members.session import LockedOut, SessionUnknown, WrongCredentials
from services.members.signing import signing_key

__all__ = ["LockedOut", "SessionUnknown", "WrongCredentials"]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in, and the token that says so until `expires_at`."""

    token: str
    expires_at: datetime
    member_id: str


@dataclass(frozen=True, slots=True)
class SignedOut:
    at: datetime


async def signed_in_members(signed: Sequence[SignedIn], loads: Loads) -> list[MemberRow | None]:
    return await loads.many(reads.members_by_id, [one.member_id for one in signed])


async def sign_in(context: Context, *, phone: Hidden, password: str) -> Payload[SignedIn]:
    """The password is checked between two transactions, so that no row is locked while it is."""
    tools = context.tools
    keychain = tools.keys()
    hash_keys = await keychain.hash_keys()
    async with unit_of_work("members"):
        attempt = await rules.begin_attempt(phone, hash_keys=hash_keys)
    if isinstance(attempt, LockedOut):
        return Payload(errors=(attempt,))
    member_id = await rules.member_behind(attempt, password)
    if member_id is None:
        return Payload(errors=(WrongCredentials(),))
    shops = await tools.staff.hats(member_id) if tools.staff else {}
    async with unit_of_work("members"):
        session = await rules.open_session(attempt, member_id)
    at_work = (Viewer.shop_staff(member_id, shop_id, role, session.id) for shop_id, role in shops.items())
    key = await signing_key(keychain.masters)
    token = write_token(key, (Viewer.member(member_id, session.id), *at_work), lasting=rules.TOKEN_LIFE)
    return Payload(SignedIn(token, clock.now() + rules.TOKEN_LIFE, member_id))


async def sign_out(context: Context) -> Payload[SignedOut]:
    async with unit_of_work("members"):
        closed = await rules.close_session(by=context.viewer)
    return Payload(errors=(closed,)) if isinstance(closed, UserError) else Payload(SignedOut(closed))
