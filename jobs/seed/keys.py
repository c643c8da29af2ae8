"""The keys of the seeded mall. They follow from the master key, so that the same settings make the same rows.

Nobody without the master key can tell them, and the people they hide are none.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jobs.seed.dice import Dice
from kit.hidden import Hidden
from kit.keychain import HASHES, PLATFORM
from kit.ports import WrappedKeeperKey, data_key_context
from kit.sealing import DataKey, HashKey, Spot, wrap


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The master key under which the seeded keys are wrapped."""

    id: str
    secret: bytes = field(repr=False)


@dataclass(slots=True)
class Keys:
    """Seals what the seed tells of people, and remembers the rows of the keys it made."""

    master: MasterKey
    dice: Dice
    at: datetime
    keeper_rows: list[dict[str, Any]] = field(default_factory=list)
    _keepers: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    _person_rows: list[dict[str, Any]] = field(default_factory=list)

    def hash_key(self) -> HashKey:
        """The key of equality search."""
        return HashKey(1, self._keeper(HASHES)[1])

    def person(self, person_id: str, keeper: str = PLATFORM) -> Person:
        """A person with a fresh data key. To be asked once for each person and keeper."""
        keeper_id, under = self._keeper(keeper)
        id_ = self.dice.id("pky", self.at)
        secret = _derived(under, f"person/{person_id}")
        bound_to = data_key_context(id_, person_id, keeper)
        self._person_rows.append(
            {
                "id": id_,
                "person_id": person_id,
                "keeper": keeper,
                "keeper_key_id": keeper_id,
                "wrapped": wrap(secret, under=under, bound_to=bound_to, random_bytes=self.dice.randbytes),
            }
        )
        return Person(person_id, DataKey(id_, secret), self.dice)

    def person_rows(self) -> Iterator[dict[str, Any]]:
        """The rows of `PersonKey` made since the last call."""
        rows, self._person_rows = self._person_rows, []
        yield from rows

    def _keeper(self, keeper: str) -> tuple[str, bytes]:
        if keeper not in self._keepers:
            secret = _derived(self.master.secret, f"keeper/{keeper}")
            key = WrappedKeeperKey(self.dice.id("kky", self.at), keeper, 1, self.at, self.master.id, "")
            self._keepers[keeper] = key.id, secret
            wrapped = wrap(secret, under=self.master.secret, bound_to=key.context, random_bytes=self.dice.randbytes)
            self.keeper_rows.append(
                {
                    "id": key.id,
                    "keeper": keeper,
                    "version": key.version,
                    "since": key.since,
                    "master_id": key.master_id,
                    "wrapped": wrapped,
                }
            )
        return self._keepers[keeper]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose fields are being sealed."""

    id: str
    key: DataKey
    dice: Dice

    def seal(self, text: str, table: str, column: str, row_id: str, *, dice: Dice | None = None) -> str:
        """`text` as the column's envelope, its nonce drawn from `dice` or from those of the keys."""
        spot = Spot(self.id, table, column, row_id)
        return self.key.seal(Hidden(text), spot, random_bytes=(dice or self.dice).randbytes)


def _derived(secret: bytes, name: str) -> bytes:
    return hmac.new(secret, f"seed/{name}".encode(), hashlib.sha256).digest()
