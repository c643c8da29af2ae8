"""Tables of signing in: credentials and sessions."""

from __future__ import annotations

from tortoise import fields

from models.base import IdField, Row
from models.personal import Deleted, Personal


class Credential(Row):
    """A way to sign in, `crd_`."""

    member_id = IdField(db_index=True)
    login_hash = fields.CharField(max_length=80, unique=True)
    """Keyed hash of the phone number, with the version of its key."""
    secret = fields.CharField(max_length=200)
    """argon2id hash of the password (RFC 9106)."""
    failures = fields.IntField()
    locked_until = fields.DatetimeField(null=True)

    personal = (Personal(of="member_id", fate=Deleted(), secret=("login_hash", "secret")),)

    class Meta:
        table = "credential"


class Session(Row):
    """A signed-in device, `ses_`."""

    member_id = IdField(db_index=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    personal = (Personal(of="member_id", fate=Deleted()),)

    class Meta:
        table = "session"
