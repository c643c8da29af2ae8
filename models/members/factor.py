"""Tables of second factors: what a person has, beside the password that they know."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index

from models.base import IdField, Row
from models.personal import Deleted, Personal
from models.states import FactorKind


class SecondFactor(Row):
    """Something that a person has, `fct_`: an app that shows codes, or a key by WebAuthn."""

    member_id = IdField()
    """The person."""
    kind = fields.CharEnumField(FactorKind, max_length=10)
    secret_sealed = fields.CharField(max_length=160, null=True)
    """Of TOTP: what the app shares with us, in base32."""
    credential_id = fields.CharField(max_length=700, null=True)
    """Of WebAuthn: what the key calls itself, in base64url (level 3: up to 1,023 bytes; known keys need 64)."""
    public_key = fields.TextField(null=True)
    """Of WebAuthn: COSE, in base64url."""
    counter = fields.BigIntField()
    """The last half minute whose code was used, or the key's own count of signatures: neither comes twice."""
    made_at = fields.DatetimeField()
    confirmed_at = fields.DatetimeField(null=True)
    """Until then it is asked for by nobody."""

    personal = (Personal(of="member_id", fate=Deleted(), secret=("secret_sealed", "credential_id", "public_key")),)

    class Meta:
        table = "second_factor"
        indexes = (Index(fields=("member_id", "id")),)


class RecoveryCode(Row):
    """In place of a second factor that was lost, once, `rcc_`."""

    member_id = IdField(db_index=True)
    code_hash = fields.CharField(max_length=43)
    """SHA-256 in base64url: codes are 80 random bits."""
    used_at = fields.DatetimeField(null=True)

    personal = (Personal(of="member_id", fate=Deleted(), secret=("code_hash",)),)

    class Meta:
        table = "recovery_code"
