"""A mutation that is a sensitive act leaves exactly one record when it succeeds, and none when it is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Any

import pytest

from kit.jws import encoded
from kit.sealing import Spot
from kit.settings import DOMAINS
from kit.viewer import GUEST, Viewer
from models.acts import Act
from models.audit import trail_of
from models.members.session import Session
from models.orders.oversight import OversightCase
from resolvers.context import Context, Tools
from schema.access import AUDITS
from subgraphs.mall import SUBGRAPHS
from tests.factories import keys
from tests.factories import members as make
from tests.factories.ids import fresh
from tests.support.moments import DAY, NOON

ROUTINE = {
    "addAddress": "a member's own address book",
    "changeAddress": "a member's own address book",
    "removeAddress": "a member's own address book",
    "changeProfile": "how a member wants to be seen",
    "publishNote": "a member's own words, withdrawn by their own row",
    "enrolSecondFactor": "nothing is asked for until it is confirmed, which is on record",
    "refreshSession": "follows from a session that is on record; a token that comes twice is recorded",
    "recordViewing": "what a member looks at, which nobody else learns",
    "takeCoupon": "a coupon says itself who took it and when",
}
"""Mutations that leave no record, and why. A mutation that is neither here nor declared fails a test."""


def declared() -> dict[str, tuple[str, Act]]:
    """Mutation -> its subgraph and the act that it says it is."""
    found = {}
    for name, subgraph in SUBGRAPHS.items():
        mutations = subgraph.schema._schema.mutation_type
        for field_name, field in mutations.fields.items() if mutations else ():
            act = field.extensions["strawberry-definition"].metadata[AUDITS]
            if act:
                found[field_name] = (name, act)
    return found


def mutations() -> set[str]:
    kinds = [subgraph.schema._schema.mutation_type for subgraph in SUBGRAPHS.values()]
    return {name for kind in kinds if kind for name in kind.fields}


async def run(subgraph: str, text: str, viewer: Viewer, **variables: Any) -> Any:
    tools = Tools(keys.keychain())
    answer = await SUBGRAPHS[subgraph].answer(text, variables, Context(viewer, tools))
    assert answer.errors == []
    assert answer.data
    return answer.data


SIGN_IN = "mutation ($password: String!) { signIn(input: {phone: %s, password: $password}) { errors { __typename } } }"


async def sign_in(password: str = make.PASSWORD) -> Any:
    await make.member(id="mbr_lin")
    await make.credential("mbr_lin")
    await keys.signing_key()
    return await run("members", SIGN_IN % f'"{make.PHONE}"', GUEST, password=password)


async def end(mutation: str, member_id: str = "mbr_lin") -> Any:
    """End the session of mbr_lin, or all of them."""
    await Session.create(id="ses_lin", member_id="mbr_lin", created_at=NOON, expires_at=NOON + DAY)
    text = f"mutation {{ {mutation} {{ errors {{ __typename }} }} }}"
    return await run("members", text, Viewer.member(member_id, "ses_lin"))


async def to_platform(code: str | None = None) -> Any:
    await make.platform_staff(id="pst_shen")
    await keys.hash_key()
    await keys.signing_key()
    text = """mutation ($password: String!, $code: String!) {
      signInToPlatform(input: { login: "shen", password: $password, code: $code }) { errors { __typename } }
    }"""
    given = {"password": make.PASSWORD, "code": make.code_now() if code is None else code}
    return await run("members", text, GUEST, **given)


async def confirm(code: str | None = None) -> Any:
    await make.second_factor("mbr_lin", id="fct_lin", confirmed_at=None)
    text = """mutation ($code: String!) {
      confirmSecondFactor(input: { factorId: "fct_lin", code: $code }) { errors { __typename } }
    }"""
    return await run("members", text, Viewer.member("mbr_lin"), code=make.code_now() if code is None else code)


async def activate(code: str = "the code") -> Any:
    await keys.hash_key()
    hashed = encoded(sha256(b"the code").digest())
    await make.platform_staff(id="pst_gu", secret=None, activation_hash=hashed, activation_until=NOON + DAY)
    text = """mutation ($code: String!) {
      activatePlatformStaff(input: { login: "gu", activationCode: $code, password: "a password of mine" }) {
        errors { __typename }
      }
    }"""
    return await run("members", text, GUEST, code=code)


RISK, SECURITY = Viewer.platform_staff("mbr_risk", "RISK"), Viewer.platform_staff("mbr_guard", "SECURITY")
OPEN_CASE = """
mutation ($shop: ID!, $hours: Int!) {
  openOversightCase(input: {shopId: $shop, reason: "complaints about fakes", fields: [LINES], hours: $hours}) {
    errors { __typename }
  }
}
"""


async def open_case(hours: int = 2) -> Any:
    return await run("orders", OPEN_CASE, RISK, shop=fresh("shp"), hours=hours)


async def decide_case(mutation: str, viewer: Viewer, id_: str = "cas_1") -> Any:
    """Approve or close a case that stands there already."""
    columns = {"reason": "complaints about fakes", "fields_asked": ["LINES"], "hours": 2, "opened_by": "mbr_risk"}
    await OversightCase.create(id="cas_1", shop_id="shp_tea", opened_at=NOON, **columns)
    return await run(
        "orders", f"mutation ($id: ID!) {{ {mutation}(id: $id) {{ errors {{ __typename }} }} }}", viewer, id=id_
    )


LIN = Viewer.member("mbr_lin")


async def as_lin(mutation: str, given: str = "", *, consents: bool = False, asked: int | None = None) -> Any:
    """A mutation of a member with an address, whose copy of data was asked for `asked` days ago."""
    await make.member(id="mbr_lin")
    await make.credential("mbr_lin")
    await make.address("mbr_lin", id="adr_lin")
    if consents:
        await make.consent("mbr_lin")
    if asked is not None:
        sealed = await keys.sealed("{}", Spot("mbr_lin", "export", "archive_sealed", "exp_lin"))
        at = NOON - asked * DAY
        await make.export("mbr_lin", id="exp_lin", asked_at=at, ready_at=at, taken_at=None, archive_sealed=sealed)
    text = f"mutation {{ {mutation}{f'(input: {{{given}}})' if given else ''} {{ errors {{ __typename }} }} }}"
    return await run("members", text, LIN)


def said(password: str, more: str = "") -> str:
    return f'password: "{password}"{more}'


TAKEN = ', exportId: "exp_lin"'
Call = Callable[[], Awaitable[Any]]
SUCCEEDS: Mapping[str, Call] = {
    "signIn": sign_in,
    "signOut": lambda: end("signOut"),
    "signInToPlatform": to_platform,
    "confirmSecondFactor": confirm,
    "activatePlatformStaff": activate,
    "endSession": lambda: end('endSession(id: "ses_lin")'),
    "endAllSessions": lambda: end("endAllSessions"),
    "openOversightCase": open_case,
    "approveOversightCase": lambda: decide_case("approveOversightCase", SECURITY),
    "closeOversightCase": lambda: decide_case("closeOversightCase", RISK),
    "revealAddress": lambda: as_lin("revealAddress", 'addressId: "adr_lin", purpose: OWN_USE'),
    "revealMember": lambda: as_lin("revealMember", 'memberId: "mbr_lin", purpose: OWN_USE'),
    "giveConsent": lambda: as_lin("giveConsent", "purpose: MARKETING, version: 1"),
    "withdrawConsent": lambda: as_lin("withdrawConsent", "purpose: MARKETING", consents=True),
    "exportMyData": lambda: as_lin("exportMyData", asked=2),
    "takeMyExport": lambda: as_lin("takeMyExport", said(make.PASSWORD, TAKEN), asked=2),
    "eraseMe": lambda: as_lin("eraseMe", said(make.PASSWORD)),
}
"""For each sensitive mutation a call that succeeds."""
REFUSED: Mapping[str, Call] = {
    "signIn": lambda: sign_in("wrong"),
    "signOut": lambda: end("signOut", "mbr_wang"),
    "signInToPlatform": lambda: to_platform("000000"),
    "confirmSecondFactor": lambda: confirm("000000"),
    "activatePlatformStaff": lambda: activate("another code"),
    "endSession": lambda: end('endSession(id: "ses_lin")', "mbr_wang"),
    "endAllSessions": lambda: end("endAllSessions", "mbr_wang"),
    "openOversightCase": lambda: open_case(0),
    "approveOversightCase": lambda: decide_case("approveOversightCase", SECURITY, "cas_2"),
    "closeOversightCase": lambda: decide_case("closeOversightCase", RISK, "cas_2"),
    "revealAddress": lambda: as_lin("revealAddress", 'addressId: "adr_none", purpose: OWN_USE'),
    "revealMember": lambda: as_lin("revealMember", 'memberId: "mbr_none", purpose: OWN_USE'),
    "giveConsent": lambda: as_lin("giveConsent", "purpose: MARKETING, version: 7"),
    "withdrawConsent": lambda: as_lin("withdrawConsent", "purpose: MARKETING"),
    "exportMyData": lambda: as_lin("exportMyData", asked=0),
    "takeMyExport": lambda: as_lin("takeMyExport", said("guess", TAKEN), asked=2),
    "eraseMe": lambda: as_lin("eraseMe", said("guess")),
}


async def trail() -> list[tuple[str, str]]:
    """Domain and act of every record."""
    return [(domain, row.act) for domain in DOMAINS for row in await trail_of(domain).all()]


def test_every_mutation_says_what_act_it_is_or_is_routine() -> None:
    assert mutations() == declared().keys() | ROUTINE.keys()
    assert not declared().keys() & ROUTINE.keys()


def test_every_sensitive_mutation_is_tried() -> None:
    assert declared().keys() == SUCCEEDS.keys() == REFUSED.keys()


@pytest.mark.usefixtures("database", "noon")
@pytest.mark.parametrize("name", SUCCEEDS)
async def test_success_leaves_one_record(name: str) -> None:
    answer = await SUCCEEDS[name]()
    assert answer[name]["errors"] == []
    domain, act = declared()[name]
    assert await trail() == [(domain, act.value)]


@pytest.mark.usefixtures("database", "noon")
@pytest.mark.parametrize("name", REFUSED)
async def test_a_refusal_leaves_none(name: str) -> None:
    answer = await REFUSED[name]()
    assert answer[name]["errors"] != []
    assert await trail() == []


@pytest.mark.usefixtures("database", "noon")
async def test_a_credential_that_locks_is_recorded_once() -> None:
    await sign_in("wrong")
    for _ in range(6):
        await run("members", SIGN_IN % f'"{make.PHONE}"', GUEST, password="wrong")
    assert await trail() == [("members", Act.CREDENTIAL_LOCKED.value)]
