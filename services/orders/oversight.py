"""Break-glass: reading orders of one shop under a case that a second person approved, each reading on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from kit import clock
from kit.ids import new_id, prefix_of
from kit.payload import UserError
from kit.viewer import Viewer
from models.acts import Act, Outcome
from models.orders.oversight import OversightCase
from models.scope import Scope
from models.states import CaseField
from services.audit import record
from services.events import ShopDataOpened, fact_id, publish

SHORTEST_REASON = 10
"""Characters."""
LONGEST = 72
"""Hours that a case may be open."""


@dataclass(frozen=True, slots=True)
class CaseRefused(UserError):
    code: str = "case.invalid"
    message: str = (
        f"a case needs a shop, a reason of {SHORTEST_REASON} to 200 letters, fields, and 1 to {LONGEST} hours"
    )
    path: tuple[str, ...] | None = ("input",)


@dataclass(frozen=True, slots=True)
class CaseUnknown(UserError):
    code: str = "case.unknown"
    message: str = "there is no such case that waits for this"
    path: tuple[str, ...] | None = ("id",)


@dataclass(frozen=True, slots=True)
class CaseOwn(UserError):
    code: str = "case.own"
    message: str = "whoever opens a case cannot approve it: ask a second person"
    path: tuple[str, ...] | None = ("id",)


async def open_case(
    shop_id: str, *, reason: str, fields: Sequence[CaseField], hours: int, viewer: Viewer
) -> str | CaseRefused:
    """Ask to read orders of a shop; the case's id. Runs in the caller's transaction."""
    reason = reason.strip()
    if not (prefix_of(shop_id) == "shp" and SHORTEST_REASON <= len(reason) <= 200 and fields and 1 <= hours <= LONGEST):
        return CaseRefused()
    case = await OversightCase.create(
        id=new_id("cas"),
        shop_id=shop_id,
        reason=reason,
        fields_asked=sorted({field.value for field in fields}),
        hours=hours,
        opened_by=_person(viewer),
        opened_at=clock.now(),
    )
    asked = {"fields": case.fields_asked, "hours": hours}
    await record(
        "orders", Act.CASE_OPENED, viewer=viewer, object_id=case.id, shop_id=shop_id, after=asked, reason=reason
    )
    return str(case.id)


async def approve(case_id: str, *, viewer: Viewer) -> str | CaseUnknown | CaseOwn:
    """Agree to a case, as a second person; the shop is told. Runs in the caller's transaction."""
    now = clock.now()
    case = await OversightCase.filter(id=case_id, approved_at=None, closed_at=None).select_for_update().first()
    if case is None:
        return CaseUnknown()
    own = case.opened_by == viewer.person_id
    outcome = Outcome.REFUSED if own else Outcome.DONE
    await record("orders", Act.CASE_APPROVED, viewer=viewer, object_id=case.id, shop_id=case.shop_id, result=outcome)
    if own:
        return CaseOwn()
    case.approved_by, case.approved_at = _person(viewer), now
    case.expires_at = now + timedelta(hours=case.hours)
    await case.save(update_fields=["approved_by", "approved_at", "expires_at"])
    told = ShopDataOpened(fact_id(), case.id, case.shop_id, tuple(case.fields_asked), case.expires_at, now)
    await publish("orders", told)
    return str(case.id)


async def close(case_id: str, *, viewer: Viewer) -> str | CaseUnknown:
    """End a case before its time. Runs in the caller's transaction."""
    case = await OversightCase.filter(id=case_id, closed_at=None).select_for_update().first()
    if case is None:
        return CaseUnknown()
    case.closed_at = clock.now()
    await case.save(update_fields=["closed_at"])
    await record("orders", Act.CASE_CLOSED, viewer=viewer, object_id=case.id, shop_id=case.shop_id)
    return str(case.id)


async def note_reading(case_id: str, *, viewer: Viewer, page: str) -> Scope | None:
    """What the viewer may read under the case now, None for nothing; either is on record.

    Runs in the caller's transaction, to be committed before anything is read: what cannot be recorded is not shown.
    `page` says which part of the list.
    """
    now = clock.now()
    case = await OversightCase.filter(id=case_id).select_for_update().first()
    if case is None:
        return None
    ends = min(filter(None, (case.expires_at, case.closed_at)), default=now)
    is_open = case.approved_at is not None and now < ends
    allowed = is_open and case.opened_by == viewer.person_id
    result = Outcome.DONE if allowed else Outcome.REFUSED
    await record(
        "orders",
        Act.CASE_READ,
        viewer=viewer,
        object_id=case.id,
        shop_id=case.shop_id,
        after={"fields": case.fields_asked, "page": page},
        result=result,
        reason=case.reason,
    )
    return Scope.of_case(case.shop_id) if allowed else None


def _person(viewer: Viewer) -> str:
    assert viewer.person_id is not None, "open to staff of the platform only"
    return viewer.person_id
