"""Who writes: a member, or somebody who works for the platform. A token may outlive what it says by some seconds, so
whoever writes something about a person locks them first, in the same transaction: whoever is erased, or has ended,
waits, and nothing is written after."""

from __future__ import annotations

from kit.errors import NotFound
from models.members.account import Member
from models.members.staff import PlatformStaff

STAFF = "pst"
"""How ids of the platform's staff begin."""


def is_staff(person_id: str) -> bool:
    """Whether the id is that of somebody who works, or worked, for the platform."""
    return person_id.startswith(f"{STAFF}_")


async def lock_member(member_id: str) -> None:
    """Let nobody else change the member's things until the transaction ends. Raises NotFound where they were erased."""
    if not await Member.filter(id=member_id, erased_at=None).select_for_update().first():
        raise NotFound("member.unknown", "there is no such member")


async def lock_person(person_id: str) -> None:
    """The same for whoever signs in. Raises NotFound where they were erased, or work for the platform no more."""
    if not is_staff(person_id):
        await lock_member(person_id)
    elif not await PlatformStaff.filter(id=person_id, ended_at=None).select_for_update().first():
        raise NotFound("staff.unknown", "nobody works for the platform so")
