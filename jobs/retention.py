"""What is kept for how long, and why: one page, worked off every night in small batches (PIPL 19)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from kit import clock
from kit.settings import DOMAINS, LONGEST_TOKEN
from models.base import Row
from models.forgetting import forget_batch
from models.members.account import Viewing
from models.members.privacy import Consent, Export
from models.members.session import RefreshToken, Session
from models.members.signing import MembersRecall
from models.members.throttle import Throttle
from models.orders.order import IdempotencyRow
from models.outbox import heard_of, outbox_of
from models.shops.tables import ShopsRecall
from services.members.privacy.export import TAKEN_WITHIN
from services.members.session import SIGNED_IN_FOR
from services.members.throttling import KNOWN_FOR

BATCH = 500
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Retention:
    """Rows of a table whose `column` is older than `kept` go; `scrub` empties columns instead."""

    domain: str
    table: type[Row]
    column: str
    kept: timedelta
    why: str
    where: Mapping[str, Any] = field(default_factory=dict)
    scrub: Mapping[str, Any] | None = None


_MEMBERS = (
    Retention("members", Viewing, "at", 180 * DAY, "PIPL 19: tastes of half a year are enough to recommend by"),
    Retention("members", Session, "expires_at", 180 * DAY, "Cybersecurity Law 23: who signed in, for six months"),
    Retention("members", RefreshToken, "made_at", SIGNED_IN_FOR, "PIPL 19: no session of then is open any more"),
    Retention("members", Throttle, "touched_at", KNOWN_FOR, "PIPL 19: what nobody has tried for a quarter of a year"),
    Retention(
        "members",
        Export,
        "asked_at",
        TAKEN_WITHIN,
        "PIPL 19: a copy that nobody took is a risk",
        where={"archive_sealed__not_isnull": True},
        scrub={"archive_sealed": None},
    ),
    Retention("members", Export, "asked_at", 180 * DAY, "PIPL 56: that a request was answered"),
    Retention("members", Consent, "withdrawn_at", 3 * 366 * DAY, "PIPL 69: evidence, as long as a claim may come"),
)
_ORDERS = (Retention("orders", IdempotencyRow, "at", 7 * DAY, "PIPL 19: nobody repeats a request after a week"),)


_RECALLED = "PIPL 19: no token of then holds any more"
_RECALLS = (
    Retention("members", MembersRecall, "at", 2 * LONGEST_TOKEN, _RECALLED),
    Retention("shops", ShopsRecall, "at", 2 * LONGEST_TOKEN, _RECALLED),
)


def _facts() -> Iterator[Retention]:
    why = "PIPL 19: a fact that was told and followed has served"
    for domain in DOMAINS:
        yield Retention(domain, outbox_of(domain), "sent_at", 7 * DAY, why)
        yield Retention(domain, heard_of(domain), "at", 7 * DAY, why)


def retentions() -> list[Retention]:
    """The whole page. The database must be open."""
    return [*_MEMBERS, *_ORDERS, *_RECALLS, *_facts()]


async def forget_expired() -> int:
    """Let go what has served its time; how many rows that were."""
    gone = 0
    for rule in retentions():
        while batch := await _batch(rule):
            gone += batch
            if batch < BATCH:
                break
    return gone


async def _batch(rule: Retention) -> int:
    before = clock.now() - rule.kept
    return await forget_batch(
        rule.domain, rule.table, rule.column, before, where=rule.where, scrub=rule.scrub, most=BATCH
    )
