"""A subgraph traces where it is asked to, and answers the same then."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace

import httpx

from kit.settings import Settings
from kit.viewer import GUEST
from resolvers.context import Context
from subgraphs.mall import SUBGRAPHS
from subgraphs.service import application
from tests.support.tokens import with_process_keys

QUERY = "{ shops(first: 2) { edges { node { id name phone: branches(first: 1) { edges { node { name } } } } } } }"
HEADER = "apollo-federation-include-trace"


async def test_a_traced_answer_is_the_answer_with_a_trace(tiny_mall: Settings, noon: None) -> None:
    shops = SUBGRAPHS["shops"]
    plain = await shops.answer(QUERY, {}, Context(GUEST))
    traced = await shops.traced_answer(QUERY, {}, Context(GUEST))
    assert (traced.data, traced.errors) == (plain.data, plain.errors)
    assert plain.body() == {"data": plain.data}
    assert list(traced.body()) == ["data", "extensions"]
    assert b"ShopConnection" in b64decode(traced.body()["extensions"]["ftv1"])


async def test_what_is_refused_and_what_is_not_compiled_have_a_trace_too() -> None:
    shops = SUBGRAPHS["shops"]
    for query in ("{ nope }", "{ __schema { queryType { name } } }"):
        plain = await shops.answer(query, {}, Context(GUEST))
        traced = await shops.traced_answer(query, {}, Context(GUEST))
        assert (traced.data, traced.errors) == (plain.data, plain.errors)
        assert traced.extensions["ftv1"]


async def test_errors_in_a_trace_say_no_more_than_those_of_the_answer() -> None:
    """The database is not open: the answer fails inside."""
    traced = await SUBGRAPHS["shops"].traced_answer(QUERY, {}, Context(GUEST))
    assert [error["extensions"]["code"] for error in traced.errors] == ["INTERNAL"]
    assert traced.extensions["ftv1"]
    inside = b64decode(traced.extensions["ftv1"])
    assert b"something went wrong on our side" in inside
    assert b"tortoise" not in inside.lower()


ROUTER = {"jishi-router": "r" * 32}


async def test_over_http_the_header_asks_for_it(seeded_mall: Settings) -> None:
    settings = replace(with_process_keys(seeded_mall), router_secrets=(ROUTER["jishi-router"],))
    app = application(SUBGRAPHS["shops"], settings)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shops", headers=ROUTER) as client:
        asked = await client.post("/graphql", json={"query": "{ __typename }"}, headers={HEADER: "ftv1"})
        others = [
            await client.post("/graphql", json={"query": "{ __typename }"}, headers=h) for h in ({}, {HEADER: "x"})
        ]
    assert list(asked.json()["extensions"]) == ["ftv1"]
    assert [answer.json() for answer in others] == [{"data": {"__typename": "Query"}}] * 2
