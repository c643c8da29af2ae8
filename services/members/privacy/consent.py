"""Consents: given to a version of a purpose, withdrawn as easily, remembered both (PIPL 14, 15)."""

from __future__ import annotations

from dataclasses import dataclass

from kit import clock
from kit.ids import new_id
from kit.payload import UserError
from kit.viewer import Viewer
from models.acts import Act
from models.members.privacy import Consent
from models.states import ProcessingPurpose
from services import audit
from services.members.persons import lock_member
from services.members.privacy.purposes import processing


@dataclass(frozen=True, slots=True)
class ConsentRefused(UserError):
    """The purpose needs no consent, or its text has changed since the member read it."""


@dataclass(frozen=True, slots=True)
class ConsentUnknown(UserError):
    code: str = "consent.unknown"
    message: str = "you have not agreed to this purpose"
    path: tuple[str, ...] | None = ("input", "purpose")


async def give_consent(
    purpose: ProcessingPurpose, version: int, *, viewer: Viewer, member_id: str
) -> Consent | ConsentRefused:
    """The member agrees to the purpose as it reads today. Agreeing twice is agreeing once.

    Runs in the caller's transaction. Raises NotFound where the member is none any more.
    """
    today = processing(purpose)
    if not today.needs_consent:
        return ConsentRefused("consent.needless", f"{purpose} needs no consent", ("input", "purpose"))
    if version != today.version:
        message = f"{purpose} is at version {today.version} now: show it to the member again"
        return ConsentRefused("consent.version", message, ("input", "version"))
    await lock_member(member_id)
    standing = Consent.filter(member_id=member_id, purpose=purpose.value, withdrawn_at=None)
    given = await standing.filter(version=version).first()
    if given:
        return given
    now = clock.now()
    await standing.update(withdrawn_at=now)
    await audit.record("members", Act.CONSENT_GIVEN, viewer=viewer, object_id=member_id, reason=f"{purpose} {version}")
    return await Consent.create(
        id=new_id("cns"), member_id=member_id, purpose=purpose.value, version=version, given_at=now
    )


async def withdraw_consent(purpose: ProcessingPurpose, *, viewer: Viewer, member_id: str) -> Consent | ConsentUnknown:
    """The member does not agree any more. Runs in the caller's transaction. Raises NotFound."""
    await lock_member(member_id)
    standing = Consent.filter(member_id=member_id, purpose=purpose.value, withdrawn_at=None)
    consent = await standing.first()
    if consent is None:
        return ConsentUnknown()
    consent.withdrawn_at = clock.now()
    await consent.save()
    await audit.record("members", Act.CONSENT_WITHDRAWN, viewer=viewer, object_id=member_id, reason=purpose.value)
    return consent
