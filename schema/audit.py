"""The trail of sensitive acts (审计), as every subgraph shows its own.

`AuditTrail` is an entity of which each subgraph knows the acts of its own domain: one query reads them all, and a
subgraph that is away takes its own list with it and no other.
"""

from datetime import datetime
from typing import Any

import strawberry

from models.states import PlatformRole, StaffRole
from resolvers import audit as answers
from resolvers.audit import trails_of_shops, whole_trail
from schema.access import ANYONE, platform, seller, shown
from schema.entity import entity, private
from schema.filtering import by_id, by_time, by_value, where_of
from schema.scalars import ID

__all__ = [
    "AUDITED",
    "AUDITORS",
    "ID_SAYS",
    "AuditRecord",
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
    act: AuditAct = shown(to=ANYONE, says="What was done.", sieve=by_value("act", AuditAct))  # type: ignore[valid-type]
    viewer_id: ID | None = shown(
        to=ANYONE, says="Who did it; null where the mall itself did.", sieve=by_id("viewer_id")
    )
    hat: str = shown(to=ANYONE, says="As what: member, shop:OWNER, platform:AUDITOR, mall.")
    session_id: ID | None = shown(to=AUDITORS, says="The session in which it was done.")
    at: datetime = shown(to=ANYONE, says="When.", sieve=by_time("at"))
    object_id: ID = shown(to=ANYONE, says="What it was done to.", sieve=by_id("object_id"))
    shop_id: ID | None = shown(to=ANYONE, says="The shop whose that is; null where it is none's.")
    before: str | None = shown(to=ANYONE, says="Fingerprint of the object before: equal ones are of equal states.")
    after: str | None = shown(to=ANYONE, says="Fingerprint of the object after.")
    result: AuditOutcome = shown(  # type: ignore[valid-type]
        to=ANYONE, says="How it ended.", sieve=by_value("result", AuditOutcome)
    )
    reason: str = shown(to=ANYONE, says="Why, where somebody gave a reason.")


trail = entity(
    row=answers.TrailKey,
    by=answers.trails_by_key,
    says="Who did what that is sensitive, when, and how it ended (审计): each list the newest first.",
    to=AUDITED,
)
"""Makes a class the type AuditTrail of a subgraph."""


def acts_upon(domain: str, *, says: str) -> Any:
    """The field of AuditTrail that shows the acts of a domain."""
    return shown(to=ANYONE, by=answers.records_of(domain), inputs={"where": where_of(AuditRecord) | None}, says=says)
