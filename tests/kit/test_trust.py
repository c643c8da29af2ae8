"""Trust: tokens are believed on fresh news only, called back within seconds, and remembered for as long."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest

from kit import clock
from kit.errors import Forbidden, Unavailable
from kit.jws import SigningKey
from kit.ports import Recall, TrustNews
from kit.tokens import TokenRefused, write_token
from kit.trust import MEMBERS, SHOPS, Trust
from kit.viewer import GUEST, Viewer
from tests.support.moments import HOUR, NOON
from tests.support.tokens import Teller, teller_of

LIN = (
    Viewer.member("mbr_lin", "ses_lin"),
    Viewer.shop_staff("mbr_lin", "shp_tea", "OWNER", "ses_lin"),
    Viewer.platform_staff("mbr_lin", "AUDITOR", "ses_lin"),
)
KEY = SigningKey.of_bytes("key-1", bytes(range(32)))
SHOP, PLATFORM = "shop:shp_tea", "platform"

pytestmark = pytest.mark.usefixtures("noon")


@dataclass(slots=True)
class Ticks:
    """A monotonic clock that tests move."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass(slots=True)
class Reading:
    """A process that reads tokens."""

    ticks: Ticks
    members: Teller
    shops: Teller
    trust: Trust

    async def refusal(self, hat: str | None = None) -> str | None:
        """Why Lin is refused; None where she is not."""
        try:
            await self.trust.viewer_of(BEARER, hat)
        except (TokenRefused, Unavailable) as error:
            return error.code
        return None

    async def later(self, seconds: float) -> None:
        """Time goes by, and questions under way are answered."""
        self.ticks.now += seconds
        await asyncio.sleep(0)

    async def settled(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)


@pytest.fixture
def reading() -> Reading:
    ticks, members, shops = Ticks(), teller_of(KEY), Teller()
    trust = Trust({MEMBERS: members, SHOPS: shops}, longest=HOUR, monotonic=ticks)
    return Reading(ticks, members, shops, trust)


with clock.at(NOON):
    BEARER = f"Bearer {write_token(KEY, LIN, lasting=HOUR)}"


async def test_a_token_names_the_viewer_under_the_hat_that_was_picked(reading: Reading) -> None:
    assert await reading.trust.viewer_of(None) is GUEST
    assert reading.members.asked == []
    worn = [await reading.trust.viewer_of(BEARER, hat) for hat in (None, SHOP, PLATFORM)]
    assert worn == list(LIN)
    assert await reading.trust.keys() == (KEY.public,)


@pytest.mark.parametrize("hat", ["shop:shp_other", "shop", "partner", "", "king", "MEMBER", " member"])
async def test_a_hat_that_is_not_theirs_is_forbidden(reading: Reading, hat: str) -> None:
    with pytest.raises(Forbidden) as error:
        await reading.trust.viewer_of(BEARER, hat)
    assert (error.value.code, error.value.message) == ("hat.unknown", "Jishi-Hat must be a hat that your token has")


async def test_a_session_that_ended_is_refused_within_five_seconds_of_requests(reading: Reading) -> None:
    assert await reading.refusal() is None
    reading.members.news_ = TrustNews((KEY.public,), (Recall("ses_lin", NOON),))
    await reading.later(1)
    assert await reading.refusal() is None  # asks meanwhile
    await reading.settled()
    assert [await reading.refusal(hat) for hat in (None, SHOP, PLATFORM)] == ["token.revoked"] * 3


async def test_after_a_pause_the_first_request_waits_for_news(reading: Reading) -> None:
    assert await reading.refusal() is None
    reading.members.news_ = TrustNews((KEY.public,), (Recall("ses_lin", NOON),))
    await reading.later(5)
    assert await reading.refusal() == "token.revoked"


async def test_what_was_called_back_stays_so_when_the_next_news_do_not_tell_it_again(reading: Reading) -> None:
    reading.members.news_ = TrustNews((KEY.public,), (Recall("ses_lin", NOON),))
    assert await reading.refusal() == "token.revoked"
    reading.members.news_ = TrustNews((KEY.public,))
    await reading.later(5)
    assert await reading.refusal() == "token.revoked"
    with clock.at(NOON + HOUR + timedelta(minutes=1)):  # no token of it can last any more
        await reading.later(5)
        assert await reading.refusal() == "token.expired"


async def test_shops_call_back_hats_of_shops_only_members_all(reading: Reading) -> None:
    reading.shops.news_ = TrustNews(recalls=(Recall("mbr_lin", NOON),))
    assert [await reading.refusal(hat) for hat in (None, SHOP, PLATFORM)] == [None, "token.revoked", None]
    reading.members.news_ = TrustNews((KEY.public,), (Recall("mbr_lin", NOON),))
    await reading.later(5)
    assert [await reading.refusal(hat) for hat in (None, SHOP, PLATFORM)] == ["token.revoked"] * 3


async def test_a_token_made_after_the_change_holds(reading: Reading) -> None:
    reading.shops.news_ = TrustNews(recalls=(Recall("mbr_lin", NOON - timedelta(milliseconds=1)),))
    assert await reading.refusal(SHOP) is None


async def test_without_news_nothing_is_believed_and_guests_stay_guests(reading: Reading) -> None:
    assert await reading.refusal() is None
    reading.members.fails = Unavailable("members.silent", "no answer")
    await reading.later(4.9)
    assert await reading.refusal() is None
    await reading.later(0.2)
    assert await reading.refusal() == "trust.stale"
    assert await reading.trust.viewer_of(None) is GUEST
    reading.members.fails = None
    await reading.later(0.3)
    assert await reading.refusal() is None


async def test_silent_shops_close_the_hats_of_shops_only(reading: Reading) -> None:
    reading.shops.fails = Unavailable("shops.silent", "no answer")
    assert [await reading.refusal(hat) for hat in (None, SHOP, PLATFORM)] == [None, "trust.stale", None]


async def test_a_source_that_fails_is_asked_again_four_times_a_second_at_most(reading: Reading) -> None:
    reading.members.fails = Unavailable("members.silent", "no answer")
    for _ in range(10):
        assert await reading.refusal() == "trust.stale"
    assert len(reading.members.asked) == 1
    await reading.later(0.25)
    assert await reading.refusal() == "trust.stale"
    assert len(reading.members.asked) == 2


async def test_many_requests_ask_once(reading: Reading) -> None:
    assert await asyncio.gather(*(reading.refusal() for _ in range(50))) == [None] * 50
    assert len(reading.members.asked) == 1


async def test_the_first_question_reaches_back_as_far_as_a_token_lasts_the_next_a_little(reading: Reading) -> None:
    await reading.refusal()
    with clock.at(NOON + timedelta(seconds=5)):
        await reading.later(5)
        await reading.refusal()
    assert reading.members.asked == [NOON - HOUR, NOON - timedelta(seconds=15)]


async def test_a_key_that_was_retired_takes_its_tokens_along(reading: Reading) -> None:
    assert await reading.refusal() is None
    reading.members.news_ = TrustNews((SigningKey.fresh("key-2").public,))
    await reading.later(5)
    assert await reading.refusal() == "token.invalid"


async def test_a_token_is_verified_once_in_five_seconds(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = type(reading.trust._reader).read

    def counted(reader: object, token: str) -> object:
        read.append(token)
        return original(reader, token)  # type: ignore[arg-type]

    monkeypatch.setattr(type(reading.trust._reader), "read", counted)
    for _ in range(4):
        assert await reading.refusal() is None
        await reading.later(1.2)
        await reading.settled()
    assert len(read) == 1
    await reading.later(1)
    assert await reading.refusal() is None
    assert len(read) == 2


async def test_a_remembered_token_ends_when_it_says(reading: Reading) -> None:
    assert await reading.refusal() is None
    with clock.at(NOON + HOUR):
        assert await reading.refusal() == "token.expired"
