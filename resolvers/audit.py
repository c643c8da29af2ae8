"""Answers for the trail of sensitive acts: the same in every domain, each of its own rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kit.page import Connection, Page
from kit.viewer import Hat, Viewer
from models.acts import Act, Outcome
from models.filtering import Matches, narrowed
from models.repeating import carry_out
from models.scope import Scope
from models.trail import WHOLE, TrailRow, acts_of, feed_of
from resolvers.context import Loads
from resolvers.feeds import listed_within
from resolvers.keys import ids_of
from services.audit import record

__all__ = ["Act", "Outcome", "TrailKey", "TrailRow", "records_of", "trails_by_key", "trails_of_shops", "whole_trail"]


@dataclass(frozen=True, slots=True)
class TrailKey:
    """The acts upon what is one shop's, or `WHOLE`: all acts."""

    id: str

    @property
    def shop_id(self) -> str:
        """The shop whose owner may read it."""
        return self.id


@dataclass(frozen=True, slots=True)
class TrailPage(Page):
    where: Matches | None = None


async def trails_by_key(keys: Sequence[dict[str, Any]]) -> list[TrailKey]:
    return [TrailKey(id_) for id_ in ids_of(keys)]


async def whole_trail(roots: Sequence[Any]) -> list[TrailKey]:
    return [TrailKey(WHOLE)] * len(roots)


async def trails_of_shops(shops: Sequence[Any]) -> list[TrailKey]:
    return [TrailKey(shop.id) for shop in shops]


def records_of(domain: str) -> Callable[..., Awaitable[list[Connection[TrailRow]]]]:
    """Answers with the acts of a domain, the newest first."""
    feed = feed_of(domain)

    async def records(
        trails: Sequence[TrailKey], args: TrailPage, viewer: Viewer, loads: Loads
    ) -> list[Connection[TrailRow]]:
        await _note(domain, trails, viewer)
        page = Page(args.first, args.after)
        lists = [narrowed(acts_of(trail.id), args.where) for trail in trails]
        return await listed_within(Scope.of(viewer), feed, lists, page, loads)

    return records


async def _note(domain: str, trails: Sequence[TrailKey], viewer: Viewer) -> None:
    """The platform's staff do not read of others' acts without a record of it, committed before they see anything."""
    if viewer.hat is not Hat.PLATFORM:
        return

    async def noted() -> None:
        for trail in trails:
            shop_id = None if trail.id == WHOLE else trail.id
            await record(domain, Act.TRAIL_READ, viewer=viewer, object_id=trail.id, shop_id=shop_id)

    await carry_out(domain, noted)
