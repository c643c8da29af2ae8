"""The reads of members: each is one statement for any number of keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.ports import WrappedKeeperKey, WrappedKey
from models.feeds import Condition
from models.members.rows import (
    AddressRow,
    ConsentRow,
    ExportRow,
    LevelRow,
    MemberRow,
    MembershipRow,
    SessionRow,
    ViewingRow,
)
from models.reading import NOW, Columns, Order, by_id, fetch, marks, moment
from models.scope import Owners, PrivateFeed, Scope, grouped_by_scope

_MEMBERS = Owners(member="member_id")

ADDRESSES = PrivateFeed("members", "address", AddressRow, Order(AddressRow, ("id",)), _MEMBERS)
MEMBERSHIPS_IN_ORDER = Order(MembershipRow, ("id",))
CONSENTS = PrivateFeed("members", "consent", ConsentRow, Order(ConsentRow, ("id",), descending=True), _MEMBERS)
EXPORTS = PrivateFeed("members", "export", ExportRow, Order(ExportRow, ("id",), descending=True), _MEMBERS)
VIEWINGS = PrivateFeed("members", "viewing", ViewingRow, Order(ViewingRow, ("at", "id"), descending=True), _MEMBERS)

SESSIONS = PrivateFeed(
    "members", "session", SessionRow, Order(SessionRow, ("id",), descending=True), Owners(person="member_id")
)
OPEN_SESSIONS = Condition("t.revoked_at IS NULL AND t.expires_at > ?", (NOW,))


async def members_by_id(ids: Sequence[str]) -> list[MemberRow | None]:
    return await by_id("members", "member", MemberRow, ids)


async def memberships_of(asked: Sequence[tuple[Scope, str]]) -> list[list[MembershipRow]]:
    """All memberships of each member with their levels, by id; of a member beyond the scope none."""
    found: dict[tuple[Scope, str], list[MembershipRow]] = {}
    for scope, member_ids in grouped_by_scope(asked):
        sql = (
            f"SELECT m.id, m.member_id, m.shop_id, m.points, m.since, {LevelRow.columns('l')}"
            " FROM membership m JOIN level l ON l.id = m.level_id"
            f" WHERE m.member_id IN ({marks(member_ids)}) AND m.member_id = ? ORDER BY m.id"
        )
        for row in map(_membership, await fetch("members", sql, [*member_ids, scope.member_id])):
            found.setdefault((scope, row.member_id), []).append(row)
    return [found.get(pair, []) for pair in asked]


def _membership(row: Columns) -> MembershipRow:
    return MembershipRow.read((*row[:5], LevelRow.read(row[5:])))


_KEEPER_COLUMNS = "k.id, k.keeper, k.version, k.since, k.master_id, k.wrapped"


async def data_keys_of(person_ids: Sequence[str]) -> list[WrappedKey]:
    """Every data key of the persons."""
    sql = (
        f"SELECT p.id, p.person_id, p.keeper, p.wrapped, {_KEEPER_COLUMNS}"
        f" FROM person_key p JOIN keeper_key k ON k.id = p.keeper_key_id WHERE p.person_id IN ({marks(person_ids)})"
    )
    return [
        WrappedKey(id_, person_id, keeper, wrapped, _keeper_key(under))
        for id_, person_id, keeper, wrapped, *under in await fetch("members", sql, person_ids)
    ]


async def keeper_keys_of(keeper: str) -> list[WrappedKeeperKey]:
    """Every version of a keeper's key that is in use."""
    sql = f"SELECT {_KEEPER_COLUMNS} FROM keeper_key k WHERE k.keeper = ?"
    return [_keeper_key(row) for row in await fetch("members", sql, [keeper])]


def _keeper_key(row: Sequence[Any]) -> WrappedKeeperKey:
    id_, keeper, version, since, master_id, wrapped = row
    return WrappedKeeperKey(id_, keeper, version, moment(since), master_id, wrapped)
