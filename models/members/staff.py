"""The table of who works for the platform, and how they sign in."""

from __future__ import annotations

from tortoise import fields

from models.base import IdField, Row
from models.personal import Deleted, Personal
from models.states import PlatformRole


class PlatformStaff(Row):
    """A person who works for the platform, `pst_`, in one office and never in another (三权分立).

    A person is in the table once, and a row has one role: the database itself lets nobody hold two offices.
    """

    name_sealed = fields.CharField(max_length=240)
    role = fields.CharEnumField(PlatformRole, max_length=20)
    since = fields.DatetimeField()
    person = fields.CharField(max_length=64, null=True, unique=True)
    """Fingerprint of the number on the identity card; None for who was here before anybody could sign in."""
    login = fields.CharField(max_length=40, null=True, unique=True)
    secret = fields.CharField(max_length=200, null=True)
    """argon2id hash of the password (RFC 9106); None until it is chosen."""
    activation_hash = fields.CharField(max_length=43, null=True)
    """SHA-256 of the code with which the password is chosen."""
    activation_until = fields.DatetimeField(null=True)
    added_by = IdField(null=True)
    """The security administrator; None for the first one."""
    ended_at = fields.DatetimeField(null=True)

    personal = (Personal(of="id", fate=Deleted(), secret=("person", "secret", "activation_hash")),)

    class Meta:
        table = "platform_staff"
