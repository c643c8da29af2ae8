"""The trail of sensitive acts (审计): who did what, under which hat, when, to what; and the seals that chain it.

A row commits with the act that it tells of and is never changed: databases refuse it (`models.protection`). What a
sealer must write stands in tables of its own. Values are never here, only fingerprints (`kit.fingerprint`) of them.
"""

from __future__ import annotations

from tortoise import Tortoise, fields

from models.base import AppendOnlyRow, IdField, Row
from models.laws import TRAIL
from models.personal import Personal


class AuditRow(AppendOnlyRow):
    """One sensitive act, `aud_`."""

    act = fields.CharField(max_length=40)
    """One of `models.acts.Act`."""
    viewer_id = fields.CharField(max_length=60, null=True)
    """Who did it: a member, a person of the platform or a partner; None where the mall itself did, or nobody known."""
    hat = fields.CharField(max_length=60)
    """As what: `member`, `shop:OWNER`, `platform:AUDITOR`, `partner`, `guest`, `mall`."""
    session_id = IdField(null=True)
    at = fields.DatetimeField()
    object_id = fields.CharField(max_length=60)
    """What it was done to."""
    shop_id = IdField(null=True)
    """The shop whose row that is, and who may therefore read of it."""
    before = fields.CharField(max_length=64, null=True)
    """Fingerprint of the object before the act; None where there was none, or where it does not change."""
    after = fields.CharField(max_length=64, null=True)
    result = fields.CharField(max_length=10)
    """One of `models.acts.Outcome`."""
    reason = fields.CharField(max_length=200)
    """Why, in words or as a case's number; '' where that goes without saying."""

    personal = (
        Personal(
            of="viewer_id",
            fate=TRAIL,
            secret=("before", "after"),
        ),
    )

    class Meta:
        abstract = True


class UnsealedRow(Row):
    """A row of the trail that no seal holds yet; its id is that row's. Written with it, deleted with its sealing."""

    class Meta:
        abstract = True


class SealRow(AppendOnlyRow):
    """A signed seal on some rows of the trail; it holds the hash of the seal before, so that none can be taken out."""

    id = fields.BigIntField(primary_key=True)
    """Its place in the chain, from 1."""
    at = fields.DatetimeField()
    size = fields.IntField()
    """How many rows are under it."""
    records = fields.JSONField[list[list[str]]]()
    """`[[id, hash], ...]` of each row under it."""
    previous = fields.CharField(max_length=64)
    """Hash of the seal before; '' for the first."""
    hash = fields.CharField(max_length=64)
    key_id = fields.CharField(max_length=16)
    """Which key signed it."""
    signature = fields.CharField(max_length=88)
    """Ed25519 (RFC 8032) over the hash, in base64."""

    class Meta:
        abstract = True


def trail_of(domain: str) -> type[AuditRow]:
    """The trail of a domain."""
    return next(model for model in _models(domain) if issubclass(model, AuditRow))


def unsealed_of(domain: str) -> type[UnsealedRow]:
    """The table of what no seal of the domain holds yet."""
    return next(model for model in _models(domain) if issubclass(model, UnsealedRow))


def seals_of(domain: str) -> type[SealRow]:
    """The chain of seals of a domain."""
    return next(model for model in _models(domain) if issubclass(model, SealRow))


def _models(domain: str) -> list[type]:
    if Tortoise.apps is None:
        raise RuntimeError("the database is not open: use open_database()")
    return list(Tortoise.apps[domain].values())
