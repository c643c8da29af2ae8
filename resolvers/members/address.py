"""Answers for writing down, changing and removing addresses."""

from __future__ import annotations

from dataclasses import dataclass

from kit.errors import NotFound
from kit.keychain import KeyOf
from kit.payload import Payload, UserError
from models.members import reads
from models.members.rows import AddressRow
from models.repeating import carry_out
from models.scope import Scope
from resolvers.context import Context, Loads
from resolvers.members.keys import member_of
from services.members import address as rules
from services.members.address import (
    AddressesFull,
    AddressPhoneRefused,
    AddressPlaceRefused,
    AddressTextRefused,
    AddressUnknown,
    Draft,
    place_of,
)
from services.members.privacy.keys import data_key

__all__ = [
    "AddressPhoneRefused",
    "AddressPlaceRefused",
    "AddressTextRefused",
    "AddressUnknown",
    "AddressesFull",
    "Draft",
    "place_of",
]


@dataclass(frozen=True, slots=True)
class RemovedAddress:
    id: str


async def add_address(context: Context, draft: Draft) -> Payload[AddressRow]:
    if refused := tuple(rules.refusals(draft)):
        return Payload(errors=refused)
    member_id = member_of(context.viewer)
    key = await data_key(context.tools.keys(), KeyOf(member_id))
    added = await carry_out("members", rules.add_address, draft, member_id=member_id, key=key)
    return await _shown(context, added)


async def change_address(context: Context, address_id: str, draft: Draft) -> Payload[AddressRow]:
    if refused := tuple(rules.refusals(draft)):
        return Payload(errors=refused)
    member_id = member_of(context.viewer)
    key = await data_key(context.tools.keys(), KeyOf(member_id))
    changed = await carry_out("members", rules.change_address, address_id, draft, member_id=member_id, key=key)
    return await _shown(context, changed)


async def remove_address(context: Context, address_id: str) -> Payload[RemovedAddress]:
    removed = await carry_out("members", rules.remove_address, address_id, member_id=member_of(context.viewer))
    context.loads = Loads()
    return Payload(errors=(removed,)) if isinstance(removed, UserError) else Payload(RemovedAddress(removed))


async def _shown(context: Context, written: str | UserError) -> Payload[AddressRow]:
    context.loads = Loads()  # what was read before is not true any more
    if isinstance(written, UserError):
        return Payload(errors=(written,))
    (address,) = await reads.ADDRESSES.by_id([(Scope.of(context.viewer), written)])
    if address is None:
        raise NotFound("address.unknown", "the address was removed meanwhile")
    return Payload(address)
