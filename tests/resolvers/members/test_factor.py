"""Second factors: begun, confirmed, asked for, lost; and the platform's staff, who do not sign in without one."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from kit import clock
from kit.errors import Forbidden
from kit.hidden import Hidden
from kit.keychain import KeyOf
from kit.sealing import Spot
from kit.tokens import TokenReader
from kit.viewer import GUEST, Bearer, Viewer
from models.acts import Act
from models.audit import trail_of
from models.base import unit_of_work
from models.members.factor import RecoveryCode, SecondFactor
from models.members.session import Session
from models.members.staff import PlatformStaff
from models.states import PlatformRole
from resolvers.context import Context, Tools
from services.members import platform
from services.members.privacy.keys import data_key
from services.members.signing import news
from subgraphs.members import subgraph
from tests.factories import keys
from tests.factories import members as make
from tests.support.asking import data_of
from tests.support.moments import DAY, HOUR, MINUTE, NOON

pytestmark = pytest.mark.usefixtures("noon")

ask = partial(data_of, subgraph)
ERRORS = "errors { __typename ... on UserError { code } }"
SIGN_IN = f"""
mutation ($password: String!, $code: String) {{
  signIn(input: {{ phone: "{make.PHONE}", password: $password, code: $code }}) {{ result {{ token }} {ERRORS} }}
}}
"""
TO_PLATFORM = f"""
mutation ($login: String!, $password: String!, $code: String!) {{
  signInToPlatform(input: {{ login: $login, password: $password, code: $code }}) {{
    result {{ token refreshToken refreshExpiresAt member {{ id }} }} {ERRORS}
  }}
}}
"""
ENROL = (
    f"mutation ($code: String) {{ enrolSecondFactor(input: {{ code: $code }}) {{ result {{ id secret }} {ERRORS} }} }}"
)
CONFIRM = f"""
mutation ($id: ID!, $code: String!) {{
  confirmSecondFactor(input: {{ factorId: $id, code: $code }}) {{ result {{ recoveryCodes }} {ERRORS} }}
}}
"""
ACTIVATE = f"""
mutation ($login: String!, $code: String!, $password: String!) {{
  activatePlatformStaff(input: {{ login: $login, activationCode: $code, password: $password }}) {{
    result {{ factor {{ secret uri }} recoveryCodes }} {ERRORS}
  }}
}}
"""
REFRESH = f"""
mutation ($token: String!) {{ refreshSession(input: {{ refreshToken: $token }}) {{ result {{ token }} {ERRORS} }} }}
"""
LIN = Viewer.member("mbr_lin", "ses_lin")
LONG = "a password of mine"


def error(type_: str, code: str) -> list[dict[str, str]]:
    return [{"__typename": type_, "code": code}]


WRONG = error("WrongCredentials", "credentials.wrong")
REFUSED = error("CodeRefused", "factor.code")


@pytest.fixture(autouse=True)
async def tools(database: object, noon: None) -> Tools:
    await keys.signing_key()
    await make.member(id="mbr_lin")
    await make.credential("mbr_lin")
    return Tools(keys.keychain())


async def asked(name: str, text: str, tools: Tools, viewer: Viewer = GUEST, **variables: Any) -> Any:
    return (await ask(text, variables, Context(viewer, tools)))[name]


async def sign_in(tools: Tools, code: str | None = None, password: str = make.PASSWORD) -> Any:
    return await asked("signIn", SIGN_IN, tools, password=password, code=code)


async def with_factor(tools: Tools) -> list[str]:
    """Lin has a second factor from now on; the recovery codes."""
    begun = (await asked("enrolSecondFactor", ENROL, tools, LIN))["result"]
    code = make.code_now(begun["secret"], later=-1)
    confirmed = await asked("confirmSecondFactor", CONFIRM, tools, LIN, id=begun["id"], code=code)
    codes: list[str] = confirmed["result"]["recoveryCodes"]
    return codes


async def secret_of(person_id: str = "mbr_lin") -> str:
    """What the person's app knows."""
    factor = await SecondFactor.get(member_id=person_id)
    key = await keys.person(person_id)
    assert factor.secret_sealed
    return key.open(factor.secret_sealed, Spot(person_id, "second_factor", "secret_sealed", factor.id)).reveal()


async def test_until_it_is_confirmed_nobody_asks_for_it(tools: Tools) -> None:
    begun = (await asked("enrolSecondFactor", ENROL, tools, LIN))["result"]
    assert (await sign_in(tools))["errors"] == []
    wrong = make.code_now(begun["secret"], later=5)
    assert (await asked("confirmSecondFactor", CONFIRM, tools, LIN, id=begun["id"], code=wrong))["errors"] == REFUSED
    assert (await sign_in(tools))["errors"] == []


async def test_a_confirmed_one_is_asked_for_and_each_code_works_once(tools: Tools) -> None:
    assert len(await with_factor(tools)) == 10
    secret = await secret_of()
    assert (await sign_in(tools))["errors"] == error("SecondFactorNeeded", "factor.needed")
    assert (await sign_in(tools, make.code_now(secret, later=7)))["errors"] == WRONG
    code = make.code_now(secret)
    assert (await sign_in(tools, code, "wrong"))["errors"] == WRONG
    assert (await sign_in(tools, code))["errors"] == []
    assert (await sign_in(tools, code))["errors"] == WRONG
    with clock.at(NOON + MINUTE):
        assert (await sign_in(tools, make.code_now(secret)))["errors"] == []
    assert await Session.all().count() == 2


async def test_guesses_of_a_code_are_counted_as_those_of_a_password(tools: Tools) -> None:
    await with_factor(tools)
    told = [(await sign_in(tools, f"{number:06}"))["errors"][0]["__typename"] for number in range(6)]
    assert told == ["WrongCredentials"] * 5 + ["LockedOut"]


async def test_a_recovery_code_works_once(tools: Tools) -> None:
    codes = await with_factor(tools)
    assert (await sign_in(tools, codes[0].upper()))["errors"] == []
    assert (await sign_in(tools, codes[0]))["errors"] == WRONG
    assert await RecoveryCode.filter(used_at=None).count() == 9
    assert await trail_of("members").filter(act=Act.RECOVERY_CODE_USED).count() == 1
    kept = str(await RecoveryCode.all().values())
    assert not any(code in kept for code in codes)


async def test_with_a_stolen_token_nobody_puts_another_factor_in_its_place(tools: Tools) -> None:
    await with_factor(tools)
    secret = await secret_of()
    for code in (None, "000000"):
        assert (await asked("enrolSecondFactor", ENROL, tools, LIN, code=code))["errors"] == REFUSED
    assert await SecondFactor.all().count() == 1
    answer = await asked("enrolSecondFactor", ENROL, tools, LIN, code=make.code_now(secret))
    confirming = {"id": answer["result"]["id"], "code": make.code_now(answer["result"]["secret"])}
    assert (await asked("confirmSecondFactor", CONFIRM, tools, LIN, **confirming))["errors"] == []
    assert [factor.id for factor in await SecondFactor.all()] == [answer["result"]["id"]]


async def test_nobody_confirms_anothers_factor(tools: Tools) -> None:
    begun = (await asked("enrolSecondFactor", ENROL, tools, LIN))["result"]
    wang = {"id": begun["id"], "code": make.code_now(begun["secret"])}
    viewer = Viewer.member("mbr_wang")
    assert (await asked("confirmSecondFactor", CONFIRM, tools, viewer, **wang))["errors"] == REFUSED
    assert (await SecondFactor.get()).confirmed_at is None


async def test_secrets_are_sealed(tools: Tools) -> None:
    begun = (await asked("enrolSecondFactor", ENROL, tools, LIN))["result"]
    assert begun["secret"] not in str(await SecondFactor.all().values())


async def to_platform(tools: Tools, code: str, password: str = make.PASSWORD, login: str = "shen") -> Any:
    return await asked("signInToPlatform", TO_PLATFORM, tools, login=login, password=password, code=code)


async def test_staff_sign_in_for_a_shift_with_their_office_and_no_other_hat(tools: Tools) -> None:
    await make.platform_staff(id="pst_shen")
    signed = (await to_platform(tools, make.code_now()))["result"]
    assert signed["member"] is None
    assert signed["refreshExpiresAt"] == "2026-11-22T16:00:00+00:00"
    bearer = TokenReader((await news(NOON)).keys, longest=DAY).read(signed["token"]).bearer
    session = await Session.get()
    assert bearer == Bearer.of(Viewer.platform_staff("pst_shen", "SECURITY", session.id))
    [row] = await trail_of("members").all()
    assert (row.act, row.viewer_id, row.hat) == (Act.SESSION_OPENED, "pst_shen", "platform:SECURITY")


@pytest.mark.parametrize(
    ("login", "password", "code"),
    [("shen", "wrong", None), ("shen", make.PASSWORD, "000000"), ("nobody", make.PASSWORD, None), ("shen", "", "")],
)
async def test_without_login_password_and_code_nobody_signs_in_to_the_platform(
    tools: Tools, login: str, password: str, code: str | None
) -> None:
    await make.platform_staff(id="pst_shen")
    answer = await to_platform(tools, make.code_now() if code is None else code, password, login)
    assert answer == {"result": None, "errors": WRONG}


async def test_staff_who_lost_their_factor_do_not_sign_in_by_password_alone(tools: Tools) -> None:
    await make.platform_staff(id="pst_shen")
    await SecondFactor.all().delete()
    assert (await to_platform(tools, ""))["errors"] == WRONG


async def test_who_has_ended_neither_signs_in_nor_stays(tools: Tools) -> None:
    await make.platform_staff(id="pst_shen")
    signed = (await to_platform(tools, make.code_now()))["result"]
    by = Viewer.platform_staff("pst_gu", "SECURITY")
    async with unit_of_work("members"):
        await platform.end("shen", by=by)
    assert (await asked("refreshSession", REFRESH, tools, token=signed["refreshToken"]))["result"] is None
    with clock.at(NOON + HOUR):
        assert (await to_platform(tools, make.code_now()))["errors"] == WRONG
    assert [recall.subject for recall in (await news(NOON - MINUTE)).recalls] == ["pst_shen"]


async def invited(tools: Tools) -> str:
    """An activation code of an auditor."""
    newcomer = platform.Newcomer("pst_gu", Hidden("顾宁"), Hidden("110101199003070000"), "gu", PlatformRole.AUDITOR)
    key = await data_key(tools.keys(), KeyOf("pst_gu"))
    async with unit_of_work("members"):
        return await platform.add(newcomer, key, by=Viewer.platform_staff("pst_shen", "SECURITY"))


async def test_who_is_added_chooses_a_password_and_is_told_a_factor_once(tools: Tools) -> None:
    code = await invited(tools)
    made = (await asked("activatePlatformStaff", ACTIVATE, tools, login="gu", code=code, password=LONG))["result"]
    assert len(made["recoveryCodes"]) == 10
    assert made["factor"]["uri"].startswith("otpauth://totp/jishi%3Agu?")
    signed = await to_platform(tools, make.code_now(made["factor"]["secret"]), LONG, "gu")
    assert signed["errors"] == []
    again = await asked("activatePlatformStaff", ACTIVATE, tools, login="gu", code=code, password=LONG)
    assert again["errors"] == error("ActivationRefused", "activation.refused")


async def test_an_activation_needs_its_code_in_time_and_a_long_password(tools: Tools) -> None:
    code = await invited(tools)
    for login, given in (("gu", "none"), ("nobody", code)):
        answer = await asked("activatePlatformStaff", ACTIVATE, tools, login=login, code=given, password=LONG)
        assert answer["errors"] == error("ActivationRefused", "activation.refused")
    short = await asked("activatePlatformStaff", ACTIVATE, tools, login="gu", code=code, password="eleven char")
    assert short["errors"] == error("PasswordTooShort", "password.short")
    with clock.at(NOON + DAY):
        late = await asked("activatePlatformStaff", ACTIVATE, tools, login="gu", code=code, password=LONG)
    assert late["errors"] == error("ActivationRefused", "activation.refused")
    assert (await PlatformStaff.get()).secret is None


async def test_who_lost_their_factor_chooses_anew_and_nothing_of_before_works(tools: Tools) -> None:
    await make.platform_staff(id="pst_shen")
    signed = (await to_platform(tools, make.code_now()))["result"]
    async with unit_of_work("members"):
        code = await platform.invite_again("shen", by=Viewer.platform_staff("pst_gu", "SECURITY"))
    assert (await asked("refreshSession", REFRESH, tools, token=signed["refreshToken"]))["result"] is None
    assert [recall.subject for recall in (await news(NOON - MINUTE)).recalls] == ["pst_shen"]
    with clock.at(NOON + HOUR):
        assert (await to_platform(tools, make.code_now()))["errors"] == WRONG
        made = (await asked("activatePlatformStaff", ACTIVATE, tools, login="shen", code=code, password=LONG))["result"]
        assert (await to_platform(tools, make.code_now(), LONG))["errors"] == WRONG, "the app of before"
        assert (await to_platform(tools, make.code_now(made["factor"]["secret"]), LONG))["errors"] == []
    [row] = await trail_of("members").filter(act=Act.STAFF_INVITED_AGAIN)
    assert (row.viewer_id, row.object_id) == ("pst_gu", "pst_shen")


async def test_a_lost_activation_code_is_replaced_by_another(tools: Tools) -> None:
    lost = await invited(tools)
    async with unit_of_work("members"):
        code = await platform.invite_again("gu", by=Viewer.platform_staff("pst_shen", "SECURITY"))
    answers = [
        await asked("activatePlatformStaff", ACTIVATE, tools, login="gu", code=given, password=LONG)
        for given in (lost, code)
    ]
    assert [answer["result"] is None for answer in answers] == [True, False]


@pytest.mark.parametrize(("by", "role"), [("pst_shen", "SECURITY"), ("pst_op", "OPERATOR"), ("pst_au", "AUDITOR")])
async def test_only_another_security_administrator_lets_somebody_choose_anew(tools: Tools, by: str, role: str) -> None:
    await make.platform_staff(id="pst_shen")
    with pytest.raises(Forbidden):
        async with unit_of_work("members"):
            await platform.invite_again("shen", by=Viewer.platform_staff(by, role))
    assert (await to_platform(tools, make.code_now()))["errors"] == []
