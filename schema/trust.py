"""What members and shops tell alike of tokens that do not hold any more."""

from datetime import datetime

from strawberry import federation

from schema.access import ANYONE, shown
from schema.scalars import ID


@federation.type(shareable=True, inaccessible=True, description="Tokens that were called back.")
class Recall:
    subject: ID = shown(to=ANYONE, says="The session, or the person, whose they are.")
    at: datetime = shown(to=ANYONE, says="When: tokens made until then do not hold.")
