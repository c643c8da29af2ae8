"""A member's addresses: written down, changed, taken away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kit.hidden import Hidden
from kit.ids import new_id
from kit.payload import UserError
from kit.sealing import DataKey, Spot
from kit.text import is_short_text
from models.members.account import Address
from services.members.persons import lock_member

MOST_ADDRESSES = 20
STREET_CAP = 100
NAME_CAP = 25
"""Characters of a receiver's name, as parcel carriers take it."""
LABEL_CAP = 10
AREA_CAP = 20

_PHONE = re.compile(r"1[3-9]\d{9}")
"""A mobile number in China."""


@dataclass(frozen=True, slots=True)
class AddressTextRefused(UserError):
    """A text of an address is missing or too long."""


@dataclass(frozen=True, slots=True)
class AddressPhoneRefused(UserError):
    code: str = "address.phone"
    message: str = "phone is a mobile number of 11 digits"
    path: tuple[str, ...] | None = ("input", "phone")


@dataclass(frozen=True, slots=True)
class AddressPlaceRefused(UserError):
    code: str = "address.place"
    message: str = "latitude is from -90 to 90 and longitude from -180 to 180"
    path: tuple[str, ...] | None = ("input", "place")


@dataclass(frozen=True, slots=True)
class AddressesFull(UserError):
    code: str = "address.full"
    message: str = f"a member has at most {MOST_ADDRESSES} addresses: remove one first"
    path: tuple[str, ...] | None = ("input",)


@dataclass(frozen=True, slots=True)
class AddressUnknown(UserError):
    code: str = "address.unknown"
    message: str = "you have no such address"
    path: tuple[str, ...] | None = ("input", "addressId")


@dataclass(frozen=True, slots=True)
class Draft:
    """An address as the member wrote it; None is what stays as it is."""

    label: str | None = None
    city: str | None = None
    district: str | None = None
    street: Hidden | None = None
    receiver: Hidden | None = None
    phone: Hidden | None = None
    place: Hidden | None = None
    """`LATITUDE,LONGITUDE` in millionths of a degree."""
    is_default: bool | None = None


def place_of(latitude: float, longitude: float) -> Hidden | None:
    """A point as an address keeps it; None where it is off the globe."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return Hidden(f"{round(latitude * 1_000_000)},{round(longitude * 1_000_000)}")


def refusals(draft: Draft) -> Iterator[UserError]:
    """Every reason why the draft cannot be kept. None of them repeats what was written."""
    for name, cap in (("label", LABEL_CAP), ("city", AREA_CAP), ("district", AREA_CAP)):
        text: str | None = getattr(draft, name)
        if text is not None and not is_short_text(text, cap):
            yield _refused(name, cap)
    for name, cap in (("street", STREET_CAP), ("receiver", NAME_CAP)):
        hidden: Hidden | None = getattr(draft, name)
        if hidden is not None and not is_short_text(hidden.reveal(), cap):
            yield _refused(name, cap)
    if draft.phone is not None and not _PHONE.fullmatch(draft.phone.reveal()):
        yield AddressPhoneRefused()


def _refused(name: str, cap: int) -> AddressTextRefused:
    message = f"{name} has from 1 to {cap} characters, none of them at its ends blank"
    return AddressTextRefused(f"address.{name}", message, ("input", name))


async def add_address(draft: Draft, *, member_id: str, key: DataKey) -> str | AddressesFull:
    """A new address, sealed under the member's `key`; its id. The first one is the default.

    Runs in the caller's transaction. Raises NotFound where the member is none any more.
    """
    await lock_member(member_id)
    standing = await Address.filter(member_id=member_id).count()
    if standing >= MOST_ADDRESSES:
        return AddressesFull()
    is_default = bool(draft.is_default) or standing == 0
    if is_default and standing:  # to update no row would lock the gap in which others insert theirs
        await Address.filter(member_id=member_id).update(is_default=False)
    id_ = new_id("adr")
    written: Any = _columns(draft, member_id, id_, key)
    await Address.create(id=id_, member_id=member_id, **written | {"is_default": is_default})
    return id_


async def change_address(address_id: str, draft: Draft, *, member_id: str, key: DataKey) -> str | AddressUnknown:
    """The member's address as `draft` has it now. Runs in the caller's transaction. Raises NotFound."""
    await lock_member(member_id)
    own = Address.filter(id=address_id, member_id=member_id)
    if not await own.exists():
        return AddressUnknown()
    changed = _columns(draft, member_id, address_id, key)
    if draft.is_default:
        await Address.filter(member_id=member_id).update(is_default=False)
        changed["is_default"] = True
    if changed:
        await own.update(**changed)
    return address_id


async def remove_address(address_id: str, *, member_id: str) -> str | AddressUnknown:
    """Take the member's address away; the latest other one is the default where it was.

    Runs in the caller's transaction. Raises NotFound.
    """
    await lock_member(member_id)
    own = await Address.get_or_none(id=address_id, member_id=member_id)
    if own is None:
        return AddressUnknown()
    await own.delete()
    if own.is_default and (latest := await Address.filter(member_id=member_id).order_by("-id").first()):
        await Address.filter(id=latest.id).update(is_default=True)
    return address_id


def _columns(draft: Draft, member_id: str, address_id: str, key: DataKey) -> dict[str, str | bool]:
    """What the draft says, as the table's columns."""
    clear = {name: getattr(draft, name) for name in ("label", "city", "district")}
    columns: dict[str, str | bool] = {name: text for name, text in clear.items() if text is not None}
    for name in ("street", "receiver", "phone", "place"):
        text: Hidden | None = getattr(draft, name)
        if text is not None:
            column = f"{name}_sealed"
            columns[column] = key.seal(text, Spot(member_id, "address", column, address_id))
    return columns
