"""Bad input through the front door: a coded error with a path, never a 500, nothing of our insides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gateway import mall_gateway
from jobs.signing import rotate_when_due
from kit.settings import Settings
from kit.viewer import Viewer
from services.members.privacy.keys import own_keychain
from subgraphs.mall import Mall
from tests.support.tokens import token_of

POINT = "{latitude: 31.2, longitude: 121.5}"
CASES: dict[str, tuple[dict[str, Any], int, str, list[Any] | None]] = {
    "an unknown field": (
        {"query": "{ shops(first: 1) { edges { node { nmae } } } }"},
        400,
        "GRAPHQL_VALIDATION_FAILED",
        ["shops", "edges", "node", "nmae"],
    ),
    "a wrong type": (
        {"query": '{ shops(first: "one") { totalCount } }'},
        400,
        "GRAPHQL_VALIDATION_FAILED",
        ["shops"],
    ),
    "a wrong variable": (
        {"query": "query($n: Int!) { shops(first: $n) { totalCount } }", "variables": {"n": "x"}},
        400,
        "BAD_USER_INPUT",
        ["shops"],
    ),
    "no selection": ({"query": "{ shops(first: 1) }"}, 400, "GRAPHQL_VALIDATION_FAILED", ["shops"]),
    "no GraphQL": ({"query": "{ shops("}, 400, "GRAPHQL_PARSE_FAILED", None),
    "a bad cursor": ({"query": '{ shops(first: 1, after: "?") { totalCount } }'}, 200, "BAD_USER_INPUT", ["shops"]),
    "a foreign cursor": (
        {"query": '{ notes(first: 1, after: "WyJhIl0=") { pageInfo { endCursor } } }'},
        200,
        "BAD_USER_INPUT",
        ["notes"],
    ),
    "too large a page": ({"query": "{ shops(first: 51) { totalCount } }"}, 200, "BAD_USER_INPUT", ["shops"]),
    "an empty page": ({"query": "{ shops(first: 0) { totalCount } }"}, 200, "BAD_USER_INPUT", ["shops"]),
    "a point off the globe": (
        {"query": "{ nearbyShops(at: {latitude: 91, longitude: 0}, first: 1) { pageInfo { endCursor } } }"},
        200,
        "BAD_USER_INPUT",
        ["nearbyShops"],
    ),
    "an endless wait": (
        {"query": f"{{ nearbyShops(at: {POINT}, within: 100000, first: 1) {{ pageInfo {{ endCursor }} }} }}"},
        200,
        "BAD_USER_INPUT",
        ["nearbyShops"],
    ),
}


@pytest.fixture
async def client(tiny_mall: Settings) -> AsyncIterator[httpx.AsyncClient]:
    await rotate_when_due(tiny_mall, own_keychain(tiny_mall.master_keys))
    app = mall_gateway(Mall(tiny_mall))
    transport = httpx.ASGITransport(app=app)
    accept = {"accept": "application/graphql-response+json"}
    async with httpx.AsyncClient(transport=transport, base_url="http://mall", headers=accept) as asked:
        yield asked


@pytest.mark.parametrize("name", CASES)
async def test_it_is_refused_with_a_code(client: httpx.AsyncClient, name: str) -> None:
    body, status, code, path = CASES[name]
    response = await client.post("/graphql", json=body)
    error = response.json()["errors"][0]
    assert (response.status_code, error["extensions"]["code"], error.get("path")) == (status, code, path)
    assert "Traceback" not in response.text
    assert ".py" not in response.text


@pytest.mark.parametrize("kind", ["shop", "product", "category", "liveRoom", "note"])
async def test_an_unknown_id_is_not_found_at_its_path(client: httpx.AsyncClient, kind: str) -> None:
    response = await client.post("/graphql", json={"query": f'{{ {kind}(id: "nobody") {{ id }} }}'})
    [error] = response.json()["errors"]
    assert (response.status_code, response.json()["data"]) == (200, {kind: None})
    assert (error["extensions"]["code"], error["path"]) == ("NOT_FOUND", [kind])


async def test_who_may_have_no_order_at_all_is_told_so_whatever_the_id(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": '{ order(id: "nobody") { id } }'})
    [error] = response.json()["errors"]
    assert response.json()["data"] == {"order": None}
    assert (error["extensions"]["code"], error["path"]) == ("UNAUTHORIZED_FIELD_OR_TYPE", ["order"])


async def test_a_body_over_a_megabyte_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ __typename }", "variables": {"x": "y" * 1_000_001}})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (413, "PAYLOAD_TOO_LARGE")


async def test_a_hat_that_the_token_does_not_have_is_refused(client: httpx.AsyncClient, tiny_mall: Settings) -> None:
    token = await token_of(tiny_mall, Viewer.member("mbr_lin"))
    for hat in ("shop:shp_tea", "platform", "king"):
        headers = {"authorization": f"Bearer {token}", "jishi-hat": hat}
        response = await client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")


async def test_a_forged_token_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.post(
        "/graphql", json={"query": "{ __typename }"}, headers={"authorization": "Bearer x.y.z"}
    )
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
