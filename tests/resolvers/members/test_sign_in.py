"""Signing in and out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from kit import clock
from kit.errors import Unavailable
from kit.tokens import TokenReader
from kit.viewer import GUEST, Bearer, Viewer
from models.members.session import Session
from resolvers.context import Context, Tools
from services.members.signing import news
from subgraphs.answers import Answer
from subgraphs.members import subgraph
from tests.factories import keys
from tests.factories import members as make
from tests.support.moments import DAY, MINUTE, NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")

SIGN_IN = """
mutation ($phone: String!, $password: String!) {
  signIn(input: { phone: $phone, password: $password }) {
    result { token expiresAt member { id nickname phone } }
    errors { __typename ... on UserError { code path } ... on LockedOut { until } }
    warnings { code }
  }
}
"""
SIGN_OUT = "mutation { signOut { result { at } errors { __typename ... on UserError { code } } } }"
WRONG = {"__typename": "WrongCredentials", "code": "credentials.wrong", "path": ["input"]}


class Staff:
    """Mbr_lin is the tea shop's clerk."""

    async def hats(self, member_id: str) -> Mapping[str, str]:
        return {"shp_tea": "CLERK"} if member_id == "mbr_lin" else {}


class AbsentStaff:
    async def hats(self, member_id: str) -> Mapping[str, str]:
        raise Unavailable("shops.silent", "shops do not answer")


@pytest.fixture
def tools() -> Tools:
    return Tools(keys.keychain(), Staff())


@pytest.fixture(autouse=True)
async def key(database: object, noon: None) -> None:
    await keys.signing_key()


async def read(token: str) -> Bearer:
    """Whom a token of this test names."""
    return TokenReader((await news(NOON)).keys, longest=DAY).read(token).bearer


async def asked(
    tools: Tools, phone: str = make.PHONE, password: str = make.PASSWORD, address: str = "192.0.2.1"
) -> Answer:
    return await subgraph.answer(
        SIGN_IN, {"phone": phone, "password": password}, Context(GUEST, tools, address=address)
    )


async def sign_in(
    tools: Tools, phone: str = make.PHONE, password: str = make.PASSWORD, address: str = "192.0.2.1"
) -> Any:
    answer = await asked(tools, phone, password, address)
    assert answer.errors == [] or answer.errors[0]["path"] == ["signIn", "result", "member", "phone"]
    assert answer.data is not None
    return answer.data["signIn"]


async def lin() -> None:
    await make.member(id="mbr_lin")
    await make.credential("mbr_lin")


async def test_the_right_password_signs_in_with_all_hats(tools: Tools) -> None:
    await lin()
    signed = await sign_in(tools)
    session = await Session.get()
    assert signed["errors"] == signed["warnings"] == []
    assert signed["result"]["member"]["id"] == "mbr_lin"
    assert signed["result"]["expiresAt"] == "2026-11-22T04:05:00+00:00"
    assert (session.member_id, session.expires_at, session.revoked_at) == ("mbr_lin", NOON + 7 * DAY, None)
    assert await read(signed["result"]["token"]) == Bearer.of(
        Viewer.member("mbr_lin", session.id), Viewer.shop_staff("mbr_lin", "shp_tea", "CLERK", session.id)
    )


async def test_a_wrong_password_and_an_unknown_phone_answer_alike(tools: Tools) -> None:
    await lin()
    wrong = {"result": None, "errors": [WRONG], "warnings": []}
    assert await sign_in(tools, password="wrong") == wrong
    assert await sign_in(tools, phone="13900000000") == wrong
    assert await sign_in(tools, phone="", password="") == wrong
    assert await Session.all().count() == 0


async def test_five_wrong_passwords_shut_their_place_out_for_a_quarter_of_an_hour(tools: Tools) -> None:
    await lin()
    for _ in range(5):
        assert (await sign_in(tools, password="wrong"))["errors"] == [WRONG]
    locked = (await sign_in(tools))["errors"]
    assert [(error["code"], error["path"]) for error in locked] == [("credentials.locked", ["input"])]
    assert locked[0]["until"] == "2026-11-22T04:15:00+00:00"
    assert (await sign_in(tools, address="198.51.100.7"))["errors"] == []
    with clock.at(NOON + 15 * MINUTE - timedelta(seconds=1)):
        assert (await sign_in(tools))["errors"][0]["__typename"] == "LockedOut"
    with clock.at(NOON + 15 * MINUTE):
        assert (await sign_in(tools))["errors"] == []


@pytest.mark.parametrize("tries", [1, 5, 6, 7])
async def test_nobody_learns_whether_a_number_has_an_account(tries: int) -> None:
    """Neither by what is answered nor by the statements that it takes."""
    await lin()
    told = []
    for phone, address in (("13900000000", "192.0.2.9"), (make.PHONE, "192.0.2.1"), ("13900000001", "192.0.2.2")):
        for _ in range(tries):
            with counted_statements() as statements:
                remembers_nothing = Tools(keys.keychain(), Staff())
                answer = await asked(remembers_nothing, phone, "wrong", address)
        told.append((answer, statements.texts))
    assert told[1] == told[2]


async def test_a_right_password_forgets_the_failures(tools: Tools) -> None:
    await lin()
    for _ in range(2):
        for _ in range(4):
            assert (await sign_in(tools, password="wrong"))["errors"] == [WRONG]
        assert (await sign_in(tools))["errors"] == []


async def test_guesses_at_once_are_no_more_than_five(tools: Tools) -> None:
    await lin()
    answers = await asyncio.gather(*(sign_in(tools, password=f"guess {n}") for n in range(20)))
    refusals = [error["__typename"] for answer in answers for error in answer["errors"]]
    assert sorted(refusals) == ["LockedOut"] * 15 + ["WrongCredentials"] * 5


async def test_where_no_tokens_are_signed_nobody_signs_in() -> None:
    await lin()
    answer = await asked(Tools())
    assert answer.data == {"signIn": None}
    assert [error["extensions"] for error in answer.errors] == [{"code": "UNAVAILABLE", "reason": "keys.closed"}]


async def test_while_shops_are_silent_nobody_signs_in(tools: Tools) -> None:
    await lin()
    answer = await asked(Tools(tools.keychain, AbsentStaff()))
    assert answer.data == {"signIn": None}
    assert [error["extensions"]["code"] for error in answer.errors] == ["UNAVAILABLE"]
    assert await Session.all().count() == 0


async def test_without_a_staff_book_there_are_no_shop_hats(tools: Tools) -> None:
    await lin()
    signed = await sign_in(Tools(tools.keychain))
    assert (await read(signed["result"]["token"])).hats.keys() == {"member"}


async def sign_out(viewer: Viewer) -> Any:
    answer = await subgraph.answer(SIGN_OUT, {}, Context(viewer))
    assert answer.errors == []
    assert answer.data is not None
    return answer.data["signOut"]


async def test_signing_out_ends_the_tokens_session_and_no_other(tools: Tools) -> None:
    await lin()
    tokens = [(await sign_in(tools))["result"]["token"] for _ in range(2)]
    viewer = (await read(tokens[0])).wearing("shop:shp_tea")
    assert (await sign_out(viewer))["errors"] == []
    sessions = {session.id: session.revoked_at for session in await Session.all()}
    assert sessions.pop(viewer.session_id or "") == NOON
    assert list(sessions.values()) == [None]
    unknown = {"result": None, "errors": [{"__typename": "SessionUnknown", "code": "session.unknown"}]}
    assert await sign_out(viewer) == unknown


async def test_nobody_ends_anothers_session(tools: Tools) -> None:
    await lin()
    await sign_in(tools)
    session = await Session.get()
    unknown = {"result": None, "errors": [{"__typename": "SessionUnknown", "code": "session.unknown"}]}
    for viewer in (Viewer.member("mbr_wang", session.id), Viewer.member("mbr_lin")):
        assert await sign_out(viewer) == unknown
    assert (await Session.get()).revoked_at is None
