"""Facts that members tells and hears."""

from __future__ import annotations

from models.base import HeardRow, OutboxRow


class MembersOutbox(OutboxRow):
    class Meta:
        table = "members_outbox"


class MembersHeard(HeardRow):
    class Meta:
        table = "members_heard"
