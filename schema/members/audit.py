"""What members add to the trail of sensitive acts."""

from schema import audit
from schema.access import ANYONE, shown
from schema.scalars import ID, Connection


@audit.trail
class AuditTrail:
    id: ID = shown(to=ANYONE, says=audit.ID_SAYS)
    members: Connection[audit.AuditRecord] | None = audit.acts_upon(
        "members", says="Upon members, their sessions and their data."
    )
