"""The first screen of the mini-program, through the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from federation.errors import SubgraphError
from federation.execution.transport import RequestContext, SubgraphRequest, SubgraphResponse
from kit.settings import Settings
from kit.viewer import GUEST
from models import bulk
from models.base import Row
from models.products.tables import Product
from models.shops.tables import Branch, Shop
from tests.support.mall import embedded_mall, nodes, persona
from tests.support.statements import counted_statements

LISTS = [
    ("banners",),
    ("entrances",),
    ("zones",),
    ("couponOffers",),
    ("flashSale", "items"),
    ("groupBuys",),
    ("sections",),
    ("nearbyShops",),
    ("liveNow",),
    ("notes",),
]


def cards(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [edge["node"] for section in nodes(answer, "sections") for edge in section["products"]["edges"]]


def leaves(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    return sum(map(leaves, value)) if isinstance(value, list) else 1


@pytest.mark.parametrize("name", ["guest", "buyer", "dormant"])
async def test_every_part_of_home_is_filled_and_nothing_fails(tiny_mall: Settings, noon: None, name: str) -> None:
    viewer = GUEST if name == "guest" else persona(tiny_mall, name)
    answer = await embedded_mall().home(viewer)
    assert "errors" not in answer
    assert {path: bool(nodes(answer, *path)) for path in LISTS} == dict.fromkeys(LISTS, True)
    assert len(nodes(answer, "sections")) == 10
    assert all(section["products"]["edges"] for section in nodes(answer, "sections"))
    assert len(cards(answer)) == 100
    assert leaves(answer["data"]) > 1_800


async def test_a_card_carries_its_shop_from_another_subgraph(tiny_mall: Settings, noon: None) -> None:
    answer = await embedded_mall().home()
    assert all(card["shop"]["name"] and card["shop"]["rating"] > 0 for card in cards(answer))


async def test_a_members_home_is_their_own(tiny_mall: Settings, noon: None) -> None:
    mall = embedded_mall()
    guest, buyer = await mall.home(), await mall.home(persona(tiny_mall, "buyer"))
    dormant = await mall.home(persona(tiny_mall, "dormant"))
    assert {card["memberPrice"] for card in cards(guest)} == {None}
    own = [card for card in cards(buyer) if card["memberPrice"]]
    assert own
    assert all(card["memberPrice"]["amount"] < card["price"]["amount"] for card in own)
    orders = [[section["id"] for section in nodes(answer, "sections")] for answer in (guest, buyer, dormant)]
    assert orders[0] != orders[1] != orders[2]


@pytest.mark.parametrize("name", ["guest", "buyer"])
async def test_statements_and_calls_do_not_grow_with_pages(tiny_mall: Settings, noon: None, name: str) -> None:
    viewer = GUEST if name == "guest" else persona(tiny_mall, name)
    seen = []
    for size in (10, 50):
        mall = embedded_mall()
        with counted_statements() as statements:
            answer = await mall.home(viewer, {"sections": size, "cards": size, "few": size})
        assert "errors" not in answer
        seen.append((statements.by_domain, dict(mall.calls)))
    assert seen[0] == seen[1]
    assert sum(seen[0][0].values()) <= 10
    assert seen[0][1] == {"shops": 2, "products": 2, "orders": 2, "members": 1, "content": 1}


async def copies(model: type[Row], count: int, renamed: Mapping[str, str]) -> None:
    """Fill a table with `count` more rows like those it has, under other ids, `renamed` columns made unique too."""
    like = await model.all().limit(100).values()
    more = (
        {**like[n % len(like)], "id": f"{renamed['id']}_copy{n:021d}", **{c: f"copy{n}" for c in renamed if c != "id"}}
        for n in range(count)
    )
    await bulk.insert(model, more)


async def test_statements_and_calls_do_not_grow_with_shops(tiny_mall: Settings, noon: None) -> None:
    viewer = persona(tiny_mall, "buyer")
    seen = []
    for more in (0, 1_000):
        await copies(Shop, more, {"id": "shp"})
        await copies(Branch, more, {"id": "brn"})
        await copies(Product, 5 * more, {"id": "prd", "code": ""})
        mall = embedded_mall()
        with counted_statements() as statements:
            answer = await mall.home(viewer)
        assert "errors" not in answer
        seen.append((statements.by_domain, dict(mall.calls)))
    assert await Shop.all().count() > 1_000
    assert seen[0] == seen[1]


class Gone:
    """The way to a subgraph that is not there."""

    async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        raise SubgraphError("SUBGRAPH_UNREACHABLE", "Subgraph content cannot be reached", "content")


async def test_without_content_the_rest_of_home_stands(tiny_mall: Settings, noon: None) -> None:
    whole = await embedded_mall().home()
    answer = await embedded_mall({"content": Gone()}).home()
    gone = {"banners", "zones", "liveNow", "notes"}
    assert answer["data"] == {key: None if key in gone else value for key, value in whole["data"].items()}
    assert {error["path"][0] for error in answer["errors"]} <= gone
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"SUBGRAPH_UNREACHABLE"}
    assert {error["extensions"]["service"] for error in answer["errors"]} == {"content"}
    assert "http" not in str(answer["errors"])


async def test_lists_scroll_without_gaps_or_repeats(tiny_mall: Settings, noon: None) -> None:
    query = "query($n: Int!, $after: String) { sections(first: 1) { edges { node { products(first: $n, after: $after)"
    query += " { edges { node { id } } pageInfo { endCursor hasNextPage } } } } } }"
    mall = embedded_mall()
    whole = nodes(await mall.ask(query, variables={"n": 50}), "sections")[0]["products"]["edges"]
    found: list[Any] = []
    after = None
    more = True
    while more and len(found) < 50:
        page = nodes(await mall.ask(query, variables={"n": 3, "after": after}), "sections")[0]["products"]
        found += page["edges"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert found[: len(whole)] == whole
