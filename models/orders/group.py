"""Group-buys: groups and their places."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index

from models.base import IdField, Row
from models.laws import TRANSACTIONS
from models.personal import Personal
from models.states import GroupState


class Group(Row):
    """Buyers who share a group price (拼团), `grp_`. It is never filled by anybody but buyers."""

    told_by = ("item_id",)

    item_id = IdField()
    """The promotion item that it buys."""
    shop_id = IdField()
    size = fields.IntField()
    taken = fields.IntField()
    state = fields.CharEnumField(GroupState, max_length=20)
    opened_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()

    class Meta:
        table = "buyer_group"
        indexes = (Index(fields=("item_id", "state", "expires_at", "id")),)


class GroupPlace(Row):
    """One buyer's place in a group, `gpl_`."""

    group_id = IdField()
    member_id = IdField(db_index=True)
    seat = fields.IntField()
    taken_at = fields.DatetimeField()

    personal = (Personal(of="member_id", fate=TRANSACTIONS),)

    class Meta:
        table = "group_place"
        unique_together = (("group_id", "seat"), ("group_id", "member_id"))
