"""What may be wrong with a chain of seals, found seal by seal, wherever it is read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from kit.notary import Notaries
from models.seals import Seal, row_hash, seal_hash
from models.trail import TrailRow

FAR = 1_000
"""How many places from its own a seal is looked for that stands in the wrong one."""
LATE = timedelta(minutes=5)
"""A row that is sealed so long after its act may have been written after the fact, or the sealer stood still."""


class Tampering(StrEnum):
    """What can be done to a trail."""

    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "reordered"
    TRUNCATED = "truncated"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was sealed; `where` is a row's id or a seal's number."""

    kind: Tampering
    where: str
    says: str


@dataclass(slots=True)
class Report:
    """What was checked, and what was found: findings in the order of the chain, the first bad row first."""

    domain: str
    seals: int = 0
    rows: int = 0
    waiting: int = 0
    """Rows that no seal holds yet."""
    late: int = 0
    findings: list[Finding] = field(default_factory=list)


class Chain:
    """Checks the seals of a domain as they are handed over, in their order."""

    def __init__(self, domain: str, trusted: Notaries) -> None:
        self.report = Report(domain)
        self.last: Seal | None = None
        self._trusted = trusted

    def take(self, seal: Seal, rows: Mapping[str, TrailRow]) -> None:
        """The next seal, and the rows under it that are there, by their ids."""
        self._check_seal(seal)
        self._check_rows(seal, rows)
        self.last = seal
        self.report.seals += 1

    def found(self, kind: Tampering, where: str, says: str) -> None:
        self.report.findings.append(Finding(kind, where, says))

    def _check_seal(self, seal: Seal) -> None:
        place, last = str(seal.number), self.last
        if last and seal.number != last.number + 1:
            missing = f"seals {last.number + 1} to {seal.number - 1} are missing"
            self.found(Tampering.MISSING, str(last.number + 1), missing)
        if seal.true_hash(self.report.domain) != seal.hash:
            self._found_moved_or_changed(seal)
        elif not self._trusted.trust(seal.hash, signature=seal.signature, key_id=seal.key_id):
            self.found(Tampering.FORGED, place, f"seal {place} is not signed by a key that we trust")
        elif last and seal.number == last.number + 1 and seal.previous != last.hash:
            self.found(Tampering.CHANGED, place, f"seal {place} follows another seal than the one before it")

    def _found_moved_or_changed(self, seal: Seal) -> None:
        place = str(seal.number)
        for number in range(max(1, seal.number - FAR), seal.number + FAR):
            if seal_hash(self.report.domain, number, seal.at, seal.records, seal.previous) == seal.hash:
                says = f"at place {place} stands the seal that was made for {number}"
                return self.found(Tampering.REORDERED, place, says)
        return self.found(Tampering.CHANGED, place, f"seal {place} was changed")

    def _check_rows(self, seal: Seal, rows: Mapping[str, TrailRow]) -> None:
        for id_, hash_ in seal.records:
            if id_ not in rows:
                self.found(Tampering.MISSING, id_, f"row {id_} of seal {seal.number} is missing")
                continue
            self.report.rows += 1
            if row_hash(rows[id_]) != hash_:
                self.found(Tampering.CHANGED, id_, f"row {id_} of seal {seal.number} was changed")
            elif seal.at - rows[id_].at > LATE:
                self.report.late += 1
