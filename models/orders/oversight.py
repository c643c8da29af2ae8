"""Break-glass: the case under which the platform may for once read orders of a shop."""

from __future__ import annotations

from tortoise import fields

from models.base import IdField, Row
from models.personal import Kept, Personal

_CASES = Kept(
    "Cybersecurity Law 21 (网络安全法第二十一条)",
    "cases that somebody opened or approved for the platform, under a number that names nobody",
)


class OversightCase(Row):
    """Why somebody of the platform reads a shop's orders, who agreed, which fields, until when (调查单), `cas_`."""

    shop_id = IdField(db_index=True)
    reason = fields.CharField(max_length=200)
    fields_asked = fields.JSONField[list[str]]()
    """CaseField values."""
    hours = fields.IntField()
    """How long it is open once it is approved."""
    opened_by = IdField()
    opened_at = fields.DatetimeField()
    approved_by = IdField(null=True)
    approved_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)

    personal = (Personal(of="opened_by", fate=_CASES), Personal(of="approved_by", fate=_CASES))

    class Meta:
        table = "oversight_case"
