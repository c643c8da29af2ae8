"""What the products subgraph answers."""

from __future__ import annotations

from typing import Any

import pytest

from kit.viewer import GUEST, Viewer
from models.states import ProductKind, ProductState, PromotionKind
from resolvers.context import Context
from subgraphs.products import subgraph
from tests.factories import products as make
from tests.support.asking import refused_by
from tests.support.moments import DAY, HOUR, NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")


async def data(query: str, viewer: Viewer = GUEST, **variables: Any) -> Any:
    answer = await subgraph.answer(query, variables, Context(viewer))
    assert answer.errors == []
    return answer.data


async def refusals(query: str, **variables: Any) -> list[tuple[Any, str, str | None]]:
    answer = await subgraph.answer(query, variables, Context(GUEST))
    return [
        (error.get("path"), error["extensions"]["code"], error["extensions"].get("reason")) for error in answer.errors
    ]


def ids(connection: Any) -> list[str]:
    return [edge["node"]["id"] for edge in connection["edges"]]


async def test_a_product_says_all_that_it_is() -> None:
    await make.category(id="cat_food", name="食品")
    await make.category(id="cat_tea", parent_id="cat_food")
    await make.shelf(id="sct_new", name="明前茶")
    await make.product(id="prd_tea", shop_category_id="sct_new", list_price=15800, sales=7)
    await make.promotion(label="满200减30")
    await make.sku(id="sku_b", product_id="prd_tea", position=2, list_price=20000, price=15000)
    await make.sku(id="sku_a", product_id="prd_tea", position=1)
    await make.price_change(sku_id="sku_a", price=13800, at=NOON - 60 * DAY)
    await make.price_change(sku_id="sku_a", price=12800, at=NOON - DAY)
    query = """{ product(id: "prd_tea") {
      id name subtitle kind image media { kind url alt } tags origin sales rating ratingCount listedAt
      price { amount currency } listPrice { amount } details { __typename }
      category { id name parent { id name parent { id } } } shopCategory { id name } shop { id }
      promotion { kind label price { amount } endsAt }
      skus(first: 5) { totalCount edges { node {
        id product { id } options { name value } price { amount } listPrice { amount }
        priceHistory(first: 1) { totalCount edges { node { price { amount currency } at } } } } } }
    } }"""
    with counted_statements() as statements:
        found = await data(query)
    picture = {"kind": "IMAGE", "url": "https://img.example/longjing.jpg", "alt": "一杯龙井"}
    option = {"name": "规格", "value": "250g"}
    price_now = {"node": {"price": {"amount": 12800, "currency": "CNY"}, "at": "2026-11-21T04:00:00+00:00"}}
    skus = [
        {
            "node": {
                "id": "sku_a",
                "product": {"id": "prd_tea"},
                "options": [option],
                "price": {"amount": 12800},
                "listPrice": None,
                "priceHistory": {"totalCount": 2, "edges": [price_now]},
            }
        },
        {
            "node": {
                "id": "sku_b",
                "product": {"id": "prd_tea"},
                "options": [option],
                "price": {"amount": 15000},
                "listPrice": {"amount": 20000},
                "priceHistory": {"totalCount": 0, "edges": []},
            }
        },
    ]
    assert found["product"] == {
        "id": "prd_tea",
        "name": "西湖龙井 2026 新茶",
        "subtitle": "明前一级，核心产区",
        "kind": "GOODS",
        "image": "https://img.example/longjing.jpg",
        "media": [picture],
        "tags": ["产地直发"],
        "origin": "浙江杭州",
        "sales": 7,
        "rating": 4.8,
        "ratingCount": 12,
        "listedAt": "2026-10-23T04:00:00+00:00",
        "price": {"amount": 12800, "currency": "CNY"},
        "listPrice": {"amount": 15800},
        "details": None,
        "category": {"id": "cat_tea", "name": "茶叶", "parent": {"id": "cat_food", "name": "食品", "parent": None}},
        "shopCategory": {"id": "sct_new", "name": "明前茶"},
        "shop": {"id": "shp_tea"},
        "promotion": {
            "kind": "SPEND_AND_SAVE",
            "label": "满200减30",
            "price": None,
            "endsAt": "2026-11-23T04:00:00+00:00",
        },
        "skus": {"totalCount": 2, "edges": skus},
    }
    # the product; its category, the parent; the shelf; SKUs and their count; prices and their count
    assert len(statements) == 8


@pytest.mark.parametrize(
    ("kind", "details", "shown"),
    [
        (ProductKind.GOODS, {}, None),
        (ProductKind.WEIGHED, {"unit": "500g"}, {"__typename": "WeighedDetails", "unit": "500g"}),
        (ProductKind.DISH, {"spice": 2}, {"__typename": "DishDetails", "spice": 2}),
        (ProductKind.APPOINTMENT, {"minutes": 180}, {"__typename": "AppointmentDetails", "minutes": 180}),
        (ProductKind.NIGHT, {"guests": 3}, {"__typename": "NightDetails", "guests": 3}),
    ],
)
async def test_each_kind_has_details_of_its_own(kind: ProductKind, details: dict[str, Any], shown: Any) -> None:
    await make.product(id="prd_tea", kind=kind, details=details)
    found = await data(
        """{ product(id: "prd_tea") { details { __typename ... on WeighedDetails { unit } ... on DishDetails { spice }
        ... on AppointmentDetails { minutes } ... on NightDetails { guests } } } }"""
    )
    assert found["product"]["details"] == shown


async def test_what_is_not_there_is_null_and_what_is_not_listed_is_not_there() -> None:
    await make.product(id="prd_draft", state=ProductState.DRAFT)
    await make.sku(id="sku_draft", product_id="prd_draft")
    query = """query($keys: [_Any!]!) {
      draft: product(id: "prd_draft") { id } none: product(id: "") { id } category(id: "cat_none") { id }
      _entities(representations: $keys) { __typename }
    }"""
    names = ("Product", "Sku", "Category", "ShopCategory", "FlashSaleItem", "GroupBuy")
    keys = [{"__typename": name, "id": "x"} for name in names] + [{"__typename": "Sku", "id": "sku_draft"}]
    assert await refused_by(subgraph, query, {"keys": keys}) == (
        {"draft": None, "none": None, "category": None, "_entities": [None] * 7},
        [
            ("NOT_FOUND", "category.unknown", "category"),
            ("NOT_FOUND", "product.unknown", "draft"),
            ("NOT_FOUND", "product.unknown", "none"),
        ],
    )


async def test_entities_are_found_by_key_and_add_to_shops() -> None:
    await make.category(id="cat_tea")
    await make.shelf(id="sct_a", position=2)
    await make.shelf(id="sct_b", position=1)
    await make.product(id="prd_tea", shop_category_id="sct_a", score=1)
    await make.product(id="prd_else", shop_id="shp_else", score=2)
    await make.sku(id="sku_tea", product_id="prd_tea")
    await make.promotion(id="prm_late", ends_at=NOON + 9 * DAY)
    await make.promotion(PromotionKind.DISCOUNT, id="prm_soon", label="88折", ends_at=NOON + HOUR)
    await make.promotion(id="prm_over", ends_at=NOON)
    await make.item(PromotionKind.FLASH_SALE, id="pit_flash")
    await make.item(PromotionKind.GROUP_BUY, id="pit_group")
    query = """query($keys: [_Any!]!) { _entities(representations: $keys) { __typename
      ... on Product { name } ... on Sku { product { id } } ... on Category { icon }
      ... on ShopCategory { name products(first: 3) { totalCount edges { node { id } } } }
      ... on FlashSaleItem { sku { id } startsAt } ... on GroupBuy { groupSize label }
      ... on Shop { id products(first: 3) { totalCount edges { node { id } } }
        categories(first: 3) { totalCount edges { node { id } } }
        promotions(first: 3) { totalCount edges { node { id kind title label endsAt } } } } } }"""
    names = {"Product": "prd_tea", "Sku": "sku_tea", "Category": "cat_tea", "ShopCategory": "sct_a"}
    names |= {"FlashSaleItem": "pit_flash", "GroupBuy": "pit_group", "Shop": "shp_tea"}
    keys = [{"__typename": name, "id": id_} for name, id_ in names.items()]
    found = (await data(query, keys=[*keys, {"__typename": "Shop", "id": "shp_none"}]))["_entities"]
    tea = {"totalCount": 1, "edges": [{"node": {"id": "prd_tea"}}]}
    promotions = [
        {
            "id": "prm_soon",
            "kind": "DISCOUNT",
            "title": "春茶节",
            "label": "88折",
            "endsAt": "2026-11-22T05:00:00+00:00",
        },
        {
            "id": "prm_late",
            "kind": "SPEND_AND_SAVE",
            "title": "春茶节",
            "label": "满200减30",
            "endsAt": "2026-12-01T04:00:00+00:00",
        },
    ]
    nothing: dict[str, Any] = {"totalCount": 0, "edges": []}
    assert found == [
        {"__typename": "Product", "name": "西湖龙井 2026 新茶"},
        {"__typename": "Sku", "product": {"id": "prd_tea"}},
        {"__typename": "Category", "icon": "https://img.example/tea.png"},
        {"__typename": "ShopCategory", "name": "明前茶", "products": tea},
        {"__typename": "FlashSaleItem", "sku": {"id": "sku_tea"}, "startsAt": "2026-11-22T04:00:00+00:00"},
        {"__typename": "GroupBuy", "groupSize": 3, "label": "限时优惠"},
        {
            "__typename": "Shop",
            "id": "shp_tea",
            "products": tea,
            "categories": {"totalCount": 2, "edges": [{"node": {"id": "sct_b"}}, {"node": {"id": "sct_a"}}]},
            "promotions": {"totalCount": 2, "edges": [{"node": promotion} for promotion in promotions]},
        },
        {
            "__typename": "Shop",
            "id": "shp_none",
            "products": nothing,
            "categories": nothing,
            "promotions": nothing,
        },
    ]


async def test_an_item_answers_only_under_its_own_type() -> None:
    await make.product(id="prd_tea")
    await make.item(PromotionKind.FLASH_SALE, id="pit_flash")
    await make.item(PromotionKind.GROUP_BUY, id="pit_group")
    query = "query($keys: [_Any!]!) { _entities(representations: $keys) { __typename } }"
    keys = [{"__typename": "FlashSaleItem", "id": "pit_group"}, {"__typename": "GroupBuy", "id": "pit_flash"}]
    assert (await data(query, keys=keys))["_entities"] == [None, None]


async def test_categories_show_the_tree_and_what_is_sold_below() -> None:
    await make.category(id="cat_food", position=1)
    await make.category(id="cat_home", position=2)
    for position, leaf in enumerate(("cat_tea", "cat_rice"), 1):
        await make.category(id=leaf, parent_id="cat_food", position=position)
        await make.product(id=f"prd_{leaf}", category_id=leaf, score=position)
    query = """{ categories(first: 5) { totalCount edges { node { id
      children(first: 5) { totalCount edges { node { id products(first: 1) { edges { node { id } } } } } }
      products(first: 1) { totalCount edges { node { id } } pageInfo { hasNextPage } } } } } }"""
    with counted_statements() as statements:
        (food, home) = [edge["node"] for edge in (await data(query))["categories"]["edges"]]
    assert [(ids(child["children"]), ids(child["products"])) for child in (food, home)] == [
        (["cat_tea", "cat_rice"], ["prd_cat_rice"]),
        ([], []),
    ]
    assert [edge["node"]["products"]["edges"] for edge in food["children"]["edges"]] == [
        [{"node": {"id": "prd_cat_tea"}}],
        [{"node": {"id": "prd_cat_rice"}}],
    ]
    assert (food["products"]["totalCount"], food["products"]["pageInfo"]) == (2, {"hasNextPage": True})
    # roots and their count; children and their count; leaves of roots, of leaves; products twice and their count
    assert len(statements) == 9


async def test_sections_are_the_viewers_own() -> None:
    for category_id, popularity in (("cat_a", 1), ("cat_b", 2)):
        await make.category(id=category_id, name=category_id[-1], popularity=popularity)
        await make.product(id=f"prd_{category_id}", category_id=category_id)
    await make.affinity("mbr_a", "cat_a", 1)
    query = """{ sections(first: 5) { totalCount edges { node {
      id title category { id name } products(first: 5) { totalCount edges { node { id } } } } } } }"""
    shown = [
        {
            "id": f"cat_{letter}",
            "title": letter,
            "category": {"id": f"cat_{letter}", "name": letter},
            "products": {"totalCount": 1, "edges": [{"node": {"id": f"prd_cat_{letter}"}}]},
        }
        for letter in "ab"
    ]
    member, guest = [await data(query, viewer) for viewer in (Viewer.member("mbr_a"), GUEST)]
    assert [edge["node"] for edge in member["sections"]["edges"]] == shown
    assert [edge["node"] for edge in guest["sections"]["edges"]] == shown[::-1]


async def test_lists_scroll_to_their_end() -> None:
    for number in range(7):
        await make.category(id=f"cat_{number}", popularity=number // 3, parent_id="cat_root")
        await make.product(id=f"prd_{number}", category_id=f"cat_{number}", score=number // 2)
        ends_at = NOON + (1 + number // 3) * DAY
        await make.item(PromotionKind.GROUP_BUY, id=f"pit_{number}", product_id=f"prd_{number}", ends_at=ends_at)
    for field in ("products", "sections", "groupBuys"):
        query = f"query($after: String) {{ list: {field}(first: 3, after: $after) {{"
        query += " edges { node { id } } pageInfo { endCursor hasNextPage hasPreviousPage } } }"
        found: list[str] = []
        after, more, turns = None, True, 0
        while more:
            page = (await data(query, after=after))["list"]
            assert page["pageInfo"]["hasPreviousPage"] is bool(found)
            found += ids(page)
            after, more, turns = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"], turns + 1
        assert (len(found), len(set(found)), turns) == (7, 7, 3)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("{}", ["prd_rice", "prd_dish", "prd_tea"]),
        ("{ category: null, price: null }", ["prd_rice", "prd_dish", "prd_tea"]),
        ('{ category: { eq: "cat_food" } }', ["prd_rice", "prd_tea"]),
        ('{ category: { eq: "cat_tea" } }', ["prd_tea"]),
        ('{ category: { eq: "no such" } }', []),
        ('{ category: { eq: "no such" }, shop: { eq: "shp_tea" } }', []),
        ('{ shop: { eq: "shp_else" } }', ["prd_rice"]),
        ('{ shop: { eq: "" } }', []),
        ("{ kind: { eq: DISH } }", ["prd_dish"]),
        ('{ kind: { eq: DISH }, shop: { eq: "shp_else" } }', []),
        ('{ category: { eq: "cat_food" }, shop: { eq: "shp_tea" } }', ["prd_tea"]),
        ("{ price: { min: 200 } }", ["prd_dish", "prd_tea"]),
        ("{ price: { min: 100, max: 200 }, kind: { eq: GOODS } }", ["prd_rice"]),
        ("{ kind: { in: [DISH, GOODS] } }", ["prd_rice", "prd_dish", "prd_tea"]),
        ("{ kind: { in: [] } }", []),
        ('{ shop: { in: ["shp_else", "shp_tea", "shp_tea"] } }', ["prd_rice", "prd_dish", "prd_tea"]),
        ('{ category: { in: ["cat_rice", "cat_dishes"] } }', ["prd_rice", "prd_dish"]),
        ("{ kind: { eq: GOODS, in: [DISH] } }", []),
        ('{ price: { max: 250 }, category: { eq: "cat_food" } }', ["prd_rice"]),
    ],
)
async def test_products_are_filtered(where: str, found: list[str]) -> None:
    await make.category(id="cat_food")
    for leaf in ("cat_tea", "cat_rice"):
        await make.category(id=leaf, parent_id="cat_food")
    await make.category(id="cat_dishes")
    await make.product(id="prd_tea", price=300, score=1)
    await make.product(id="prd_dish", price=200, score=2, category_id="cat_dishes", kind=ProductKind.DISH)
    await make.product(id="prd_rice", price=100, score=3, category_id="cat_rice", shop_id="shp_else")
    answer = await data(f"{{ products(first: 5, where: {where}) {{ totalCount edges {{ node {{ id }} }} }} }}")
    assert ids(answer["products"]) == found
    assert answer["products"]["totalCount"] == len(found)


async def test_bad_input_is_refused_where_it_is_and_nowhere_else() -> None:
    await make.category(id="cat_tea")
    await make.product(id="prd_tea")
    query = """{
      fine: products(first: 1) { edges { node { id } } }
      long: products(first: 51) { totalCount }
      cursor: products(first: 1, after: "prd_tea") { totalCount }
      foreign: sections(first: 1, after: "WzEsInByZF90ZWEiXQ==") { totalCount }
      range: products(first: 1, where: { price: { min: 2, max: 1 } }) { totalCount }
      none: categories(first: 0) { totalCount }
      groupBuys(first: 1, after: "x") { totalCount }
      flashSale { items(first: 51) { totalCount } endsAt }
      sections(first: 1) { edges { node { products(first: 0) { totalCount } id } } }
    }"""
    answer = await subgraph.answer(query, {}, Context(GUEST))
    assert answer.data == {
        "fine": {"edges": [{"node": {"id": "prd_tea"}}]},
        "long": None,
        "cursor": None,
        "foreign": None,
        "range": None,
        "none": None,
        "groupBuys": None,
        "flashSale": {"items": None, "endsAt": "2026-11-22T05:00:00+00:00"},
        "sections": {"edges": [{"node": {"products": None, "id": "cat_tea"}}]},
    }
    assert sorted(await refusals(query), key=str) == sorted(
        [
            (["long"], "BAD_USER_INPUT", "page.first"),
            (["cursor"], "BAD_USER_INPUT", "page.after"),
            (["foreign"], "BAD_USER_INPUT", "page.after"),
            (["range"], "BAD_USER_INPUT", "filter.range"),
            (["none"], "BAD_USER_INPUT", "page.first"),
            (["groupBuys"], "BAD_USER_INPUT", "page.after"),
            (["flashSale", "items"], "BAD_USER_INPUT", "page.first"),
            (["sections", "edges", 0, "node", "products"], "BAD_USER_INPUT", "page.first"),
        ],
        key=str,
    )


@pytest.mark.parametrize("key", [{}, {"id": None}, {"id": 7}, {"id": ["prd_tea"]}])
async def test_a_representation_without_its_key_is_refused(key: dict[str, Any]) -> None:
    query = "query($keys: [_Any!]!) { _entities(representations: $keys) { __typename } }"
    names = ("Product", "Shop", "Sku", "FlashSaleItem")
    assert await refusals(query, keys=[{"__typename": name, **key} for name in names]) == [
        (["_entities", index], "BAD_USER_INPUT", "entity.key") for index in range(len(names))
    ]


async def test_a_product_of_a_list_shows_what_cards_do_not_by_one_more_read() -> None:
    await make.category(id="cat_tea")
    for name in ("a", "b"):
        await make.product(id=f"prd_{name}", category_id="cat_tea", kind=ProductKind.WEIGHED, details={"unit": "500g"})
    with counted_statements() as statements:
        found = await data(
            """{ products(first: 5) { edges { node {
                 id origin listedAt media { url } details { ... on WeighedDetails { unit } } } } } }"""
        )
    picture = {"url": "https://img.example/longjing.jpg"}
    whole = {"origin": "浙江杭州", "listedAt": "2026-10-23T04:00:00+00:00", "details": {"unit": "500g"}}
    nodes = [edge["node"] for edge in found["products"]["edges"]]
    assert nodes == [{"id": f"prd_{name}", "media": [picture], **whole} for name in ("b", "a")]
    assert len(statements) == 2
