"""The keys that sign access tokens, and the tokens that were called back."""

from __future__ import annotations

from tortoise import fields

from models.base import RecallRow, Row


class SigningKey(Row):
    """A key pair that signs access tokens, `sgk_`. Its id is the `kid`, and keys follow one another."""

    x = fields.CharField(max_length=43)
    """The public half, in base64url."""
    master_id = fields.CharField(max_length=40)
    """Which master key wraps the private half."""
    wrapped = fields.CharField(max_length=200)
    """The private half, wrapped."""
    made_at = fields.DatetimeField()
    signs_from = fields.DatetimeField()
    """Until then it is only published, so that everybody knows it before the first token comes."""
    ends_at = fields.DatetimeField(null=True)
    """Since when nothing that it signed holds; None while no other key follows it."""

    class Meta:
        table = "signing_key"


class MembersRecall(RecallRow):
    class Meta:
        table = "members_recall"
