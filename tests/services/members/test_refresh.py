"""Refresh tokens: each works once, a second use ends its session and no other."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from kit import clock
from kit.hidden import Hidden
from models.acts import Act
from models.audit import trail_of
from models.base import unit_of_work
from models.members.session import RefreshToken, Session
from models.members.signing import MembersRecall
from services.members.refresh import (
    RefreshRefused,
    give_refresh_token,
    holder_of,
    refresh_session,
)
from services.members.session import SIGNED_IN_FOR
from tests.support.databases import mysql_url
from tests.support.moments import HOUR, NOON

pytestmark = pytest.mark.usefixtures("database", "noon")


async def opened(id_: str, member_id: str = "mbr_lin") -> str:
    """A session, and its first refresh token."""
    await Session.create(id=id_, member_id=member_id, created_at=NOON, expires_at=NOON + SIGNED_IN_FOR)
    async with unit_of_work("members"):
        return await give_refresh_token(id_)


async def used(token: str) -> str | None:
    """The token that follows; None where this one is refused."""
    holder = await holder_of(Hidden(token))
    if holder is None:
        return None
    async with unit_of_work("members"):
        session = await refresh_session(holder)
        return None if isinstance(session, RefreshRefused) else await give_refresh_token(session.id)


async def open_sessions() -> set[str]:
    return {session.id for session in await Session.filter(revoked_at=None)}


@dataclass(slots=True)
class Known:
    """What a session should be."""

    tokens: list[str]
    is_open: bool = True
    used: set[str] = field(default_factory=set)


@pytest.mark.parametrize("seed", range(12))
async def test_only_the_newest_token_works_and_an_old_one_ends_its_session_alone(seed: int) -> None:
    dice = random.Random(seed)
    sessions = {f"ses_{n}": Known([await opened(f"ses_{n}")]) for n in range(3)}
    for _ in range(30):
        known = sessions[dice.choice([*sessions])]
        token = known.tokens[-1] if dice.random() < 0.8 else dice.choice([*known.tokens, "none of ours"])
        following = await used(token)
        assert (following is not None) is (known.is_open and token in known.tokens and token not in known.used)
        if following:
            known.used.add(token)
            known.tokens.append(following)
        elif token in known.used:
            known.is_open = False
        assert await open_sessions() == {id_ for id_, one in sessions.items() if one.is_open}
    ended = {id_ for id_, one in sessions.items() if not one.is_open}
    assert {row.subject for row in await MembersRecall.all()} == ended
    assert sorted(row.object_id for row in await trail_of("members").filter(act=Act.SESSION_STOLEN)) == sorted(ended)


async def test_of_many_at_once_one_is_served_and_the_session_ends() -> None:
    token = await opened("ses_lin")
    answers = await asyncio.gather(*(used(token) for _ in range(8)))
    assert len([answer for answer in answers if answer]) == 1
    assert await open_sessions() == set()
    assert [row.subject for row in await MembersRecall.all()] == ["ses_lin"]


@pytest.mark.skipif(not mysql_url(), reason="SQLite lets one write at a time (make test-services)")
async def test_refreshes_at_the_same_time_do_not_run_into_each_other() -> None:
    """Each has used its token before any has its next one; beside rows that were deleted MariaDB locks most."""
    people, together = range(4), asyncio.Barrier(4)

    async def refreshed(token: str) -> str:
        holder = await holder_of(Hidden(token))
        assert holder is not None
        async with asyncio.timeout(5), unit_of_work("members"):
            await refresh_session(holder)
            await together.wait()
            return await give_refresh_token(holder.session_id)

    for turn in range(10):
        await RefreshToken.all().delete()
        tokens = [await opened(f"ses_{number}_{turn}", f"mbr_{number}") for number in people]
        assert len(set(await asyncio.gather(*map(refreshed, tokens)))) == len(people)


@pytest.mark.parametrize("later", [SIGNED_IN_FOR, SIGNED_IN_FOR + HOUR])
async def test_with_the_session_its_tokens_end(later: timedelta) -> None:
    token = await opened("ses_lin")
    with clock.at(NOON + SIGNED_IN_FOR - timedelta(seconds=1)):
        following = await used(token)
    assert following
    with clock.at(NOON + later):
        assert await used(following) is None
        assert await used(token) is None
    assert await MembersRecall.all().count() == 0


async def test_an_ended_session_is_not_refreshed() -> None:
    token = await opened("ses_lin")
    await Session.all().update(revoked_at=NOON)
    assert await used(token) is None
    holder = await holder_of(Hidden(token))
    assert holder is not None
    assert holder.person_id == "mbr_lin"


async def test_a_token_is_kept_as_its_hash_alone() -> None:
    token = await opened("ses_lin")
    kept = await RefreshToken.get()
    assert token not in (kept.id, kept.secret_hash)
    assert await holder_of(Hidden(kept.secret_hash)) is None
