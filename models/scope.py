"""Whose rows a read may bring. Rows that belong to somebody are reached through a scope, and in no other way.

A scope is made of the viewer, or of a case under which the platform reads, and of nothing else. It becomes part of the
statement: a foreign row and a missing one
differ neither in what comes back nor in the statement nor in the way that the database takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Generic

from kit.page import Page
from kit.viewer import Hat, Viewer
from models.feeds import Condition, Feed, Part
from models.reading import Order, Shown, fetch, marks
from models.states import PlatformRole


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows of a member, or of the shop whose hat is worn; and what is a person's under any hat, such as jobs.

    `Scope()` holds nothing. For the platform's auditors all rows lie within it that are there to be audited.
    """

    member_id: str | None = None
    shop_id: str | None = None
    person_id: str | None = None
    audits: bool = False

    @classmethod
    def of(cls, viewer: Viewer) -> Scope:
        """What belongs to the viewer."""
        audits = viewer.hat is Hat.PLATFORM and viewer.role == PlatformRole.AUDITOR
        return cls(viewer.member_id, viewer.shop_id, viewer.person_id, audits)

    @classmethod
    def of_case(cls, shop_id: str) -> Scope:
        """What a case of the platform's opens of a shop; made where the reading was put on record, nowhere else."""
        return cls(shop_id=shop_id)


@dataclass(frozen=True, slots=True)
class Within:
    """Rows that lie within a scope. Only `Owners` makes one."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class Owners:
    """The columns of `t` that say whose a row is; None where nobody of that kind owns rows of the table."""

    member: str | None = None
    shop: str | None = None
    person: str | None = None
    audited: bool = False
    """Whether the platform's auditors may have all of them."""

    def within(self, scope: Scope, of: Condition) -> Within:
        """Those rows of a list that lie within the scope."""
        if self.audited and scope.audits:
            return Within(of)
        owned = {self.member: scope.member_id, self.shop: scope.shop_id, self.person: scope.person_id}
        columns = [column for column in owned if column]
        theirs = " OR ".join(f"t.{column} = ?" for column in columns)
        return Within(Condition(f"{of.sql} AND ({theirs})", (*of.values, *(owned[column] for column in columns))))


@dataclass(frozen=True, slots=True, eq=False)
class PrivateFeed(Generic[Shown]):
    """A feed of rows that belong to somebody: its lists are `within` a scope."""

    domain: str
    table: str
    row: type[Shown]
    order: Order
    owners: Owners

    def within(self, scope: Scope, of: Condition) -> Within:
        """The list of those rows of `of` that lie within the scope."""
        return self.owners.within(scope, of)

    def part(self, of: Within, page: Page) -> Part:
        """See Feed."""
        return self._feed.part(of.condition, page)

    async def pages(self, parts: Sequence[Part]) -> list[list[Shown]]:
        """See Feed."""
        return await self._feed.pages(parts)

    async def counts(self, lists: Sequence[Within]) -> list[int]:
        """See Feed."""
        return await self._feed.counts([one.condition for one in lists])

    async def by_id(self, asked: Sequence[tuple[Scope, str]]) -> list[Shown | None]:
        """The row of each id that lies within its scope, None where there is none: one statement for each scope."""
        found: dict[tuple[Scope, str], Shown] = {}
        for scope, ids in grouped_by_scope(asked):
            within = self.within(scope, Condition(f"t.id IN ({marks(ids)})", tuple(ids))).condition
            sql = f"SELECT {self.row.columns('t')} FROM {self.table} t WHERE {within.sql}"
            for row in map(self.row.read, await fetch(self.domain, sql, within.values)):
                found[scope, attrgetter("id")(row)] = row
        return [found.get(pair) for pair in asked]

    async def facets(self, lists: Sequence[tuple[Within, str]]) -> list[list[tuple[str, int]]]:
        """How many rows of each list have each value of a column, the commonest value first."""
        return [await self._facets(one.condition, column) for one, column in lists]

    async def _facets(self, of: Condition, column: str) -> list[tuple[str, int]]:
        sql = (
            f"SELECT t.{column}, COUNT(*) AS held FROM {self.table} t WHERE {of.sql}"
            f" GROUP BY t.{column} ORDER BY held DESC, t.{column}"
        )
        return [(value, held) for value, held in await fetch(self.domain, sql, of.values)]

    @property
    def _feed(self) -> Feed[Shown]:
        return Feed(self.domain, self.table, self.row, self.order)


def grouped_by_scope(asked: Iterable[tuple[Scope, str]]) -> list[tuple[Scope, list[str]]]:
    """The keys that are asked for in each scope; within a request there is one."""
    keys: dict[Scope, list[str]] = {}
    for scope, key in asked:
        keys.setdefault(scope, []).append(key)
    return list(keys.items())
