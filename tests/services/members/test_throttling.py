"""Throttling: guessers are stopped, strangers shut nobody out, and every limit ends with its time."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest

from kit import clock
from kit.client import place_of, with_client
from kit.hidden import Hidden
from kit.sealing import HashKey
from models.acts import Act
from models.audit import trail_of
from models.base import unit_of_work
from models.members.throttle import Throttle
from services.members.throttling import (
    BOTH,
    KNOWN_FOR,
    NAMED,
    PLACE,
    WINDOW,
    count_try,
    forgive_try,
    names_of,
)
from tests.support.moments import MINUTE, NOON

pytestmark = pytest.mark.usefixtures("database", "noon")

KEYS = [HashKey(1, b"k" * 32)]
HOME, LIN = "192.0.2.1", "13812345678"


async def tried(address: str, phone: str = LIN, *, right: bool = False) -> bool:
    """Whether a password is looked at."""
    names = names_of(Hidden(phone), address, KEYS, purpose="login")
    async with unit_of_work("members"):
        if await count_try(names):
            return False
        if right:
            await forgive_try(names)
    return True


def address_of(number: int) -> str:
    return f"198.51.{number // 250}.{number % 250}"


async def test_from_one_place_five_wrong_tries_at_one_number_are_heard() -> None:
    assert [await tried(HOME) for _ in range(7)] == [True] * BOTH.most + [False] * 2
    assert await tried(HOME, "13900000000")


async def test_from_one_place_fifty_wrong_tries_are_heard_whatever_the_numbers() -> None:
    heard = [await tried(HOME, f"139{number:08}") for number in range(PLACE.most + 2)]
    assert heard == [True] * PLACE.most + [False] * 2
    assert await tried(address_of(1), "13900000000")


async def test_from_everywhere_together_a_number_hears_so_many_and_its_owner_still_signs_in_at_home() -> None:
    assert await tried(HOME, right=True)
    heard = [await tried(address_of(number)) for number in range(NAMED.most + 2)]
    assert heard == [True] * NAMED.most + [False] * 2
    for _ in range(3):
        assert await tried(HOME, right=True)
    assert not await tried(address_of(200), right=True), "what is right at home gives strangers no try back"


async def test_what_is_refused_fills_no_other_limit() -> None:
    for _ in range(PLACE.most + 10):
        await tried(HOME)
    assert await tried(HOME, "13900000000")
    assert await tried(address_of(1))


async def test_a_place_is_known_for_a_quarter_of_a_year_only() -> None:
    assert await tried(HOME, right=True)
    with clock.at(NOON + KNOWN_FOR):
        for number in range(NAMED.most):
            assert await tried(address_of(number))
        assert not await tried(HOME)


async def test_whoever_goes_on_trying_does_not_make_it_last_longer() -> None:
    for minute in range(15):
        with clock.at(NOON + minute * MINUTE):
            for _ in range(20):
                await tried(HOME)
    with clock.at(NOON + WINDOW - timedelta(seconds=1)):
        assert not await tried(HOME)
    with clock.at(NOON + WINDOW):
        assert await tried(HOME)


@pytest.mark.parametrize("seed", range(6))
async def test_however_one_tries_no_limit_is_passed_and_none_outlasts_its_window(seed: int) -> None:
    dice, now = random.Random(seed), NOON
    heard: list[tuple[float, str, str]] = []
    for _ in range(200):
        now += timedelta(seconds=dice.randrange(40))
        place, phone = address_of(dice.randrange(3)), f"139{dice.randrange(3):08}"
        with clock.at(now):
            is_heard = await tried(place, phone)
        at = now.timestamp()
        recent = [one for one in heard if one[0] > at - 2 * WINDOW.total_seconds()]
        if is_heard:
            heard.append((at, place, phone))
        else:  # a limit that is full was filled within its window
            assert len([one for one in recent if one[0] > at - WINDOW.total_seconds()]) >= BOTH.most
        for limit, those in (
            (BOTH, [one for one in recent if one[1:] == (place, phone)]),
            (PLACE, [one for one in recent if one[1] == place]),
            (NAMED, [one for one in recent if one[2] == phone]),
        ):
            assert len(those) <= 3 * limit.most


async def test_of_many_at_once_no_more_are_heard() -> None:
    heard = await asyncio.gather(*(tried(HOME) for _ in range(12)))
    assert sum(heard) == BOTH.most


async def test_nothing_is_kept_but_hashes_and_a_full_limit_is_on_record_once() -> None:
    for _ in range(8):
        await tried(HOME)
    kept = await Throttle.all().values()
    assert not any(text in str(kept) for text in (HOME, LIN))
    [row] = await trail_of("members").all()
    assert (row.act, row.hat) == (Act.CREDENTIAL_LOCKED, "guest")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("", ""),
        ("x" * 100, "x" * 45),
    ],
)
def test_a_household_is_one_place(address: str, place: str) -> None:
    assert place_of(address) == place


def test_a_client_does_not_say_itself_where_it_is() -> None:
    scope = {"client": ("192.0.2.7", 1), "headers": [(b"jishi-client", b"192.0.2.8"), (b"a", b"b")]}
    assert with_client(scope)["headers"] == [(b"a", b"b"), (b"jishi-client", b"192.0.2.7")]
    assert with_client({"client": None, "headers": []})["headers"] == [(b"jishi-client", b"")]
