"""The shops subgraph, asked as the gateway asks it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from kit.page import cursor_of
from kit.viewer import GUEST, Viewer
from models.states import ShopState, Trade
from resolvers.context import Context, Tools
from subgraphs.shops import subgraph
from tests.factories import shops as make
from tests.factories.keys import keychain
from tests.factories.shops import PEOPLES_SQUARE
from tests.support.asking import data_of, refused_by
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")

OWNER = Viewer.shop_staff("mbr_lin", "shp_a", "OWNER")
PLATFORM = Viewer.platform_staff("mbr_staff", "OPERATOR")
RIVAL = Viewer.shop_staff("mbr_wu", "shp_b", "OWNER")


ask = partial(data_of, subgraph)
refusals = partial(refused_by, subgraph)


async def test_a_shop_and_its_branches_show_all_they_have() -> None:
    await make.shop(id="shp_a")
    await make.branch("shp_a", id="brn_a")
    await make.branch(
        "shp_a", id="brn_b", delivers=False, opening_hours=[{"days": [1], "opens": "09:00", "closes": "12:00"}]
    )
    data = await ask("""{
      shop(id: "shp_a") {
        id name slogan trade city logo rating ratingCount followers openedAt
        decoration { themeColor cover notice template }
        branches(first: 5) {
          totalCount
          edges {
            node {
              id name city district address phone openNow
              place { latitude longitude }
              openingHours { days opens closes }
              deliveryZone { metres minimum { amount currency } fee { amount } preparationMinutes }
            }
          }
        }
      }
    }""")
    where = {
        "name": "人民广场店",
        "city": "上海",
        "district": "黄浦",
        "address": "西藏中路 268 号",
        "phone": "021-63500000",
        "place": {"latitude": 31.2304, "longitude": 121.4737},
    }
    assert data["shop"] == {
        "id": "shp_a",
        "name": "一叶茶铺",
        "slogan": "好茶，慢慢喝",
        "trade": "RETAIL",
        "city": "上海",
        "logo": "https://img.example/logo.png",
        "rating": 4.8,
        "ratingCount": 120,
        "followers": 900,
        "openedAt": "2025-10-18T04:00:00+00:00",
        "decoration": {
            "themeColor": "#1d6b3a",
            "cover": "https://img.example/cover.jpg",
            "notice": "满 99 元包邮",
            "template": "plain",
        },
        "branches": {
            "totalCount": 2,
            "edges": [
                {
                    "node": {
                        "id": "brn_a",
                        **where,
                        "openNow": True,
                        "openingHours": [{"days": [1, 2, 3, 4, 5, 6, 7], "opens": "00:00", "closes": "00:00"}],
                        "deliveryZone": {
                            "metres": 3_000,
                            "minimum": {"amount": 2_000, "currency": "CNY"},
                            "fee": {"amount": 500},
                            "preparationMinutes": 10,
                        },
                    }
                },
                {
                    "node": {
                        "id": "brn_b",
                        **where,
                        "openNow": False,
                        "openingHours": [{"days": [1], "opens": "09:00", "closes": "12:00"}],
                        "deliveryZone": None,
                    }
                },
            ],
        },
    }


SHOPS = """
query Shops($first: Int!, $after: String, $trade: Trade, $city: String) {
  shops(first: $first, after: $after, trade: $trade, city: $city) {
    totalCount
    edges { node { id branches(first: 1) { totalCount edges { node { id openNow } } } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


@pytest.mark.parametrize(("shops", "first"), [(3, 2), (3, 50), (30, 10), (30, 50)])
async def test_a_list_of_shops_takes_the_same_statements_for_any_page_and_any_number(shops: int, first: int) -> None:
    for _ in range(shops):
        await make.branch((await make.shop()).id)
    with counted_statements() as statements:
        data = await ask(SHOPS, {"first": first})
    assert statements.by_domain == {"shops": 4}, "shops, their number; branches, their numbers"
    assert len(data["shops"]["edges"]) == min(first, shops)


async def test_shops_scroll_by_rating_within_a_trade_and_a_city() -> None:
    for number in range(5):
        await make.shop(id=f"shp_{number}", rating=450 + number, city="杭州")
    await make.shop(id="shp_hotel", rating=500, trade=Trade.HOTEL)
    await make.shop(id="shp_closed", rating=500, state=ShopState.CLOSED)
    wanted = {"first": 3, "trade": "RETAIL", "city": "杭州"}
    first = (await ask(SHOPS, wanted))["shops"]
    assert [edge["node"]["id"] for edge in first["edges"]] == ["shp_4", "shp_3", "shp_2"]
    assert (first["totalCount"], first["pageInfo"]) == (
        5,
        {
            "hasNextPage": True,
            "hasPreviousPage": False,
            "startCursor": cursor_of((454, "shp_4")),
            "endCursor": cursor_of((452, "shp_2")),
        },
    )
    second = (await ask(SHOPS, wanted | {"after": first["pageInfo"]["endCursor"]}))["shops"]
    assert [edge["node"]["id"] for edge in second["edges"]] == ["shp_1", "shp_0"]
    assert (second["pageInfo"]["hasNextPage"], second["pageInfo"]["hasPreviousPage"]) == (False, True)


NEARBY = """
query Nearby($first: Int!, $after: String, $within: Int! = 30) {
  nearbyShops(at: { latitude: 31.2304, longitude: 121.4737 }, within: $within, first: $first, after: $after) {
    edges { distanceMetres deliveryMinutes branch { id openNow } node { id rating } }
    pageInfo { endCursor hasNextPage }
  }
}
"""


async def test_shops_nearby_say_how_near_they_are_and_scroll_from_one_statement_each() -> None:
    latitude = PEOPLES_SQUARE[0]
    for number, away in enumerate((9_000, 0, 18_000)):
        await make.shop(id=f"shp_{number}")
        await make.branch(f"shp_{number}", id=f"brn_{number}", latitude=latitude + away)
    with counted_statements() as statements:
        first = (await ask(NEARBY, {"first": 2}))["nearbyShops"]
    assert statements.by_domain == {"shops": 1}
    assert first["edges"] == [
        {
            "distanceMetres": 0,
            "deliveryMinutes": 10,
            "branch": {"id": "brn_1", "openNow": True},
            "node": {"id": "shp_1", "rating": 4.8},
        },
        {
            "distanceMetres": 999,
            "deliveryMinutes": 16,
            "branch": {"id": "brn_0", "openNow": True},
            "node": {"id": "shp_0", "rating": 4.8},
        },
    ]
    assert first["pageInfo"]["hasNextPage"] is True
    second = (await ask(NEARBY, {"first": 2, "after": first["pageInfo"]["endCursor"]}))["nearbyShops"]
    assert [(edge["node"]["id"], edge["deliveryMinutes"]) for edge in second["edges"]] == [("shp_2", 21)]
    assert second["pageInfo"]["hasNextPage"] is False
    assert (await ask(NEARBY, {"first": 9, "within": 16}))["nearbyShops"]["edges"] == first["edges"]


async def test_bad_input_is_refused_where_it_stands_and_the_rest_is_answered() -> None:
    await make.shop(id="shp_a")
    data, told = await refusals("""{
      none: shops(first: 0) { totalCount }
      many: shops(first: 51) { totalCount }
      odd: shops(first: 1, after: "WzFd") { totalCount }
      mars: nearbyShops(at: { latitude: 91, longitude: 0 }, first: 1) { pageInfo { endCursor } }
      soon: nearbyShops(at: { latitude: 31, longitude: 121 }, first: 1, within: 0) { pageInfo { endCursor } }
      near: nearbyShops(at: { latitude: 31, longitude: 121 }, first: 1, after: "?") { pageInfo { endCursor } }
      gone: shop(id: "shp_gone") { id }
      shop(id: "shp_a") { id branches(first: 99) { totalCount } }
    }""")
    assert data == {
        "none": None,
        "many": None,
        "odd": None,
        "mars": None,
        "soon": None,
        "near": None,
        "gone": None,
        "shop": {"id": "shp_a", "branches": None},
    }
    assert told == [
        ("BAD_USER_INPUT", "coordinate.off_globe", "mars"),
        ("BAD_USER_INPUT", "nearby.minutes", "soon"),
        ("BAD_USER_INPUT", "page.after", "near"),
        ("BAD_USER_INPUT", "page.after", "odd"),
        ("BAD_USER_INPUT", "page.first", "many"),
        ("BAD_USER_INPUT", "page.first", "none"),
        ("BAD_USER_INPUT", "page.first", "shop.branches"),
        ("NOT_FOUND", "shop.unknown", "gone"),
    ]


STAFF = '{ shop(id: "shp_a") { name staff(first: 5) { edges { node { name role since } } } } }'


async def test_a_shops_own_staff_sees_who_works_there() -> None:
    await make.shop(id="shp_a")
    await make.staff("shp_a")
    data = await ask(STAFF, context=Context(OWNER, Tools(keychain=keychain())))
    since = "2025-10-18T04:00:00+00:00"
    assert data["shop"]["staff"]["edges"] == [{"node": {"name": "林叶", "role": "OWNER", "since": since}}]


@pytest.mark.parametrize("viewer", [GUEST, Viewer.member("mbr_lin"), RIVAL, PLATFORM])
async def test_nobody_else_sees_who_works_in_a_shop_and_the_shop_stays_readable(viewer: Viewer) -> None:
    await make.shop(id="shp_a")
    await make.staff("shp_a")
    with counted_statements() as statements:
        answer = await refusals(STAFF, context=Context(viewer))
    assert answer == ({"shop": {"name": "一叶茶铺", "staff": None}}, [("FORBIDDEN", "field.closed", "shop.staff")])
    assert len(statements) == 1, "what is refused is not read"


ENTITIES = """
query Entities($of: [_Any!]!) {
  _entities(representations: $of) {
    __typename
    ... on Shop { id name }
    ... on Branch { id name }
    ... on Member { id jobs(first: 5) { edges { node { name role shop { id name } } } } }
  }
}
"""


def entity(kind: str, id_: object) -> dict[str, Any]:
    return {"__typename": kind, "id": id_}


async def test_entities_come_in_the_order_asked_for_from_one_statement_per_type() -> None:
    for id_ in ("shp_a", "shp_b"):
        await make.shop(id=id_, name=id_)
    await make.branch("shp_a", id="brn_a")
    asked = [entity("Shop", "shp_b"), entity("Branch", "brn_a"), entity("Shop", "shp_none"), entity("Shop", "shp_a")]
    with counted_statements() as statements:
        found = (await ask(ENTITIES, {"of": asked + asked}))["_entities"]
    assert statements.by_domain == {"shops": 2}
    once = [
        {"__typename": "Shop", "id": "shp_b", "name": "shp_b"},
        {"__typename": "Branch", "id": "brn_a", "name": "人民广场店"},
        None,
        {"__typename": "Shop", "id": "shp_a", "name": "shp_a"},
    ]
    assert found == once + once


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"__typename": "Shop"}, "entity.key"),
        (entity("Shop", 7), "entity.key"),
        (entity("Branch", None), "entity.key"),
        (entity("Member", ["mbr_lin"]), "entity.key"),
        (entity("Staff", "stf_a"), "entity.type"),
        ({"id": "shp_a"}, "entity.type"),
    ],
)
async def test_a_representation_without_its_key_and_one_that_is_no_entity_are_refused(
    wrong: dict[str, Any], reason: str
) -> None:
    refused = {"_entities": [None]}, [("BAD_USER_INPUT", reason, "_entities.0")]
    assert await refusals(ENTITIES, {"of": [wrong]}) == refused


async def test_a_member_sees_where_they_work_and_nobody_else_does() -> None:
    await make.shop(id="shp_a")
    await make.staff("shp_a", member_id="mbr_lin")
    asked = {"of": [entity("Member", "mbr_lin")]}
    own = (await ask(ENTITIES, asked, Context(OWNER, Tools(keychain=keychain()))))["_entities"][0]
    job = {"name": "林叶", "role": "OWNER", "shop": {"id": "shp_a", "name": "一叶茶铺"}}
    assert own == {"__typename": "Member", "id": "mbr_lin", "jobs": {"edges": [{"node": job}]}}
    for viewer in (GUEST, RIVAL, PLATFORM):
        data, told = await refusals(ENTITIES, asked, Context(viewer))
        assert data["_entities"] == [{"__typename": "Member", "id": "mbr_lin", "jobs": None}]
        assert told == [("FORBIDDEN", "field.closed", "_entities.0.jobs")]
