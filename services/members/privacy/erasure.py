"""Erasing a person: their key goes, and with it whatever it sealed, in every table, replica and backup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kit import clock
from kit.ids import new_id
from kit.payload import UserError
from kit.viewer import Viewer
from models.acts import Act
from models.laws import KEPT
from models.members.account import Member
from models.members.privacy import Erasure
from models.members.signing import MembersRecall
from models.personal import Kept, erase_rows
from models.recalls import recall
from services import audit
from services.events import PersonErased, fact_id, publish
from services.members.persons import lock_member


@dataclass(frozen=True, slots=True)
class StillAtWork(UserError):
    code: str = "erasure.at_work"
    message: str = "you still work for a shop or for the platform: leave there first"
    path: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """Since when somebody is none of ours any more, and what the law keeps."""

    at: datetime
    kept: tuple[Kept, ...] = KEPT


async def erase_member(member_id: str, *, viewer: Viewer | None) -> Erased:
    """Erase the member here and now, call their tokens back, and tell the other domains.

    Runs in the caller's transaction; who keeps opened keys must forget the member's afterwards. Raises NotFound where
    the member is none any more.
    """
    now = clock.now()
    await lock_member(member_id)
    await audit.record("members", Act.MEMBER_ERASED, viewer=viewer, object_id=member_id)
    await note_erasure(member_id, now)
    await erase_rows("members", member_id)
    await recall(MembersRecall, member_id)
    await publish("members", PersonErased(fact_id(), member_id, now))
    return Erased(now)


async def note_erasure(person_id: str, at: datetime) -> None:
    """Let the journal say so, and whatever a restore brought back. Runs in the caller's transaction."""
    await Member.filter(id=person_id, erased_at=None).update(erased_at=at)
    if not await Erasure.exists(person_id=person_id):
        await Erasure.create(id=new_id("ers"), person_id=person_id, at=at)


async def erased_since(moment: datetime | None) -> list[tuple[str, datetime]]:
    """Who was erased since `moment`, or ever, in the order of the journal."""
    since = Erasure.filter(at__gte=moment) if moment else Erasure.all()
    return [(row.person_id, row.at) for row in await since.order_by("id")]
