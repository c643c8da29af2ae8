"""Facts on their way out: rows of the outboxes that wait to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise import Tortoise

from models.base import HeardRow, OutboxRow
from models.reading import fetch


@dataclass(frozen=True, slots=True)
class Untold:
    """A fact, or a change, that nobody was told of yet; `body` is JSON."""

    id: str
    kind: str
    body: str


def outbox_of(domain: str) -> type[OutboxRow]:
    """The outbox table of a domain."""
    return next(model for model in _models(domain) if issubclass(model, OutboxRow))


def heard_of(domain: str) -> type[HeardRow]:
    """The table of facts that a domain has followed."""
    return next(model for model in _models(domain) if issubclass(model, HeardRow))


def _models(domain: str) -> Sequence[type]:
    if Tortoise.apps is None:
        raise RuntimeError("the database is not open: use open_database()")
    return list(Tortoise.apps[domain].values())


async def untold(domain: str, limit: int) -> list[Untold]:
    """The oldest rows of a domain's outbox that wait."""
    sql = f"SELECT id, kind, body FROM {domain}_outbox WHERE sent_at IS NULL ORDER BY id LIMIT ?"
    return [Untold(*row) for row in await fetch(domain, sql, [limit])]


async def mark_told(domain: str, ids: Sequence[str], at: datetime) -> None:
    """They were told."""
    await outbox_of(domain).filter(id__in=ids).update(sent_at=at)


async def forget(domain: str, ids: Sequence[str]) -> None:
    """They were told, and nobody will ask for them again."""
    await outbox_of(domain).filter(id__in=ids).delete()


async def first_time(domain: str, fact_id: str, reaction: str, at: datetime) -> bool:
    """Whether `reaction` has not followed the fact yet; remembered with the transaction that runs.

    To be asked first of all: who follows the same fact at the same time waits here, then fails on the key and is told
    again.
    """
    heard = heard_of(domain)
    key = f"{fact_id}/{reaction}"
    if await heard.exists(id=key):
        return False
    await heard.create(id=key, at=at)
    return True
