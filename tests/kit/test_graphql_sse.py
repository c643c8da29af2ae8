"""GraphQL over Server-Sent Events to the letter, over real sockets."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from kit import graphql_sse
from kit.graphql_endpoint import GraphQLEndpoint
from kit.graphql_http import GraphQLHTTP, GraphQLHTTPAnswer, GraphQLHTTPRequest
from kit.graphql_sse import GraphQLSSE, wants_events
from kit.graphql_ws import GraphQLWS
from tests.kit.operations import Operations
from tests.support.listening import listening

EVENTS = {"accept": "text/event-stream", "content-type": "application/json"}
END = "event: complete\ndata:\n\n"


async def execute(asked: GraphQLHTTPRequest) -> GraphQLHTTPAnswer:
    return GraphQLHTTPAnswer({"data": {"as": "json"}})


class Server:
    def __init__(self, patience: float = 30.0) -> None:
        self.operations = Operations()
        self.app = GraphQLEndpoint(
            GraphQLHTTP(execute),
            GraphQLSSE(self.operations.subscribe, max_body=1_000, patience=patience),
            GraphQLWS(self.operations.subscribe, self.operations.welcome),
        )
        self.client = httpx.AsyncClient()

    async def post(self, query: str, headers: dict[str, str] | None = None, **variables: Any) -> httpx.Response:
        body = json.dumps({"query": query, "variables": variables})
        return await self.client.post("/graphql", content=body, headers=EVENTS | (headers or {}))

    @asynccontextmanager
    async def stream(self, query: str) -> AsyncIterator[AsyncIterator[str]]:
        """The lines of an answer, as they come."""
        body = json.dumps({"query": query})
        async with self.client.stream("POST", "/graphql", content=body, headers=EVENTS) as response:
            yield response.aiter_lines()


@asynccontextmanager
async def serving(patience: float = 30.0) -> AsyncIterator[Server]:
    server = Server(patience)
    async with (
        listening(server.app) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=5) as server.client,
    ):
        yield server


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving() as running:
        yield running


def event(body: Any) -> str:
    return f"event: next\ndata: {json.dumps(body, separators=(',', ':'))}\n\n"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/event-stream", True),
        ("Text/Event-Stream; charset=utf-8", True),
        ("text/event-stream, multipart/mixed", True),
        ("text/event-stream, */*;q=0.1", True),
        ("application/json;q=0.5, text/event-stream", True),
        ("application/graphql-response+json, application/json, text/event-stream, multipart/mixed", False),
        ("text/event-stream;q=0.9, application/json", False),
        ("text/event-stream;q=0", False),
        ("application/json", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_events_are_for_who_prefers_them_to_json(accept: str, expected: bool) -> None:
    assert wants_events(accept) is expected


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream, application/json"])
async def test_the_same_path_answers_others_in_json(server: Server, accept: str) -> None:
    answer = await server.post("count", {"accept": accept})
    assert answer.json() == {"data": {"as": "json"}}
    assert server.operations.asked == []


@pytest.mark.parametrize("count", [0, 1, 3])
async def test_each_answer_is_an_event_and_the_end_is_told(server: Server, count: int) -> None:
    answer = await server.post("count", n=count)
    assert answer.text == ":\n\n" + "".join(event({"data": {"count": number}}) for number in range(count)) + END
    assert answer.status_code == 200
    assert {name: answer.headers[name] for name in ("content-type", "cache-control", "x-accel-buffering")} == {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
    }
    (asked,) = server.operations.asked
    assert (asked.query, asked.variables, asked.read_only) == ("count", {"n": count}, False)


async def test_an_answer_of_several_lines_stays_one_event(server: Server) -> None:
    assert (await server.post("bytes")).text == ':\n\nevent: next\ndata: {"data":\ndata: {"count":1}}\n\n' + END


async def test_a_get_asks_as_well_but_only_to_read(server: Server) -> None:
    answer = await server.client.get("/graphql", params={"query": "who"}, headers={"accept": "text/event-stream"})
    assert '"read_only":true' in answer.text


async def test_an_event_comes_when_it_happens(server: Server) -> None:
    async with server.stream("wait") as lines:
        seen = [await anext(lines) for _ in range(4)]
        assert seen == [":", "", "event: next", 'data: {"data":{"count":0}}']
        assert server.operations.open == 1
    await server.operations.idle()  # the client has left
    assert server.operations.ended == 1


async def test_a_silent_stream_is_kept_alive(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphql_sse, "PING_SECONDS", 0.02)
    async with server.stream("wait") as lines:
        seen = [await anext(lines) for _ in range(10)]
    assert seen == [":", "", "event: next", 'data: {"data":{"count":0}}', "", ":", "", ":", "", ":"]


@pytest.mark.parametrize(
    ("query", "events"),
    [
        ("refused", [{"errors": [{"message": "no 0", "extensions": {"code": "REFUSED"}}]}]),
        (
            "ends",
            [{"data": {"count": 0}}, {"errors": [{"message": "no 1", "extensions": {"code": "REFUSED"}}]}],
        ),
        ("broken", [{"errors": [{"message": "Internal error", "extensions": {"code": "INTERNAL"}}]}]),
    ],
)
async def test_a_refused_operation_is_told_in_the_stream(
    server: Server, query: str, events: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    answer = await server.post(query)
    assert (answer.status_code, answer.text) == (200, ":\n\n" + "".join(map(event, events)) + END)
    assert ("password" in caplog.text) is (query == "broken")


@pytest.mark.parametrize(
    ("method", "body", "headers", "status", "code"),
    [
        ("POST", b'{"query":"expired"}', {}, 401, "UNAUTHENTICATED"),
        ("POST", b'{"query":"who"}', {"authorization": "Bearer bad"}, 401, "UNAUTHENTICATED"),
        ("POST", b'{"query":"who"}', {"content-type": "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("POST", b"query=who", {"content-type": "application/x-www-form-urlencoded"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("POST", b'{"query":', {}, 400, "BAD_JSON"),
        ("POST", b"[]", {}, 400, "BATCHING_NOT_SUPPORTED"),
        ("POST", b'{"variables":{}}', {}, 400, "BAD_REQUEST"),
        ("POST", b'{"query":"' + b"x" * 1_000 + b'"}', {}, 413, "PAYLOAD_TOO_LARGE"),
        ("PUT", b'{"query":"who"}', {}, 405, "METHOD_NOT_ALLOWED"),
        ("GET", b"", {}, 400, "BAD_REQUEST"),
    ],
)
async def test_what_is_no_request_or_no_viewer_has_its_http_status(
    server: Server, method: str, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await server.client.request(method, "/graphql", content=body, headers=EVENTS | headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code)
    assert server.operations.asked == []


async def test_our_own_mistake_before_the_stream_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(asked: GraphQLHTTPRequest) -> Any:
        raise RuntimeError("password in a message")

    async with listening(GraphQLSSE(broken)) as port, httpx.AsyncClient() as client:
        answer = await client.post(f"http://127.0.0.1:{port}/", content=b'{"query":"x"}', headers=EVENTS)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (500, "INTERNAL")
    assert "password" in caplog.text


async def test_a_client_that_takes_nothing_is_left(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    async with serving(patience=0.2) as server:
        port = server.client.base_url.port
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1_000)
        body = b'{"query":"flood"}'
        head = "".join(f"{name}: {value}\r\n" for name, value in EVENTS.items())
        writer.write(f"POST /graphql HTTP/1.1\r\nhost: a\r\n{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        await server.operations.running(1)
        await server.operations.idle()
        assert server.operations.ended == 1
        writer.transport.abort()
        assert reader.exception() is None
    assert [record for record in caplog.records if record.name.startswith("graphql")] == []
