"""Throttling: nobody guesses at length, nobody learns who has an account, and nobody shuts another out for good.

A try is counted for the place that it comes from, for the phone number (or login) that it names, and for both together,
whether there is such an account or not. Whoever has signed in from a place before passes the limit of the number there:
what strangers do elsewhere does not shut them out. Tries that are refused are not counted, so that every limit ends
with its time, however long somebody goes on (OWASP ASVS 5.0, section 6.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kit import clock
from kit.client import place_of
from kit.hidden import Hidden
from kit.sealing import HashKey
from kit.viewer import GUEST
from models.acts import Act
from models.members.throttle import Throttle, locked_throttles
from services.audit import record

WINDOW = timedelta(minutes=15)
KNOWN_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries may fail within the window. Limits that are `for_strangers` do not hold where one is known."""

    most: int
    for_strangers: bool = False


BOTH, PLACE, NAMED = Limit(5), Limit(50), Limit(25, for_strangers=True)


@dataclass(frozen=True, slots=True)
class Names:
    """What a try is counted for: the first name is that of place and number together."""

    limits: Mapping[str, Limit]

    @property
    def both(self) -> str:
        return next(iter(self.limits))


def names_of(named: Hidden, address: str, hash_keys: Sequence[HashKey], *, purpose: str) -> Names:
    """The names under which tries for `named` from an address are counted, hashed by the newest key."""
    key, place, text = hash_keys[0], place_of(address), named.reveal()
    return Names(
        {
            _id(key.hash(Hidden(f"{place}\0{text}"), purpose=f"{purpose}/both")): BOTH,
            _id(key.hash(Hidden(place), purpose=f"{purpose}/place")): PLACE,
            _id(key.hash(Hidden(text), purpose=f"{purpose}/named")): NAMED,
        }
    )


def _id(hashed: str) -> str:
    """A hash as an id: of its 256 bits 104 tell what is counted well enough."""
    return f"thr_{hashed.rpartition('.')[2][:26]}"


async def count_try(names: Names) -> datetime | None:
    """Count a try before its password is looked at; until when there are too many, where there are.

    Three statements, whatever is found. Runs in the caller's transaction, which keeps the counts locked.
    """
    now = clock.now()
    rows = await locked_throttles([*names.limits], now)
    holding = _holding(names, rows, now)
    for row in rows.values():
        if now - row.since >= WINDOW:
            row.tries, row.since = 0, now
    full = [rows[name] for name, limit in holding.items() if rows[name].tries >= limit.most]
    if not full:
        for name in holding:
            rows[name].tries += 1
    await _write(rows)
    if full:
        return max(row.since for row in full) + WINDOW
    for name, limit in holding.items():
        if rows[name].tries == limit.most:
            await record("members", Act.CREDENTIAL_LOCKED, viewer=GUEST, object_id=rows[name].id)
    return None


async def forgive_try(names: Names) -> None:
    """The try was right: it is not counted, and this place is known. Runs in the caller's transaction."""
    now = clock.now()
    rows = await locked_throttles([*names.limits], now)
    for name in _holding(names, rows, now):
        rows[name].tries = max(rows[name].tries - 1, 0)
    rows[names.both].tries, rows[names.both].known_until = 0, now + KNOWN_FOR
    await _write(rows)


def _holding(names: Names, rows: Mapping[str, Throttle], now: datetime) -> dict[str, Limit]:
    """The limits that hold for whoever tries."""
    known_until = rows[names.both].known_until
    is_known = known_until is not None and known_until > now
    return {name: limit for name, limit in names.limits.items() if not (limit.for_strangers and is_known)}


async def _write(rows: Mapping[str, Throttle]) -> None:
    await Throttle.bulk_update(list(rows.values()), fields=("tries", "since", "known_until"))
