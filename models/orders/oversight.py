"""Break-glass: the case under which the platform may for once read orders of a shop."""

from __future__ import annotations

from tortoise import fields

from models.base import IdField, Row
from models.laws import TRAIL
from models.personal import Personal


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

    personal = (Personal(of="opened_by", fate=TRAIL), Personal(of="approved_by", fate=TRAIL))

    class Meta:
        table = "oversight_case"
