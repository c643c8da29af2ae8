"""Answers for privacy: what may be seen in full, consents, exports, erasure; and the keys behind it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kit.hidden import Hidden
from kit.keychain import KeyOf
from kit.page import Connection, Page
from kit.payload import Payload, UserError
from kit.ports import WrappedKeeperKey, WrappedKey
from kit.sealing import DataKey
from kit.viewer import Viewer
from models.feeds import Condition
from models.members import reads
from models.members.rows import ConsentRow, ExportRow
from models.repeating import carry_out
from models.scope import Scope
from models.states import ProcessingPurpose, RevealPurpose
from resolvers.context import Context, Loads
from resolvers.feeds import listed_within
from resolvers.members.keys import member_of
from services.members import session
from services.members.address import AddressUnknown
from services.members.privacy import consent, erasure, export, reveal
from services.members.privacy.consent import ConsentRefused, ConsentUnknown
from services.members.privacy.erasure import Erased, StillAtWork
from services.members.privacy.export import TAKEN_WITHIN, ExportTooSoon, ExportUnknown
from services.members.privacy.keys import data_key, own_keychain
from services.members.privacy.purposes import PURPOSES, Processing
from services.members.privacy.reveal import ALLOWED, MemberUnknown, RevealedAddress, RevealedMember
from services.members.session import Attempt, LockedOut, WrongCredentials

__all__ = [
    "AddressUnknown",
    "ConsentRefused",
    "ConsentRow",
    "ConsentUnknown",
    "ExportRow",
    "ExportTooSoon",
    "ExportUnknown",
    "MemberUnknown",
    "Processing",
    "StillAtWork",
    "WrappedKeeperKey",
    "WrappedKey",
    "own_keychain",
]

ALL = Condition("1 = 1", ())


@dataclass(frozen=True, slots=True)
class Revealed:
    """Personal data in full, as it goes to the client."""

    id: str
    phone: str
    street: str = ""
    receiver: str = ""
    latitude: float = 0.0
    longitude: float = 0.0


@dataclass(frozen=True, slots=True)
class Taken:
    """All that is stored about a member, as JSON."""

    json: str


@dataclass(frozen=True, slots=True)
class Persons:
    """The argument of the port for keys."""

    person_ids: list[str]


@dataclass(frozen=True, slots=True)
class OfKeeper:
    keeper: str


async def wrapped_keys(roots: Sequence[Any], args: Persons) -> list[list[WrappedKey]]:
    return [await reads.data_keys_of(args.person_ids) for _ in roots]


async def keeper_keys(roots: Sequence[Any], args: OfKeeper) -> list[list[WrappedKeeperKey]]:
    return [await reads.keeper_keys_of(args.keeper) for _ in roots]


async def purposes(roots: Sequence[Any]) -> list[tuple[Processing, ...]]:
    return [PURPOSES for _ in roots]


async def my_consents(roots: Sequence[Any], args: Page, viewer: Viewer, loads: Loads) -> list[Connection[ConsentRow]]:
    return await listed_within(Scope.of(viewer), reads.CONSENTS, [ALL for _ in roots], args, loads)


async def my_exports(roots: Sequence[Any], args: Page, viewer: Viewer, loads: Loads) -> list[Connection[ExportRow]]:
    return await listed_within(Scope.of(viewer), reads.EXPORTS, [ALL for _ in roots], args, loads)


async def expiries_of(exports: Sequence[ExportRow]) -> list[datetime]:
    return [one.asked_at + TAKEN_WITHIN for one in exports]


async def places_of(revealed: Sequence[Revealed]) -> list[Revealed]:
    """An address in full shows where it is, too."""
    return list(revealed)


async def reveal_address(context: Context, address_id: str, purpose: RevealPurpose) -> Payload[Revealed]:
    """What is shown is on record before it leaves."""
    (address,) = await reads.ADDRESSES.by_id([(ALLOWED[purpose](context.viewer), address_id)])
    key = await _key(context, address.member_id) if address else None
    if address is None or key is None:
        return Payload(errors=(AddressUnknown(),))
    shown = await carry_out("members", reveal.reveal_address, address, key, viewer=context.viewer, purpose=purpose)
    return Payload(_shown_address(shown))


def _shown_address(shown: RevealedAddress) -> Revealed:
    return Revealed(
        shown.id,
        shown.phone.reveal(),
        shown.street.reveal(),
        shown.receiver.reveal(),
        shown.latitude,
        shown.longitude,
    )


async def reveal_member(context: Context, member_id: str, purpose: RevealPurpose) -> Payload[Revealed]:
    """What is shown is on record before it leaves."""
    seen = [member_id] if ALLOWED[purpose](context.viewer).member_id == member_id else []
    member = next(iter(await reads.members_by_id(seen)), None) if seen else None
    key = await _key(context, member.id) if member and member.phone_sealed else None
    if member is None or key is None:
        return Payload(errors=(MemberUnknown(),))
    shown: RevealedMember = await carry_out(
        "members", reveal.reveal_member, member, key, viewer=context.viewer, purpose=purpose
    )
    return Payload(Revealed(shown.id, shown.phone.reveal()))


async def _key(context: Context, member_id: str) -> DataKey | None:
    return (await context.tools.keys().of([KeyOf(member_id)]))[0]


async def give_consent(context: Context, purpose: ProcessingPurpose, version: int) -> Payload[ConsentRow]:
    given = await carry_out(
        "members", consent.give_consent, purpose, version, viewer=context.viewer, member_id=member_of(context.viewer)
    )
    return _consented(context, given)


async def withdraw_consent(context: Context, purpose: ProcessingPurpose) -> Payload[ConsentRow]:
    withdrawn = await carry_out(
        "members", consent.withdraw_consent, purpose, viewer=context.viewer, member_id=member_of(context.viewer)
    )
    return _consented(context, withdrawn)


def _consented(context: Context, row: Any) -> Payload[ConsentRow]:
    context.loads = Loads()  # what was read before is not true any more
    if isinstance(row, UserError):
        return Payload(errors=(row,))
    return Payload(ConsentRow(row.id, row.member_id, row.purpose, row.version, row.given_at, row.withdrawn_at))


async def export_my_data(context: Context) -> Payload[ExportRow]:
    asked = await carry_out("members", export.ask_export, member_of(context.viewer), viewer=context.viewer)
    context.loads = Loads()
    if isinstance(asked, UserError):
        return Payload(errors=(asked,))
    return Payload(ExportRow(asked.id, asked.member_id, asked.asked_at, asked.ready_at, asked.taken_at))


async def take_my_export(context: Context, export_id: str, password: str) -> Payload[Taken]:
    viewer = context.viewer
    attempt = await _said_again(context, password)
    if isinstance(attempt, UserError):
        return Payload(errors=(attempt,))
    key = await data_key(context.tools.keys(), KeyOf(member_of(viewer)))

    async def copied() -> Hidden | ExportUnknown:
        await session.forget_failures(attempt)
        return await export.take_copy(export_id, member_of(viewer), key, viewer=viewer)

    taken = await carry_out("members", copied)
    context.loads = Loads()
    return Payload(errors=(taken,)) if isinstance(taken, UserError) else Payload(Taken(taken.reveal()))


async def erase_me(context: Context, password: str) -> Payload[Erased]:
    viewer, tools = context.viewer, context.tools
    member_id = member_of(viewer)
    attempt = await _said_again(context, password)
    if isinstance(attempt, UserError):
        return Payload(errors=(attempt,))
    if tools.staff and await tools.staff.hats(member_id):
        return Payload(errors=(StillAtWork(),))
    erased = await carry_out("members", erasure.erase_member, member_id, viewer=viewer)
    tools.keys().forget(member_id)
    context.loads = Loads()
    return Payload(erased)


async def _said_again(context: Context, password: str) -> Attempt | LockedOut | WrongCredentials:
    """The member's password, said again for what cannot be undone; counted as signing in is."""
    member_id, hash_keys = member_of(context.viewer), await context.tools.keys().hash_keys()
    attempt = await carry_out(
        "members", session.begin_own_attempt, member_id, address=context.address, hash_keys=hash_keys
    )
    if isinstance(attempt, LockedOut):
        return attempt
    return attempt if await session.member_behind(attempt, password) else WrongCredentials()
