"""The trail of sensitive acts (审计), as every subgraph shows its own.

`AuditTrail` is an entity of which each subgraph knows the acts of its own domain: one query reads them all, and a
subgraph that is away takes its own list with it and no other.
"""

from datetime import datetime
from typing import Any

import strawberry
from strawberry import federation

from models.states import PlatformRole, StaffRole
from resolvers import audit as answers
from resolvers.audit import trails_of_shops, whole_trail
from schema.access import ANYONE, platform, seller, shown
from schema.entity import entity, private
from schema.scalars import ID

__all__ = [
    "AUDITED",
    "AUDITORS",
    "ID_SAYS",
    "AuditRecord",
    "AuditWhere",
    "acts_upon",
    "trail",
    "trails_of_shops",
    "whole_trail",
]

AUDITORS = platform(PlatformRole.AUDITOR)
AUDITED = seller(StaffRole.OWNER) | AUDITORS
"""The owner of a shop reads of acts upon what is the shop's, auditors of all."""

ID_SAYS = "The shop's id; `mall` for all acts."

AuditAct = strawberry.enum(answers.Act, name="AuditAct", description="A sensitive act (敏感操作).")
for value in AuditAct.__strawberry_definition__.values:  # type: ignore[attr-defined]
    value.description = f"{answers.Act[value.name].says.capitalize()}."
AuditOutcome = strawberry.enum(answers.Outcome, name="AuditOutcome", description="How a sensitive act ended.")


@private(to=AUDITED, says="One sensitive act (审计记录). It can be neither changed nor taken out.", shareable=True)
class AuditRecord:
    id: ID = shown(to=ANYONE, says="Its id.")
    act: AuditAct = shown(to=ANYONE, says="What was done.")  # type: ignore[valid-type]
    viewer_id: ID | None = shown(to=ANYONE, says="Who did it; null where the mall itself did.")
    hat: str = shown(to=ANYONE, says="As what: member, shop:OWNER, platform:AUDITOR, mall.")
    session_id: ID | None = shown(to=AUDITORS, says="The session in which it was done.")
    at: datetime = shown(to=ANYONE, says="When.")
    object_id: ID = shown(to=ANYONE, says="What it was done to.")
    shop_id: ID | None = shown(to=ANYONE, says="The shop whose that is; null where it is none's.")
    before: str | None = shown(to=ANYONE, says="Fingerprint of the object before: equal ones are of equal states.")
    after: str | None = shown(to=ANYONE, says="Fingerprint of the object after.")
    result: AuditOutcome = shown(to=ANYONE, says="How it ended.")  # type: ignore[valid-type]
    reason: str = shown(to=ANYONE, says="Why, where somebody gave a reason.")


@federation.input(description="Which acts a list is about; all that is given must hold.")
class AuditWhere:
    act: AuditAct | None = federation.field(default=None, description="This act.")  # type: ignore[valid-type]
    viewer: ID | None = federation.field(default=None, description="Done by this person or system.")
    object: ID | None = federation.field(default=None, description="Done to this.")
    result: AuditOutcome | None = federation.field(  # type: ignore[valid-type]
        default=None, description="That ended so."
    )
    since: datetime | None = federation.field(default=None, description="From this moment on.")
    until: datetime | None = federation.field(default=None, description="Before this moment.")


trail = entity(
    row=answers.TrailKey,
    by=answers.trails_by_key,
    says="Who did what that is sensitive, when, and how it ended (审计): each list the newest first.",
    to=AUDITED,
)
"""Makes a class the type AuditTrail of a subgraph."""


def acts_upon(domain: str, *, says: str) -> Any:
    """The field of AuditTrail that shows the acts of a domain."""
    return shown(to=ANYONE, by=answers.records_of(domain), inputs={"where": AuditWhere | None}, says=says)
