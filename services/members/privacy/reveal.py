"""Seeing in full what is masked: for a purpose, by those whom the purpose allows, and on record before it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kit.hidden import Hidden
from kit.payload import UserError
from kit.sealing import DataKey, Spot
from kit.viewer import Viewer
from models.acts import Act
from models.members.rows import AddressRow, MemberRow
from models.scope import Scope
from models.states import RevealPurpose
from services import audit

Within = Callable[[Viewer], Scope]
"""What a viewer may see in full for a purpose."""


@dataclass(frozen=True, slots=True)
class MemberUnknown(UserError):
    code: str = "member.unknown"
    message: str = "there is no such member, or this purpose does not let you see them in full"
    path: tuple[str, ...] | None = ("input", "memberId")


ALLOWED: Mapping[RevealPurpose, Within] = {
    RevealPurpose.OWN_USE: Scope.of,
    RevealPurpose.CORRECTION: Scope.of,
}
"""What each purpose lets a viewer see in full. A new purpose, such as a shop's delivery, is a new line."""


@dataclass(frozen=True, slots=True)
class RevealedAddress:
    """An address in full. Coordinates are degrees."""

    id: str
    street: Hidden
    receiver: Hidden
    phone: Hidden
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class RevealedMember:
    id: str
    phone: Hidden


async def reveal_address(
    address: AddressRow, key: DataKey, *, viewer: Viewer, purpose: RevealPurpose
) -> RevealedAddress:
    """The address in full, recorded in the caller's transaction. Raises SealBroken."""

    def opened(column: str) -> Hidden:
        return key.open(getattr(address, column), Spot(address.member_id, "address", column, address.id))

    latitude, longitude = (int(part) / 1e6 for part in opened("place_sealed").reveal().split(","))
    await audit.record("members", Act.ADDRESS_REVEALED, viewer=viewer, object_id=address.id, reason=purpose.value)
    return RevealedAddress(
        address.id, opened("street_sealed"), opened("receiver_sealed"), opened("phone_sealed"), latitude, longitude
    )


async def reveal_member(member: MemberRow, key: DataKey, *, viewer: Viewer, purpose: RevealPurpose) -> RevealedMember:
    """The member's telephone, recorded in the caller's transaction. Raises SealBroken."""
    phone = key.open(member.phone_sealed, Spot(member.id, "member", "phone_sealed", member.id))
    await audit.record("members", Act.MEMBER_REVEALED, viewer=viewer, object_id=member.id, reason=purpose.value)
    return RevealedMember(member.id, phone)
