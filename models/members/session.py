"""Tables of signing in: credentials, sessions and the tokens that keep them going."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index

from models.base import IdField, Row
from models.personal import Deleted, Personal, Through


class Credential(Row):
    """A way to sign in, `crd_`."""

    member_id = IdField()
    login_hash = fields.CharField(max_length=80, unique=True)
    """Keyed hash of the phone number, with the version of its key."""
    secret = fields.CharField(max_length=200)
    """argon2id hash of the password (RFC 9106)."""

    personal = (Personal(of="member_id", fate=Deleted(), secret=("login_hash", "secret")),)

    class Meta:
        table = "credential"
        indexes = (Index(fields=("member_id", "id")),)


class Session(Row):
    """A signed-in device, `ses_`, of a member or of a person who works for the platform."""

    member_id = IdField(db_index=True)
    """The person."""
    device = fields.CharField(max_length=40, default="")
    """What its person calls it."""
    created_at = fields.DatetimeField()
    refreshed_at = fields.DatetimeField(null=True)
    """When it last asked for an access token, but for the first one."""
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    personal = (Personal(of="member_id", fate=Deleted()),)

    class Meta:
        table = "session"


class RefreshToken(Row):
    """A token that gets its session the next access token, once, `rft_`. Used ones are kept, so that a copy of one is
    known for what it is."""

    session_id = IdField(db_index=True)
    secret_hash = fields.CharField(max_length=43, unique=True)
    """SHA-256 of the token, in base64url: 32 random bytes need no salt."""
    made_at = fields.DatetimeField(db_index=True)
    used_at = fields.DatetimeField(null=True)

    personal = (
        Personal(of="session_id", fate=Deleted(), through=Through("session", "member_id"), secret=("secret_hash",)),
    )

    class Meta:
        table = "refresh_token"
