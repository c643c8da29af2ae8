"""A copy of all that is stored about a member: asked for, made by a job, taken once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kit import clock
from kit.hidden import Hidden
from kit.ids import new_id
from kit.payload import UserError
from kit.sealing import DataKey, Spot
from kit.viewer import Viewer
from models.acts import Act
from models.members.privacy import Export
from services import audit
from services.events import ExportAsked, fact_id, publish
from services.members.persons import lock_member

TAKEN_WITHIN = timedelta(days=7)
"""How long a copy waits to be taken."""
ONE_IN = timedelta(hours=24)
"""A member asks for one copy in this time."""


@dataclass(frozen=True, slots=True)
class ExportTooSoon(UserError):
    code: str = "export.too_soon"
    message: str = "you asked for a copy within the last day"
    path: tuple[str, ...] | None = None
    again_at: datetime | None = None
    """When the next one may be asked for."""


@dataclass(frozen=True, slots=True)
class ExportUnknown(UserError):
    code: str = "export.unknown"
    message: str = "there is no such copy: it was taken, has expired, or is not ready yet"
    path: tuple[str, ...] | None = ("input", "exportId")


async def ask_export(member_id: str, *, viewer: Viewer) -> Export | ExportTooSoon:
    """Have a copy made. Runs in the caller's transaction. Raises NotFound where the member is none any more."""
    now = clock.now()
    await lock_member(member_id)
    latest = await Export.filter(member_id=member_id).order_by("-id").first()
    if latest and now < latest.asked_at + ONE_IN:
        return ExportTooSoon(again_at=latest.asked_at + ONE_IN)
    export = await Export.create(id=new_id("exp"), member_id=member_id, asked_at=now)
    await publish("members", ExportAsked(fact_id(), export.id, member_id, now))
    await audit.record("members", Act.EXPORT_ASKED, viewer=viewer, object_id=export.id)
    return export


async def keep_copy(export_id: str, member_id: str, text: Hidden, key: DataKey) -> bool:
    """The copy is ready: `text` is JSON. Runs in the caller's transaction; False where nobody waits for it."""
    sealed = key.seal(text, _spot(export_id, member_id))
    waiting = Export.filter(id=export_id, member_id=member_id, ready_at=None)
    return bool(await waiting.update(archive_sealed=sealed, ready_at=clock.now()))


async def take_copy(export_id: str, member_id: str, key: DataKey, *, viewer: Viewer) -> Hidden | ExportUnknown:
    """The copy, which is gone then. Runs in the caller's transaction. Raises SealBroken."""
    own = Export.filter(id=export_id, member_id=member_id, taken_at=None)
    export = await own.select_for_update().first()
    if export is None or export.archive_sealed is None or export.asked_at + TAKEN_WITHIN <= clock.now():
        return ExportUnknown()
    text = key.open(export.archive_sealed, _spot(export_id, member_id))
    await own.update(archive_sealed=None, taken_at=clock.now())
    await audit.record("members", Act.EXPORT_TAKEN, viewer=viewer, object_id=export_id)
    return text


def _spot(export_id: str, member_id: str) -> Spot:
    return Spot(member_id, "export", "archive_sealed", export_id)
