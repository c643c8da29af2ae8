"""Seeing in full, consents, exports and erasure, as a member asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from jobs import exports
from kit import clock
from kit.keychain import KeyOf
from kit.ports import StaffBook
from kit.viewer import GUEST, Viewer
from models import personal
from models.acts import Act
from models.members.account import Address, Member, Membership, Viewing
from models.members.audit import MembersAudit
from models.members.news import MembersOutbox
from models.members.privacy import Consent, Erasure, Export, PersonKey
from models.members.session import Credential, Session
from models.members.signing import MembersRecall
from models.repeating import TRIES, Undone
from models.states import RevealPurpose
from resolvers.context import Context, Tools
from services.events import ExportAsked, PersonErased, fact_of
from services.members.privacy import erasure
from services.members.privacy.purposes import PURPOSES
from subgraphs.members import subgraph
from tests.factories import keys
from tests.factories import members as make
from tests.support.asking import data_of, refused_by
from tests.support.moments import DAY, NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")

LIN = Viewer.member("mbr_lin", "ses_lin")
WANG = Viewer.member("mbr_wang")
MADE_AT = "2026-11-22T04:00:00+00:00"
ERRORS = "errors { __typename ... on UserError { code path } }"


class Staff(StaffBook):
    """The clerk works in a tea shop."""

    async def hats(self, member_id: str) -> Mapping[str, str]:
        return {"shp_tea": "CLERK"} if member_id == "mbr_clerk" else {}


@pytest.fixture
def tools() -> Tools:
    return Tools(keychain=keys.keychain(), staff=Staff())


async def ask(query: str, variables: dict[str, Any], tools: Tools, viewer: Viewer = LIN) -> Any:
    data = await data_of(subgraph, query, variables, Context(viewer, tools))
    (answer,) = data.values()
    return answer


async def acts() -> list[tuple[str, str | None, str, str]]:
    """What the trail holds: act, who, upon what, why."""
    return [(row.act, row.viewer_id, row.object_id, row.reason) for row in await MembersAudit.all().order_by("id")]


REVEAL = f"""
mutation ($id: ID!, $purpose: RevealPurpose!) {{
  revealAddress(input: {{ addressId: $id, purpose: $purpose }}) {{
    result {{ id street receiver phone place {{ latitude longitude }} }} {ERRORS}
  }}
}}
"""


@pytest.mark.parametrize("purpose", RevealPurpose)
async def test_an_address_is_shown_in_full_to_its_member_and_on_record(purpose: RevealPurpose, tools: Tools) -> None:
    address = await make.address("mbr_lin")
    answer = await ask(REVEAL, {"id": address.id, "purpose": purpose.value}, tools)
    assert answer == {
        "result": {
            "id": address.id,
            "street": "南京西路 1266 号 3 楼",
            "receiver": "林晓",
            "phone": make.PHONE,
            "place": {"latitude": 31.2304, "longitude": 121.4737},
        },
        "errors": [],
    }
    assert await acts() == [(Act.ADDRESS_REVEALED, "mbr_lin", address.id, purpose.value)]


async def test_anothers_address_is_as_unknown_as_none_and_costs_as_much(tools: Tools) -> None:
    hers = await make.address("mbr_wang")
    seen = []
    for id_ in (hers.id, "adr_none"):
        with counted_statements() as statements:
            answer = await ask(REVEAL, {"id": id_, "purpose": "OWN_USE"}, tools)
        seen.append((answer, statements.texts))
    unknown = {"__typename": "AddressUnknown", "code": "address.unknown", "path": ["input", "addressId"]}
    assert seen[0] == seen[1]
    assert seen[0][0] == {"result": None, "errors": [unknown]}
    assert await acts() == []


REVEAL_MEMBER = f"""
mutation ($id: ID!) {{
  revealMember(input: {{ memberId: $id, purpose: OWN_USE }}) {{ result {{ id phone }} {ERRORS} }}
}}
"""


async def test_a_member_sees_their_own_telephone_in_full_and_nobody_elses(tools: Tools) -> None:
    await make.member(id="mbr_lin")
    await make.member(id="mbr_wang", phone="13900000000")
    answer = await ask(REVEAL_MEMBER, {"id": "mbr_lin"}, tools)
    assert answer == {"result": {"id": "mbr_lin", "phone": make.PHONE}, "errors": []}
    unknown = {"__typename": "MemberUnknown", "code": "member.unknown", "path": ["input", "memberId"]}
    for id_ in ("mbr_wang", "mbr_none"):
        assert await ask(REVEAL_MEMBER, {"id": id_}, tools) == {"result": None, "errors": [unknown]}
    assert await acts() == [(Act.MEMBER_REVEALED, "mbr_lin", "mbr_lin", "OWN_USE")]


async def test_nobody_but_members_sees_anything_in_full(tools: Tools) -> None:
    address = await make.address("mbr_lin")
    for viewer in (
        GUEST,
        Viewer.shop_staff("mbr_lin", "shp_tea", "OWNER"),
        Viewer.platform_staff("mbr_lin", "OPERATOR"),
        Viewer.service("keys"),
    ):
        asked = {"id": address.id, "purpose": "OWN_USE"}
        data, told = await refused_by(subgraph, REVEAL, asked, Context(viewer, tools))
        assert (data, told) == ({"revealAddress": None}, [("FORBIDDEN", "field.closed", "revealAddress")])


async def test_what_data_is_processed_for_can_be_read_by_everybody(tools: Tools) -> None:
    query = "{ processingPurposes { purpose version says data basis law kept needsConsent } }"
    listed = await ask(query, {}, tools, GUEST)
    assert [one["purpose"] for one in listed] == [one.purpose.value for one in PURPOSES]
    assert {one["purpose"] for one in listed if one["needsConsent"]} == {"RECOMMENDATION", "MARKETING"}
    assert all(one["law"] and one["data"] and one["kept"] for one in listed)


GIVE = f"""
mutation ($purpose: ProcessingPurpose!, $version: Int!) {{
  giveConsent(input: {{ purpose: $purpose, version: $version }}) {{
    result {{ purpose version givenAt withdrawnAt }} {ERRORS}
  }}
}}
"""
WITHDRAW = f"""
mutation ($purpose: ProcessingPurpose!) {{
  withdrawConsent(input: {{ purpose: $purpose }}) {{ result {{ purpose version withdrawnAt }} {ERRORS} }}
}}
"""
MY_CONSENTS = "{ myConsents(first: 5) { totalCount edges { node { purpose version withdrawnAt } } } }"


async def test_a_consent_is_given_once_withdrawn_and_given_again(tools: Tools) -> None:
    await make.member(id="mbr_lin")
    for _ in range(2):
        given = await ask(GIVE, {"purpose": "MARKETING", "version": 1}, tools)
        assert given["errors"] == []
        assert given["result"]["withdrawnAt"] is None
    with clock.at(NOON + DAY):
        withdrawn = await ask(WITHDRAW, {"purpose": "MARKETING"}, tools)
        assert withdrawn["result"] == {
            "purpose": "MARKETING",
            "version": 1,
            "withdrawnAt": "2026-11-23T04:00:00+00:00",
        }
        unknown = {"__typename": "ConsentUnknown", "code": "consent.unknown", "path": ["input", "purpose"]}
        assert await ask(WITHDRAW, {"purpose": "MARKETING"}, tools) == {"result": None, "errors": [unknown]}
    with clock.at(NOON + 2 * DAY):
        await ask(GIVE, {"purpose": "MARKETING", "version": 1}, tools)
    mine = await ask(MY_CONSENTS, {}, tools)
    assert mine["totalCount"] == 2
    assert [edge["node"]["withdrawnAt"] is None for edge in mine["edges"]] == [True, False]
    assert [act[0] for act in await acts()] == [Act.CONSENT_GIVEN, Act.CONSENT_WITHDRAWN, Act.CONSENT_GIVEN]
    assert (await ask(MY_CONSENTS, {}, tools, WANG))["totalCount"] == 0


@pytest.mark.parametrize(
    ("purpose", "version", "code"),
    [("ORDERS", 1, "consent.needless"), ("MARKETING", 2, "consent.version"), ("MARKETING", 0, "consent.version")],
)
async def test_a_consent_is_to_the_text_as_it_reads_today(purpose: str, version: int, code: str, tools: Tools) -> None:
    await make.member(id="mbr_lin")
    answer = await ask(GIVE, {"purpose": purpose, "version": version}, tools)
    assert (answer["result"], [error["code"] for error in answer["errors"]]) == (None, [code])
    assert await Consent.all().count() == 0


EXPORT = f"mutation {{ exportMyData {{ result {{ id askedAt readyAt takenAt expiresAt }} {ERRORS} }} }}"
TAKE = f"""
mutation ($id: ID!, $password: String!) {{
  takeMyExport(input: {{ exportId: $id, password: $password }}) {{ result {{ json }} {ERRORS} }}
}}
"""
MY_EXPORTS = "{ myExports(first: 5) { edges { node { id readyAt takenAt } } } }"


async def made(tools: Tools) -> str:
    """Lin asks for a copy, and the job makes it."""
    answer = await ask(EXPORT, {}, tools)
    told = await MembersOutbox.get(kind="ExportAsked")
    fact = fact_of(told.kind, told.body)
    assert fact == ExportAsked(told.id, answer["result"]["id"], "mbr_lin", NOON)
    exports.use_keychain(keys.keychain())
    await exports.make_copy(fact)
    await exports.make_copy(fact)
    export_id: str = answer["result"]["id"]
    return export_id


async def test_a_copy_of_everything_is_made_sealed_and_taken_once(tools: Tools) -> None:
    await make.member(id="mbr_lin")
    await make.credential("mbr_lin")
    await make.address("mbr_lin")
    await make.address("mbr_wang")
    await make.viewing("mbr_lin", "prd_tea")
    export_id = await made(tools)
    kept = await Export.get()
    assert kept.archive_sealed is not None
    assert kept.archive_sealed.startswith("1.pky_")
    taken = await ask(TAKE, {"id": export_id, "password": make.PASSWORD}, tools)
    copy = orjson.loads(taken["result"]["json"])
    assert (copy["format"], copy["member_id"], copy["made_at"]) == ("jishi-export/1", "mbr_lin", MADE_AT)
    assert list(copy["data"]) == ["shops", "products", "orders", "members", "content"]
    members = copy["data"]["members"]
    assert members["member"][0]["phone"] == make.PHONE
    (address,) = members["address"]
    assert (address["street"], address["receiver"], address["place"]) == (
        "南京西路 1266 号 3 楼",
        "林晓",
        "31230400,121473700",
    )
    assert [row["product_id"] for row in members["viewing"]] == ["prd_tea"]
    secrets = {"login_hash", "secret", "wrapped", "archive_sealed"}
    assert [row for rows in members.values() for row in rows if secrets & row.keys()] == []
    assert "mbr_wang" not in taken["result"]["json"]
    unknown = {"__typename": "ExportUnknown", "code": "export.unknown", "path": ["input", "exportId"]}
    again = await ask(TAKE, {"id": export_id, "password": make.PASSWORD}, tools)
    assert again == {"result": None, "errors": [unknown]}
    assert (await Export.get()).archive_sealed is None
    assert [act[0] for act in await acts()] == [Act.EXPORT_ASKED, Act.EXPORT_TAKEN]
    assert (await ask(MY_EXPORTS, {}, tools))["edges"][0]["node"]["takenAt"] == "2026-11-22T04:00:00+00:00"


async def test_a_copy_is_for_its_member_with_the_password_and_for_a_week(tools: Tools) -> None:
    await make.member(id="mbr_lin")
    await make.credential("mbr_lin")
    await make.credential("mbr_wang", phone="13900000000")
    export_id = await made(tools)
    wrong = await ask(TAKE, {"id": export_id, "password": "guess"}, tools)
    assert [error["__typename"] for error in wrong["errors"]] == ["WrongCredentials"]
    hers = await ask(TAKE, {"id": export_id, "password": make.PASSWORD}, tools, WANG)
    assert [error["__typename"] for error in hers["errors"]] == ["ExportUnknown"]
    with clock.at(NOON + 7 * DAY):
        late = await ask(TAKE, {"id": export_id, "password": make.PASSWORD}, tools)
    assert [error["__typename"] for error in late["errors"]] == ["ExportUnknown"]


async def test_one_copy_a_day(tools: Tools) -> None:
    await make.member(id="mbr_lin")
    assert (await ask(EXPORT, {}, tools))["errors"] == []
    soon = "mutation { exportMyData { result { id } errors { ... on ExportTooSoon { code againAt } } } }"
    assert await ask(soon, {}, tools) == {
        "result": None,
        "errors": [{"code": "export.too_soon", "againAt": "2026-11-23T04:00:00+00:00"}],
    }
    with clock.at(NOON + DAY):
        assert (await ask(EXPORT, {}, tools))["errors"] == []


ERASE = f"""
mutation ($password: String!) {{
  eraseMe(input: {{ password: $password }}) {{ result {{ at kept {{ law says }} }} {ERRORS} }}
}}
"""


async def lin() -> None:
    await make.member(id="mbr_lin")
    await make.credential("mbr_lin")
    await make.address("mbr_lin")
    await make.membership("mbr_lin")
    await make.viewing("mbr_lin", "prd_tea")
    await Session.create(id="ses_lin", member_id="mbr_lin", created_at=NOON, expires_at=NOON + DAY)


async def test_who_leaves_is_erased_and_told_what_the_law_keeps(tools: Tools) -> None:
    await lin()
    await make.member(id="mbr_wang", phone="13900000000")
    await make.address("mbr_wang")
    assert (await ask("{ me { phone } }", {}, tools))["phone"] == "138****5678"
    answer = await ask(ERASE, {"password": make.PASSWORD}, tools)
    assert answer["errors"] == []
    assert answer["result"]["at"] == "2026-11-22T04:00:00+00:00"
    laws = [kept["law"].split(" (")[0] for kept in answer["result"]["kept"]]
    assert laws == [
        "E-commerce Law 31",
        "Cybersecurity Law 23",
        "Personal Information Protection Law 69",
        "Personal Information Protection Law 47",
    ]
    member = await Member.get(id="mbr_lin")
    assert (member.nickname, member.avatar, member.phone_sealed, member.erased_at) == ("已注销用户", "", "", NOON)
    for model in (Address, Credential, Session, Viewing, Membership):
        assert await model.filter(member_id="mbr_lin").count() == 0, model
    assert [key.person_id for key in await PersonKey.all()] == ["mbr_wang"]
    assert await Address.filter(member_id="mbr_wang").count() == 1
    assert [(row.person_id, row.at) for row in await Erasure.all()] == [("mbr_lin", NOON)]
    assert [(row.subject, row.at) for row in await MembersRecall.all()] == [("mbr_lin", NOON)], "no token holds"
    told = await MembersOutbox.get(kind="PersonErased")
    assert fact_of(told.kind, told.body) == PersonErased(told.id, "mbr_lin", NOON)
    assert await acts() == [(Act.MEMBER_ERASED, "mbr_lin", "mbr_lin", "")]
    assert tools.keychain is not None
    assert await tools.keychain.of([KeyOf("mbr_lin")]) == [None], "forgotten at once"
    assert await ask("{ me { nickname phone } }", {}, tools) == {"nickname": "已注销用户", "phone": None}


async def test_nobody_is_erased_without_the_password(tools: Tools) -> None:
    await lin()
    for _ in range(5):
        wrong = await ask(ERASE, {"password": "guess"}, tools)
        assert [error["__typename"] for error in wrong["errors"]] == ["WrongCredentials"]
    locked = await ask(ERASE, {"password": make.PASSWORD}, tools)
    assert [error["__typename"] for error in locked["errors"]] == ["LockedOut"]
    assert await PersonKey.exists(person_id="mbr_lin")
    assert await Erasure.all().count() == 0


async def test_who_still_works_in_a_shop_leaves_there_first(tools: Tools) -> None:
    await make.member(id="mbr_clerk")
    await make.credential("mbr_clerk")
    answer = await ask(ERASE, {"password": make.PASSWORD}, tools, Viewer.member("mbr_clerk"))
    assert answer["errors"] == [{"__typename": "StillAtWork", "code": "erasure.at_work", "path": None}]
    assert await PersonKey.exists(person_id="mbr_clerk")


async def test_an_erased_member_is_erased_once(tools: Tools) -> None:
    await lin()
    await ask(ERASE, {"password": make.PASSWORD}, tools)
    again = await ask(ERASE, {"password": make.PASSWORD}, tools)
    assert [error["__typename"] for error in again["errors"]] == ["WrongCredentials"]
    assert await MembersOutbox.filter(kind="PersonErased").count() == 1


@pytest.mark.parametrize("deadlocks", [1, TRIES])
async def test_who_meets_a_deadlock_is_erased_all_the_same_or_told_to_try_again(
    deadlocks: int, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[str] = []

    async def erase_rows_under_load(domain: str, person_id: str) -> int:
        touched = await personal.erase_rows(domain, person_id)
        met.append(domain)
        if len(met) <= deadlocks:
            raise Undone("deadlock")
        return touched

    monkeypatch.setattr(erasure, "erase_rows", erase_rows_under_load)
    await lin()
    _, told = await refused_by(subgraph, ERASE, {"password": make.PASSWORD}, Context(LIN, tools))
    is_erased = deadlocks < TRIES
    assert told == ([] if is_erased else [("UNAVAILABLE", "database.busy", "eraseMe")])
    assert await MembersOutbox.filter(kind="PersonErased").count() == is_erased
    assert await PersonKey.filter(person_id="mbr_lin").count() == (not is_erased)
