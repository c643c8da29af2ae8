"""Sessions: kept going by refresh tokens, seen and ended by their person alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from kit import clock
from kit.errors import Unavailable
from kit.tokens import TokenReader
from kit.viewer import GUEST, Bearer, Viewer
from models.members.session import RefreshToken, Session
from models.members.signing import MembersRecall
from resolvers.context import Context, Tools
from services.members.signing import news
from subgraphs.members import subgraph
from tests.factories import keys
from tests.factories import members as make
from tests.support.asking import data_of
from tests.support.moments import DAY, HOUR, MINUTE, NOON

pytestmark = pytest.mark.usefixtures("database", "noon")

ask = partial(data_of, subgraph)
SIGN_IN = """
mutation ($phone: String!, $password: String!) {
  signIn(input: { phone: $phone, password: $password, device: "my phone" }) {
    result { token expiresAt refreshToken refreshExpiresAt }
  }
}
"""
REFRESH = """
mutation ($token: String!) {
  refreshSession(input: { refreshToken: $token }) {
    result { token expiresAt refreshToken refreshExpiresAt member { id } }
    errors { __typename ... on UserError { code path } }
  }
}
"""
SESSIONS = """
{ sessions(first: 10) { totalCount edges { node { id device createdAt refreshedAt expiresAt isThis } } } }
"""
END = "mutation ($id: ID!) { endSession(id: $id) { result { at } errors { ... on UserError { code } } } }"
END_ALL = "mutation { endAllSessions { result { at } errors { ... on UserError { code } } } }"
REFUSED = {
    "result": None,
    "errors": [{"__typename": "RefreshRefused", "code": "refresh.refused", "path": ["input", "refreshToken"]}],
}
UNKNOWN = {"result": None, "errors": [{"code": "session.unknown"}]}


class Staff:
    """Mbr_lin is the tea shop's clerk, until somebody says otherwise."""

    def __init__(self) -> None:
        self.shops: Mapping[str, str] = {"shp_tea": "CLERK"}
        self.answers = True

    async def hats(self, member_id: str) -> Mapping[str, str]:
        if not self.answers:
            raise Unavailable("shops.silent", "shops do not answer")
        return self.shops


@pytest.fixture
async def staff(database: object, noon: None) -> Staff:
    await keys.signing_key()
    await make.member(id="mbr_lin")
    await make.credential("mbr_lin")
    return Staff()


def guest(staff: Staff) -> Context:
    return Context(GUEST, Tools(keys.keychain(), staff))


async def signed_in(staff: Staff) -> Any:
    signing = {"phone": make.PHONE, "password": make.PASSWORD}
    return (await ask(SIGN_IN, signing, guest(staff)))["signIn"]["result"]


async def refreshed(staff: Staff, token: str) -> Any:
    return (await ask(REFRESH, {"token": token}, guest(staff)))["refreshSession"]


async def bearer(token: str) -> Bearer:
    return TokenReader((await news(NOON)).keys, longest=DAY).read(token).bearer


async def test_a_refresh_brings_the_hats_of_now_in_the_same_session(staff: Staff) -> None:
    first = await signed_in(staff)
    assert first["refreshExpiresAt"] == "2026-11-29T04:00:00+00:00"
    staff.shops = {"shp_cup": "OWNER"}
    with clock.at(NOON + HOUR):
        second = (await refreshed(staff, first["refreshToken"]))["result"]
        worn = await bearer(second["token"])
    assert worn.hats.keys() == {"member", "shop:shp_cup"}
    assert worn.hats["member"].session_id == (await Session.get()).id
    assert second["expiresAt"] == "2026-11-22T05:05:00+00:00"
    assert second["refreshExpiresAt"] == first["refreshExpiresAt"]
    assert second["member"] == {"id": "mbr_lin"}
    assert second["refreshToken"] != first["refreshToken"]


async def test_no_token_outlives_its_session(staff: Staff) -> None:
    first = await signed_in(staff)
    with clock.at(NOON + 7 * DAY - MINUTE):
        second = (await refreshed(staff, first["refreshToken"]))["result"]
    assert second["expiresAt"] == first["refreshExpiresAt"]


async def test_a_token_that_comes_twice_ends_the_session_for_both(staff: Staff) -> None:
    first = await signed_in(staff)
    stolen = first["refreshToken"]
    second = (await refreshed(staff, stolen))["result"]
    assert await refreshed(staff, stolen) == REFUSED
    assert await refreshed(staff, second["refreshToken"]) == REFUSED
    session = await Session.get()
    assert session.revoked_at == NOON
    assert [recall.subject for recall in (await news(NOON - MINUTE)).recalls] == [session.id]


@pytest.mark.parametrize("token", ["", "none of ours", "x" * 100_000, "集市", "\0"])
async def test_what_is_no_refresh_token_is_refused_alike(staff: Staff, token: str) -> None:
    await signed_in(staff)
    assert await refreshed(staff, token) == REFUSED
    assert (await Session.get()).revoked_at is None


async def test_an_access_token_refreshes_nothing(staff: Staff) -> None:
    assert await refreshed(staff, (await signed_in(staff))["token"]) == REFUSED


async def test_while_shops_are_silent_no_token_is_used_up(staff: Staff) -> None:
    first = await signed_in(staff)
    staff.answers = False
    answer = await subgraph.answer(REFRESH, {"token": first["refreshToken"]}, guest(staff))
    assert answer.data == {"refreshSession": None}
    assert [error["extensions"]["code"] for error in answer.errors] == ["UNAVAILABLE"]
    assert (await RefreshToken.get()).used_at is None
    staff.answers = True
    assert (await refreshed(staff, first["refreshToken"]))["errors"] == []


async def sessions() -> None:
    """Three of lin's, one of them over and one ended; one of wang's."""
    for id_, person, ends, ended in (
        ("ses_1", "mbr_lin", NOON + DAY, None),
        ("ses_2", "mbr_lin", NOON + DAY, None),
        ("ses_3", "mbr_lin", NOON, None),
        ("ses_4", "mbr_lin", NOON + DAY, NOON),
        ("ses_5", "mbr_wang", NOON + DAY, None),
    ):
        columns = {"device": id_[-1], "created_at": NOON - DAY, "expires_at": ends, "revoked_at": ended}
        await Session.create(id=id_, member_id=person, **columns)


LIN = Viewer.member("mbr_lin", "ses_1")
LIN_AT_WORK = Viewer.shop_staff("mbr_lin", "shp_tea", "CLERK", "ses_1")


@pytest.mark.parametrize("viewer", [LIN, LIN_AT_WORK])
async def test_a_person_sees_where_they_are_signed_in_under_any_hat(viewer: Viewer) -> None:
    await sessions()
    listed = (await ask(SESSIONS, {}, Context(viewer)))["sessions"]
    assert listed["totalCount"] == 2
    one = {"createdAt": "2026-11-21T04:00:00+00:00", "refreshedAt": None, "expiresAt": "2026-11-23T04:00:00+00:00"}
    assert [edge["node"] for edge in listed["edges"]] == [
        {"id": "ses_2", "device": "2", **one, "isThis": False},
        {"id": "ses_1", "device": "1", **one, "isThis": True},
    ]


async def test_a_person_ends_one_of_their_own_sessions(staff: Staff) -> None:
    await sessions()
    for foreign in ("ses_5", "ses_none", "ses_3", "ses_4", ""):
        assert (await ask(END, {"id": foreign}, Context(LIN)))["endSession"] == UNKNOWN
    ended = (await ask(END, {"id": "ses_2"}, Context(LIN)))["endSession"]
    assert ended == {"result": {"at": "2026-11-22T04:00:00+00:00"}, "errors": []}
    assert {session.id for session in await Session.filter(revoked_at=None)} == {"ses_1", "ses_3", "ses_5"}
    assert [recall.subject for recall in await MembersRecall.all()] == ["ses_2"]


async def test_a_person_ends_all_of_their_sessions_and_nobody_elses() -> None:
    await sessions()
    assert (await ask(END_ALL, {}, Context(LIN_AT_WORK)))["endAllSessions"]["errors"] == []
    assert {session.id for session in await Session.filter(revoked_at=None)} == {"ses_3", "ses_5"}
    assert [recall.subject for recall in await MembersRecall.all()] == ["mbr_lin"]
    assert (await ask(END_ALL, {}, Context(LIN)))["endAllSessions"] == UNKNOWN
