"""Writing down, changing and removing addresses."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kit.sealing import Spot
from kit.viewer import GUEST, Viewer
from models.members.account import Address
from models.members.privacy import PersonKey
from resolvers.context import Context, Tools
from services.members.address import MOST_ADDRESSES
from subgraphs.members import subgraph
from tests.factories import keys
from tests.factories import members as make
from tests.support.asking import data_of, refused_by

pytestmark = pytest.mark.usefixtures("database", "noon")

LIN = Viewer.member("mbr_lin")
ADD = """
mutation ($input: AddAddressInput!) {
  addAddress(input: $input) {
    result { id label city district receiver phone isDefault }
    errors { __typename ... on UserError { code message path } } warnings { code }
  }
}
"""
CHANGE = ADD.replace("AddAddressInput", "ChangeAddressInput").replace("addAddress", "changeAddress")
REMOVE = """
mutation ($id: ID!) {
  removeAddress(input: { addressId: $id }) { result { id } errors { __typename ... on UserError { code path } } }
}
"""
WRITTEN = {
    "label": "公司",
    "city": "上海",
    "district": "黄浦区",
    "street": "福州路 318 号 12 楼",
    "receiver": "林晓晓",
    "phone": "13912340000",
    "place": {"latitude": 31.2362, "longitude": 121.4801},
}


@pytest.fixture
def tools() -> Tools:
    return Tools(keychain=keys.keychain())


async def ask(query: str, variables: dict[str, Any], tools: Tools, viewer: Viewer = LIN) -> Any:
    data = await data_of(subgraph, query, variables, Context(viewer, tools))
    (answer,) = data.values()
    return answer


async def opened(address: Address) -> dict[str, str]:
    """What is sealed in the row."""
    key = await keys.person(address.member_id)
    columns = ("street_sealed", "receiver_sealed", "phone_sealed", "place_sealed")
    return {
        column: key.open(getattr(address, column), Spot(address.member_id, "address", column, address.id)).reveal()
        for column in columns
    }


async def test_an_address_is_sealed_when_it_is_written_down_and_masked_when_shown(tools: Tools) -> None:
    await make.member(id="mbr_lin")
    answer = await ask(ADD, {"input": WRITTEN}, tools)
    address = await Address.get()
    assert answer == {
        "result": {
            "id": address.id,
            "label": "公司",
            "city": "上海",
            "district": "黄浦区",
            "receiver": "林**",
            "phone": "139****0000",
            "isDefault": True,
        },
        "errors": [],
        "warnings": [],
    }
    assert address.member_id == "mbr_lin"
    assert await opened(address) == {
        "street_sealed": "福州路 318 号 12 楼",
        "receiver_sealed": "林晓晓",
        "phone_sealed": "13912340000",
        "place_sealed": "31236200,121480100",
    }


async def test_a_members_first_key_is_made_when_it_is_needed_once_for_all_at_once(tools: Tools) -> None:
    await make.member(id="mbr_lin", phone_sealed="")
    await PersonKey.all().delete()
    await asyncio.gather(*(ask(ADD, {"input": WRITTEN}, tools) for _ in range(5)))
    assert await PersonKey.all().count() == 1
    assert await Address.all().count() == 5
    assert {(await opened(address))["receiver_sealed"] for address in await Address.all()} == {"林晓晓"}
    assert await Address.filter(is_default=True).count() == 1


@pytest.mark.parametrize(
    ("wrong", "code", "path"),
    [
        ({"label": ""}, "address.label", ["input", "label"]),
        ({"label": "家" * 11}, "address.label", ["input", "label"]),
        ({"city": " 上海"}, "address.city", ["input", "city"]),
        ({"district": "\n"}, "address.district", ["input", "district"]),
        ({"street": "南" * 101}, "address.street", ["input", "street"]),
        ({"receiver": "林\u200b晓"}, "address.receiver", ["input", "receiver"]),
        ({"phone": "12345678901"}, "address.phone", ["input", "phone"]),
        ({"phone": "1391234000"}, "address.phone", ["input", "phone"]),
        ({"place": {"latitude": 91, "longitude": 0}}, "address.place", ["input", "place"]),
    ],
)
async def test_what_is_no_address_is_refused_without_being_repeated(
    wrong: dict[str, Any], code: str, path: list[str], tools: Tools
) -> None:
    await make.member(id="mbr_lin")
    own = await make.address("mbr_lin")
    for query, given in ((ADD, WRITTEN | wrong), (CHANGE, {"addressId": own.id, **wrong})):
        answer = await ask(query, {"input": given}, tools)
        assert answer["result"] is None
        (error,) = answer["errors"]
        assert (error["code"], error["path"]) == (code, path)
        assert not any(isinstance(value, str) and value in error["message"] for value in wrong.values() if value)
    assert await Address.all().count() == 1
    assert await Address.get() == own


async def test_all_reasons_come_at_once(tools: Tools) -> None:
    await make.member(id="mbr_lin")
    answer = await ask(ADD, {"input": WRITTEN | {"street": "", "receiver": "", "phone": ""}}, tools)
    assert [error["code"] for error in answer["errors"]] == ["address.street", "address.receiver", "address.phone"]


async def test_there_are_not_more_addresses_than_one_can_oversee(tools: Tools) -> None:
    await make.member(id="mbr_lin")
    for _ in range(MOST_ADDRESSES - 1):
        await make.address("mbr_lin")
    answers = await asyncio.gather(*(ask(ADD, {"input": WRITTEN}, tools) for _ in range(3)))
    assert sorted(len(answer["errors"]) for answer in answers) == [0, 1, 1]
    assert {error["__typename"] for answer in answers for error in answer["errors"]} == {"AddressesFull"}
    assert await Address.all().count() == MOST_ADDRESSES


async def test_what_is_left_out_of_a_change_stays(tools: Tools) -> None:
    await make.member(id="mbr_lin")
    first, second = await make.address("mbr_lin"), await make.address("mbr_lin", is_default=False)
    answer = await ask(CHANGE, {"input": {"addressId": second.id, "receiver": "王芳", "isDefault": True}}, tools)
    assert answer["errors"] == []
    assert (answer["result"]["receiver"], answer["result"]["isDefault"]) == ("王*", True)
    changed = await Address.get(id=second.id)
    assert (changed.street_sealed, changed.label) == (second.street_sealed, second.label)
    assert (await opened(changed))["receiver_sealed"] == "王芳"
    assert (await Address.get(id=first.id)).is_default is False


async def test_the_latest_address_is_the_default_after_the_default_was_removed(tools: Tools) -> None:
    await make.member(id="mbr_lin")
    first = await make.address("mbr_lin", id="adr_1")
    await make.address("mbr_lin", id="adr_2", is_default=False)
    await make.address("mbr_lin", id="adr_3", is_default=False)
    assert await ask(REMOVE, {"id": first.id}, tools) == {"result": {"id": "adr_1"}, "errors": []}
    left = {address.id: address.is_default for address in await Address.all()}
    assert left == {"adr_2": False, "adr_3": True}


@pytest.mark.parametrize("address_id", ["adr_hers", "adr_none"])
async def test_anothers_address_is_as_unknown_as_none(address_id: str, tools: Tools) -> None:
    await make.member(id="mbr_lin")
    await make.address("mbr_wang", id="adr_hers")
    before = await Address.get()
    unknown = {"__typename": "AddressUnknown", "code": "address.unknown", "path": ["input", "addressId"]}
    assert await ask(REMOVE, {"id": address_id}, tools) == {"result": None, "errors": [unknown]}
    answer = await ask(CHANGE, {"input": {"addressId": address_id, "street": "我家"}}, tools)
    assert [error["code"] for error in answer["errors"]] == ["address.unknown"]
    assert await Address.get() == before


async def test_guests_and_shop_staff_have_no_address_book(tools: Tools) -> None:
    for viewer in (GUEST, Viewer.shop_staff("mbr_lin", "shp_tea", "OWNER")):
        data, told = await refused_by(subgraph, ADD, {"input": WRITTEN}, Context(viewer, tools))
        assert (data, told) == ({"addAddress": None}, [("FORBIDDEN", "field.closed", "addAddress")])
    assert await Address.all().count() == 0


async def test_an_erased_member_writes_nothing_down(tools: Tools) -> None:
    await make.member(id="mbr_lin", erased_at="2026-11-20T00:00:00Z")
    data, told = await refused_by(subgraph, ADD, {"input": WRITTEN}, Context(LIN, tools))
    assert (data, told) == ({"addAddress": None}, [("NOT_FOUND", "member.unknown", "addAddress")])
    assert await Address.all().count() == 0


PROFILE = """
mutation ($nickname: String, $avatar: String) {
  changeProfile(input: { nickname: $nickname, avatar: $avatar }) {
    result { nickname avatar } errors { __typename ... on UserError { code path } }
  }
}
"""


async def test_a_member_changes_how_others_see_them(tools: Tools) -> None:
    await make.member(id="mbr_lin")
    await make.member(id="mbr_wang")
    answer = await ask(PROFILE, {"nickname": "小林同学"}, tools)
    assert answer == {"result": {"nickname": "小林同学", "avatar": "https://img.example/lin.jpg"}, "errors": []}
    answer = await ask(PROFILE, {"avatar": "https://img.example/new.png"}, tools)
    assert answer == {"result": {"nickname": "小林同学", "avatar": "https://img.example/new.png"}, "errors": []}
    assert await data_of(subgraph, "{ me { nickname } }", {}, Context(Viewer.member("mbr_wang"), tools)) == {
        "me": {"nickname": "小林"}
    }


async def test_a_profile_that_cannot_be_is_refused_as_a_whole(tools: Tools) -> None:
    await make.member(id="mbr_lin")
    answer = await ask(PROFILE, {"nickname": " ", "avatar": "javascript:alert(1)"}, tools)
    assert answer == {
        "result": None,
        "errors": [
            {"__typename": "NicknameRefused", "code": "profile.nickname", "path": ["input", "nickname"]},
            {"__typename": "AvatarRefused", "code": "profile.avatar", "path": ["input", "avatar"]},
        ],
    }
