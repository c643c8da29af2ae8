"""Members, as they and others see them; and the price that a product has for them."""

from __future__ import annotations

from typing import Any

import pytest

from kit.viewer import GUEST, Viewer
from models.members.account import Viewing as ViewingTable
from models.members.news import MembersOutbox
from models.members.privacy import PersonKey
from resolvers.context import Context, Tools
from services.events import ProductViewed, fact_of
from subgraphs.members import subgraph
from tests.factories import keys
from tests.factories import members as make
from tests.support.moments import DAY, HOUR, NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")

LIN = Viewer.member("mbr_lin")
PLATFORM = Viewer.platform_staff("mbr_staff", "OPERATOR")
PRODUCT = "prd_01m5t000000000000000000000"


def tools() -> Tools:
    return Tools(keychain=keys.keychain())


def product(product_id: str, amount: int, shop_id: str | None) -> dict[str, Any]:
    shop = {"id": shop_id} if shop_id else None
    return {
        "__typename": "Product",
        "id": product_id,
        "price": {"amount": amount, "currency": "CNY"},
        "shop": shop,
    }


PRICES = """
query ($products: [_Any!]!) {
  _entities(representations: $products) { ... on Product { memberPrice { amount currency } } }
}
"""


async def prices(products: list[dict[str, Any]], viewer: Viewer) -> list[int | None]:
    answer = await subgraph.answer(PRICES, {"products": products}, Context(viewer))
    assert answer.errors == []
    assert answer.data is not None
    assert {one["memberPrice"]["currency"] for one in answer.data["_entities"] if one["memberPrice"]} <= {"CNY"}
    return [one["memberPrice"] and one["memberPrice"]["amount"] for one in answer.data["_entities"]]


async def test_a_member_pays_by_the_better_of_two_levels() -> None:
    await make.membership("mbr_lin", percent=95)
    await make.membership("mbr_lin", shop_id="shp_tea", percent=88)
    await make.membership("mbr_lin", shop_id="shp_dear", percent=98)
    await make.membership("mbr_wang", shop_id="shp_rice", percent=50)
    products = [
        product("prd_tea", 9_990, "shp_tea"),
        product("prd_dear", 9_990, "shp_dear"),
        product("prd_rice", 9_990, "shp_rice"),
        product("prd_cheap", 1, "shp_tea"),
        product("prd_stray", 1_000, None),
    ]
    # 8791.2 and 9490.5 fen, half a fen rounded up; 0.88 of one fen is one fen, which is no less
    assert await prices(products, LIN) == [8_791, 9_491, 9_491, None, 950]


async def test_no_level_no_price() -> None:
    await make.membership("mbr_lin", percent=100)
    products = [product("prd_tea", 9_990, "shp_tea")]
    assert await prices(products, LIN) == [None]
    assert await prices(products, Viewer.member("mbr_wang")) == [None]
    assert await prices(products, GUEST) == [None]


async def test_any_number_of_prices_is_one_statement_and_none_for_guests() -> None:
    await make.membership("mbr_lin", percent=95)
    for count in (1, 120):
        products = [product(f"prd_{n}", 10_000, f"shp_{n}") for n in range(count)]
        with counted_statements() as statements:
            assert await prices(products, LIN) == [9_500] * count
        assert len(statements) == 1
    with counted_statements() as statements:
        assert await prices(products, GUEST) == [None] * 120
    assert len(statements) == 0


@pytest.mark.parametrize(
    "wrong", [{"price": {"amount": "1", "currency": "CNY"}}, {"price": 7}, {"shop": {"id": 7}}, {"shop": "shp_tea"}]
)
async def test_a_representation_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    products = [product("prd_tea", 1, "shp_tea") | wrong]
    answer = await subgraph.answer(PRICES, {"products": products}, Context(LIN))
    assert answer.data == {"_entities": [None]}
    assert [error["extensions"] for error in answer.errors] == [{"code": "BAD_USER_INPUT", "reason": "entity.required"}]


ME = """
{
  me {
    id nickname avatar joinedAt phone
    level { name rank percent }
    memberships(first: 1) { totalCount edges { node { shop { id } level { percent } points } } pageInfo { endCursor } }
    addresses(first: 5) {
      edges {
        node { label city district receiver phone isDefault }
      }
    }
    viewings(first: 1) { totalCount edges { node { product { id } at } } pageInfo { hasNextPage } }
  }
}
"""


async def test_a_member_sees_all_of_herself() -> None:
    await make.member(id="mbr_lin")
    await make.membership("mbr_lin", percent=95)
    await make.membership("mbr_lin", shop_id="shp_tea", percent=88)
    await make.address("mbr_lin")
    await make.address("mbr_wang")
    await make.viewing("mbr_lin", "prd_old", at=NOON - DAY)
    await make.viewing("mbr_lin", "prd_new", at=NOON - HOUR)
    with counted_statements() as statements:
        answer = await subgraph.answer(ME, {}, Context(LIN, tools()))
    assert answer.errors == []
    assert answer.data is not None
    me = answer.data["me"]
    cursor = me["memberships"].pop("pageInfo")["endCursor"]
    assert me.pop("joinedAt") == "2026-08-14T04:00:00+00:00"
    assert me["viewings"]["edges"][0]["node"].pop("at") == "2026-11-22T03:00:00+00:00"
    assert me == {
        "id": "mbr_lin",
        "nickname": "小林",
        "avatar": "https://img.example/lin.jpg",
        "phone": "138****5678",
        "level": {"name": "银卡", "rank": 2, "percent": 95},
        "memberships": {
            "totalCount": 2,
            "edges": [{"node": {"shop": None, "level": {"percent": 95}, "points": 1200}}],
        },
        "addresses": {
            "edges": [
                {
                    "node": {
                        "label": "家",
                        "city": "上海",
                        "district": "静安区",
                        "receiver": "林*",
                        "phone": "138****5678",
                        "isDefault": True,
                    }
                }
            ]
        },
        "viewings": {
            "totalCount": 2,
            "edges": [{"node": {"product": {"id": "prd_new"}}}],
            "pageInfo": {"hasNextPage": True},
        },
    }
    assert len(statements) == 6  # member, key, memberships, addresses, viewings and how many there are
    query = "query ($after: String) { me { memberships(first: 1, after: $after) { edges { node { shop { id } } } } } }"
    rest = await subgraph.answer(query, {"after": cursor}, Context(LIN))
    assert rest.data == {"me": {"memberships": {"edges": [{"node": {"shop": {"id": "shp_tea"}}}]}}}


async def test_others_see_what_is_public() -> None:
    await make.member(id="mbr_lin")
    query = """
    query ($members: [_Any!]!) {
      _entities(representations: $members) {
        ... on Member {
          nickname avatar phone level { name }
          memberships(first: 1) { totalCount } addresses(first: 1) { totalCount } viewings(first: 1) { totalCount }
        }
      }
    }
    """
    members = [{"__typename": "Member", "id": member_id} for member_id in ("mbr_lin", "mbr_none")]
    closed = dict.fromkeys(["phone", "level", "memberships", "addresses", "viewings"])
    for viewer in (
        GUEST,
        Viewer.member("mbr_wang"),
        Viewer.shop_staff("mbr_staff", "shp_tea", "OWNER"),
        PLATFORM,
    ):
        answer = await subgraph.answer(query, {"members": members}, Context(viewer, tools()))
        assert answer.data == {
            "_entities": [{"nickname": "小林", "avatar": "https://img.example/lin.jpg", **closed}, None]
        }
        assert [error["extensions"]["code"] for error in answer.errors] == ["FORBIDDEN"] * 5


async def test_a_guest_is_nobody() -> None:
    answer = await subgraph.answer(ME, {}, Context(GUEST))
    assert (answer.data, answer.errors) == ({"me": None}, [])


MASKED = "{ me { addresses(first: 2) { edges { node { receiver phone } } } } }"


async def test_any_number_of_sealed_fields_is_one_read_of_keys_for_some_seconds() -> None:
    await make.member(id="mbr_lin")
    for _ in range(2):
        await make.address("mbr_lin")
    own = tools()
    for reads in (3, 2):
        with counted_statements() as statements:
            answer = await subgraph.answer(MASKED, {}, Context(LIN, own))
        assert answer.errors == []
        assert len(statements) == reads  # member, addresses, and keys where they are not remembered


@pytest.mark.parametrize("person", ["mbr_wang", "mbr_lin"])
async def test_what_was_sealed_for_another_row_is_not_shown(person: str, caplog: pytest.LogCaptureFixture) -> None:
    await make.member(id="mbr_lin")
    moved = await make.address(person)
    await make.address("mbr_lin", receiver_sealed=moved.receiver_sealed)
    if person == "mbr_lin":
        await moved.delete()
    answer = await subgraph.answer(MASKED, {}, Context(LIN, tools()))
    assert answer.data == {"me": {"addresses": {"edges": [{"node": {"receiver": None, "phone": "138****5678"}}]}}}
    assert [error["extensions"]["code"] for error in answer.errors] == ["INTERNAL"]
    assert "林晓" not in caplog.text


async def test_who_has_no_key_any_more_has_no_personal_data_any_more() -> None:
    await make.member(id="mbr_lin")
    await make.address("mbr_lin")
    await PersonKey.filter(person_id="mbr_lin").delete()
    answer = await subgraph.answer(MASKED, {}, Context(LIN, tools()))
    assert answer.errors == []
    assert answer.data == {"me": {"addresses": {"edges": [{"node": {"receiver": None, "phone": None}}]}}}


async def test_without_a_keychain_nothing_sealed_is_read() -> None:
    await make.member(id="mbr_lin")
    answer = await subgraph.answer("{ me { nickname phone } }", {}, Context(LIN))
    assert answer.data == {"me": {"nickname": "小林", "phone": None}}
    assert [error["extensions"] for error in answer.errors] == [{"code": "UNAVAILABLE", "reason": "keys.closed"}]


async def test_my_standing_in_shops_is_one_statement() -> None:
    await make.membership("mbr_lin", percent=95)
    await make.membership("mbr_lin", shop_id="shp_tea", percent=88)
    query = """
    query ($shops: [_Any!]!) {
      _entities(representations: $shops) { ... on Shop { id myMembership { level { percent } shop { id } } } }
    }
    """
    shops = [{"__typename": "Shop", "id": shop_id} for shop_id in ("shp_tea", "shp_other")]
    with counted_statements() as statements:
        answer = await subgraph.answer(query, {"shops": shops}, Context(LIN))
    assert answer.errors == []
    assert answer.data == {
        "_entities": [
            {"id": "shp_tea", "myMembership": {"level": {"percent": 88}, "shop": {"id": "shp_tea"}}},
            {"id": "shp_other", "myMembership": None},
        ]
    }
    assert len(statements) == 1


RECORD = """
mutation ($product: ID!) {
  recordViewing(input: { productId: $product }) {
    result { product { id } at } errors { __typename ... on UserError { code path } } warnings { code }
  }
}
"""


async def test_a_look_at_a_product_is_remembered_and_told() -> None:
    await make.member(id="mbr_lin")
    answer = await subgraph.answer(RECORD, {"product": PRODUCT}, Context(LIN))
    assert answer.errors == []
    assert answer.data is not None
    shown = answer.data["recordViewing"]
    assert shown["result"].pop("at") == "2026-11-22T04:00:00+00:00"
    assert shown == {"result": {"product": {"id": PRODUCT}}, "errors": [], "warnings": []}
    viewing, told = await ViewingTable.get(), await MembersOutbox.get()
    assert (viewing.member_id, viewing.product_id, viewing.at) == ("mbr_lin", PRODUCT, NOON)
    assert fact_of(told.kind, told.body) == ProductViewed(told.id, "mbr_lin", PRODUCT, NOON)


@pytest.mark.parametrize("product_id", ["prd_short", "", "shp" + PRODUCT[3:]])
async def test_what_is_no_product_is_not_remembered(product_id: str) -> None:
    answer = await subgraph.answer(RECORD, {"product": product_id}, Context(LIN))
    assert answer.errors == []
    assert answer.data is not None
    assert answer.data["recordViewing"] == {
        "result": None,
        "errors": [{"__typename": "ProductUnknown", "code": "product.unknown", "path": ["input", "productId"]}],
        "warnings": [],
    }
    assert await ViewingTable.all().count() == await MembersOutbox.all().count() == 0


async def test_a_guest_leaves_no_trace() -> None:
    answer = await subgraph.answer(RECORD, {"product": PRODUCT}, Context(GUEST))
    assert answer.data == {"recordViewing": None}
    assert [error["extensions"]["code"] for error in answer.errors] == ["FORBIDDEN"]
    assert await ViewingTable.all().count() == await MembersOutbox.all().count() == 0
