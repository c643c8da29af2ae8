"""The table of who works for the platform."""

from __future__ import annotations

from tortoise import fields

from models.base import Row
from models.personal import Deleted, Personal
from models.states import PlatformRole


class PlatformStaff(Row):
    """A person who works for the platform, `pst_`."""

    name_sealed = fields.CharField(max_length=240)
    role = fields.CharEnumField(PlatformRole, max_length=20)
    since = fields.DatetimeField()

    personal = (Personal(of="id", fate=Deleted()),)

    class Meta:
        table = "platform_staff"
