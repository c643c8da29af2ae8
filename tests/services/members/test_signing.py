"""Signing keys: published before they sign, following one another, retired at once; what was called back is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jobs.signing import rotate, rotate_when_due
from kit import clock
from kit.errors import NotFound, Unavailable
from kit.master_keys import MasterKeyUnknown
from kit.sealing import SealBroken
from kit.settings import Settings
from models.base import unit_of_work
from models.members.signing import MembersRecall, SigningKey
from models.recalls import recall
from services.members.privacy.keys import own_keychain
from services.members.signing import AHEAD, SIGNS_FOR, news, retire_key, signing_key
from tests.support.moments import MINUTE, NOON

KEYCHAIN = own_keychain({"a": b"a" * 32})
MASTERS = KEYCHAIN.masters

pytestmark = pytest.mark.usefixtures("noon")


async def kids(at: timedelta = timedelta(0)) -> list[str]:
    with clock.at(NOON + at):
        return [key.kid for key in (await news(NOON)).keys]


async def signs(at: timedelta) -> str:
    with clock.at(NOON + at):
        return (await signing_key(MASTERS)).kid


async def test_without_a_key_nobody_signs(database: Settings) -> None:
    with pytest.raises(Unavailable) as error:
        await signing_key(MASTERS)
    assert error.value.code == "signing_key.missing"


async def test_the_first_key_signs_at_once_the_next_when_it_is_known(database: Settings) -> None:
    first = await rotate(database, KEYCHAIN)
    assert await signs(timedelta(0)) == first.id
    second = await rotate(database, KEYCHAIN)
    assert [await signs(AHEAD - timedelta(seconds=1)), await signs(AHEAD)] == [first.id, second.id]
    assert await kids() == [first.id, second.id]


async def test_a_key_holds_until_its_last_token_has_ended(database: Settings) -> None:
    first, second = await rotate(database, KEYCHAIN), await rotate(database, KEYCHAIN)
    last = AHEAD + database.longest_token
    assert [await kids(last), await kids(last + AHEAD)] == [[first.id, second.id], [second.id]]


async def test_keys_follow_one_another_when_they_are_due(database: Settings) -> None:
    first = await rotate_when_due(database, KEYCHAIN)
    assert first is not None
    for at, due in ((timedelta(0), False), (SIGNS_FOR - MINUTE, False), (SIGNS_FOR, True), (SIGNS_FOR + MINUTE, False)):
        with clock.at(NOON + at):
            assert (await rotate_when_due(database, KEYCHAIN) is not None) == due


async def test_a_retired_key_ends_at_once(database: Settings) -> None:
    first, second = await rotate(database, KEYCHAIN), await rotate(database, KEYCHAIN)
    async with unit_of_work("members"):
        await retire_key(first.id)
    assert await kids() == [second.id]
    for kid in (first.id, "sgk_missing"):
        with pytest.raises(NotFound):
            await retire_key(kid)


async def test_the_secret_half_is_wrapped_and_moves_to_no_other_row(database: Settings) -> None:
    row = await rotate(database, KEYCHAIN)
    opened = await signing_key(MASTERS)
    assert opened.public.x == row.x
    assert opened.private_bytes().hex() not in str(await SigningKey.all().values())
    await SigningKey.create(**{**dict(row), "id": "sgk_moved", "signs_from": NOON + MINUTE})
    with clock.at(NOON + MINUTE), pytest.raises(SealBroken):
        await signing_key(MASTERS)
    await SigningKey.all().update(master_id="b")
    with clock.at(NOON + MINUTE), pytest.raises(MasterKeyUnknown):
        await signing_key(MASTERS)


async def test_what_was_called_back_since_a_moment_is_told(database: Settings) -> None:
    for minutes in (0, 1, 2):
        with clock.at(NOON + minutes * MINUTE):
            await recall(MembersRecall, f"ses_{minutes}")
    told = [(one.subject, one.at) for one in (await news(NOON)).recalls]
    assert told == [("ses_1", NOON + MINUTE), ("ses_2", NOON + 2 * MINUTE)]
