"""The front door over a real socket: routes, media types, refusals, GraphiQL, and a supergraph that changes under
load.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
import websockets

import gateway
from federation.engine import Engine
from federation.execution.transport import InProcessTransport
from gateway import ASGIApp, Identity, front_door, generic_gateway
from kit.graphql_http import HTTPRefusal
from tests.federation.execution.peer import Call, serving
from tests.federation.small_mall import ADDRESSES, PRODUCTS, REVIEWS, Subgraph, supergraph

SUPERGRAPH = supergraph()
RESPONSE_JSON = "application/graphql-response+json"


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application on a free port."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="error", lifespan="on", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), "the server did not start"
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=5) as client:
            yield client
    finally:
        server.should_exit = True
        await task


async def known(headers: Mapping[str, str]) -> Identity:
    if headers.get("authorization") == "Bearer bad":
        raise HTTPRefusal(401, "UNAUTHENTICATED", "The token is not valid")
    return Identity()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transports = {
        "products": InProcessTransport("products", Subgraph(PRODUCTS).call),
        "reviews": InProcessTransport("reviews", Subgraph(REVIEWS).call),
    }
    demo = {"personas": [{"name": "Guest", "token": None, "description": ""}], "operations": []}
    app = front_door(Engine(SUPERGRAPH, transports), identify=known, graphiql=True, demo=demo)
    async with served(app) as found:
        yield found


async def test_a_query_is_answered_by_post_and_by_get(client: httpx.AsyncClient) -> None:
    query = "query ($id: ID!) { product(id: $id) { name stars } }"
    expected = {"data": {"product": {"name": "product 3", "stars": 4}}}
    posted = await client.post("/graphql", json={"query": query, "variables": {"id": 3}})
    got = await client.get(
        "/graphql", params={"query": query, "variables": '{"id": 3}'}, headers={"accept": RESPONSE_JSON}
    )
    assert (posted.status_code, posted.json()) == (200, expected)
    assert posted.headers["content-type"] == "application/json; charset=utf-8"
    assert (got.status_code, got.json()) == (200, expected)
    assert got.headers["content-type"] == f"{RESPONSE_JSON}; charset=utf-8"


async def test_a_get_never_runs_a_mutation(client: httpx.AsyncClient) -> None:
    answer = await client.get("/graphql", params={"query": 'mutation { rename(id: 1, name: "x") { name } }'})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json()["errors"][0]["extensions"] == {"code": "METHOD_NOT_ALLOWED"}


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b'{"query":"{"}', {"accept": RESPONSE_JSON}, 400, "GRAPHQL_PARSE_FAILED"),
        (b'{"query":"{ nope }"}', {"accept": RESPONSE_JSON}, 400, "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query":"{ nope }"}', {}, 200, "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query":"query($i:ID!){product(id:$i){id}}"}', {"accept": RESPONSE_JSON}, 400, "BAD_USER_INPUT"),
        (b"\xff\xfe", {}, 400, "BAD_JSON"),
        (b'"str"', {}, 400, "BAD_REQUEST"),
        (b"123", {}, 400, "BAD_REQUEST"),
        (b"[" * 5_000 + b"]" * 5_000, {}, 400, "BAD_JSON"),
        (b'[{"query":"{__typename}"}]', {}, 400, "BATCHING_NOT_SUPPORTED"),
        (b'{"query":"' + b"x" * 1_000_000 + b'"}', {}, 413, "PAYLOAD_TOO_LARGE"),
        (b'{"query":"{__typename}"}', {"content-type": "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b'{"query":"{__typename}"}', {"accept": "image/png"}, 406, "NOT_ACCEPTABLE"),
        (b'{"query":"{__typename}"}', {"authorization": "Bearer bad"}, 401, "UNAUTHENTICATED"),
        (b'{"query":"{ %b }"}' % (b"secret " * 500), {}, 200, "REPEAT_LIMIT_EXCEEDED"),
    ],
)
async def test_bad_requests_have_status_and_code(
    client: httpx.AsyncClient, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await client.post("/graphql", content=body, headers={"content-type": "application/json", **headers})
    assert answer.status_code == status
    assert {error["extensions"]["code"] for error in answer.json()["errors"]} == {code}
    assert "data" not in answer.json()
    assert len(answer.content) < 10_000


async def test_a_stream_of_a_body_is_stopped_at_the_limit(client: httpx.AsyncClient) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
    writer.write(b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n")
    writer.write(b"transfer-encoding: chunked\r\n\r\n" + (b"186a0\r\n" + b" " * 100_000 + b"\r\n") * 11)
    answer = await reader.read()  # to the end: the connection is closed
    writer.close()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"PAYLOAD_TOO_LARGE"' in answer


async def test_a_socket_of_another_protocol_is_refused(client: httpx.AsyncClient) -> None:
    url = f"ws://127.0.0.1:{client.base_url.port}/graphql"
    with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
        async with websockets.connect(url, subprotocols=[websockets.Subprotocol("graphql-ws")]):
            pass
    assert refused.value.response.status_code == 400


async def test_the_other_routes(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health")).json() == {"status": "alive"}
    assert (await client.get("/ready")).json() == {"status": "ready"}
    assert (await client.get("/nowhere")).status_code == 404
    assert (await client.get("/graphql/more")).status_code == 404


async def test_metrics_count_requests_by_status(client: httpx.AsyncClient) -> None:
    await client.post("/graphql", json={"query": "{ __typename }"})
    await client.post("/graphql", json={"query": "{"})
    text = (await client.get("/metrics")).text
    assert 'graphql_request_seconds_count{status="200"} 1.0' in text
    assert 'graphql_request_seconds_count{status="400"} 1.0' in text


async def test_a_browser_is_shown_graphiql_from_our_own_files(client: httpx.AsyncClient) -> None:
    page = await client.get("/graphql", headers={"accept": "text/html,*/*;q=0.8"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    linked = [part.split('"')[0] for mark in ('src="', 'href="/') for part in page.text.split(mark)[1:]]
    assert linked
    assert all("//" not in link for link in linked)
    for link in linked:
        assert (await client.get("/" + link.lstrip("/"))).status_code == 200
    assert (await client.get("/graphiql/demo.json")).json()["personas"][0]["name"] == "Guest"
    assert (await client.get("/graphiql/%2e%2e/%2e%2e/pyproject.toml")).status_code == 404


async def test_where_graphiql_is_off_there_is_no_page() -> None:
    async with served(front_door(Engine(SUPERGRAPH, {}))) as client:
        assert (await client.get("/graphql", headers={"accept": "text/html"})).status_code == 406
        assert (await client.get("/graphiql/index.html")).status_code == 404


async def any_product(call: Call) -> None:
    await call.answer(b'{"data":{"product":{"__typename":"Product","id":"1","name":"a","title":"b"}}}')


async def test_a_supergraph_from_a_file_changes_under_load_without_a_failed_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "RELOAD_SECONDS", 0.01)
    async with serving(any_product) as peer:

        def text(products: str) -> str:
            return supergraph(products=products).sdl.replace(ADDRESSES["products"], peer.url)

        old, new = text(PRODUCTS), text(PRODUCTS.replace("name: String", "name: String title: String"))
        file = tmp_path / "supergraph.graphql"
        file.write_text(old)
        async with served(generic_gateway(file)) as client:
            failures: list[Any] = []

            async def load() -> None:
                while True:
                    answer = await client.post("/graphql", json={"query": "{ product(id: 1) { name } }"})
                    if answer.json() != {"data": {"product": {"name": "a"}}}:
                        failures.append(answer.json())

            async def shows_title() -> bool:
                answer = await client.post("/graphql", json={"query": "{ product(id: 1) { title } }"})
                return bool(answer.json() == {"data": {"product": {"title": "b"}}})

            loads = [asyncio.create_task(load()) for _ in range(4)]
            async with asyncio.timeout(20):
                for content, expected in ((new, True), (old, False), ("type Broken {", False), (new, True)):
                    file.write_text(content)
                    while await shows_title() is not expected:
                        await asyncio.sleep(0.01)
            for task in loads:
                task.cancel()
            await asyncio.gather(*loads, return_exceptions=True)
            assert failures == []
            metrics = (await client.get("/metrics")).text
            assert 'subgraph_call_seconds_count{outcome="ok",service="products"}' in metrics
