"""Tables of privacy: keys, consents, exports and erasures.

The keys are in no ordinary backup: what was sealed under a key that is destroyed opens nowhere any more, in backups
neither (docs/decisions, "Keys apart from what they seal").
"""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index

from models.base import IdField, Row
from models.laws import CONSENTS, ERASURES
from models.personal import Deleted, Personal

WRAPPED_CAP = 600
"""Characters of a wrapped key: a key management service answers with some 200 bytes."""


class KeeperKey(Row):
    """A key of the platform, of a shop or of equality search, `kky_`, wrapped by a master key."""

    keeper = fields.CharField(max_length=30)
    """`platform`, `hashes` or a shop's id."""
    version = fields.IntField()
    since = fields.DatetimeField()
    """From when on it is written with; processes come to know it before."""
    master_id = fields.CharField(max_length=60)
    wrapped = fields.CharField(max_length=WRAPPED_CAP)

    class Meta:
        table = "keeper_key"
        unique_together = (("keeper", "version"),)
        indexes = (Index(fields=("master_id", "id")),)


class PersonKey(Row):
    """The key that seals what is stored about a person, `pky_`, wrapped by its keeper's key."""

    person_id = IdField()
    keeper = fields.CharField(max_length=30)
    """Whose customer the person is: `platform`, or a shop's id."""
    keeper_key_id = IdField()
    wrapped = fields.CharField(max_length=120)

    personal = (Personal(of="person_id", fate=Deleted(), secret=("wrapped",)),)

    class Meta:
        table = "person_key"
        unique_together = (("person_id", "keeper"),)
        indexes = (Index(fields=("keeper_key_id", "id")), Index(fields=("keeper", "id")))


class Consent(Row):
    """A member's yes to a purpose, `cns_`. A withdrawn one stays, and another yes is another row."""

    member_id = IdField(db_index=True)
    purpose = fields.CharField(max_length=30)
    """One of `services.members.privacy.purposes`."""
    version = fields.IntField()
    """Of the purpose's text, as the member read it."""
    given_at = fields.DatetimeField()
    withdrawn_at = fields.DatetimeField(null=True)

    personal = (Personal(of="member_id", fate=CONSENTS),)

    class Meta:
        table = "consent"


class Export(Row):
    """A copy of all that is stored about a member, made for them to take once, `exp_`."""

    member_id = IdField(db_index=True)
    asked_at = fields.DatetimeField(db_index=True)
    ready_at = fields.DatetimeField(null=True)
    taken_at = fields.DatetimeField(null=True)
    archive_sealed = fields.TextField(null=True)
    """JSON, sealed for the member; none before it is ready, nor after it was taken."""

    personal = (Personal(of="member_id", fate=Deleted(), secret=("archive_sealed",)),)

    class Meta:
        table = "export"


class Erasure(Row):
    """That a person was erased, `ers_`: what must be done again after every restore of a backup."""

    person_id = IdField(unique=True)
    at = fields.DatetimeField()

    personal = (Personal(of="person_id", fate=ERASURES),)

    class Meta:
        table = "erasure"


APART = (KeeperKey, PersonKey, Erasure)
"""What ordinary backups leave out, and restores leave as it is: `python -m jobs backup-keys` keeps it apart."""
