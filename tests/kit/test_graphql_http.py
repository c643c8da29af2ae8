"""GraphQL over HTTP to the letter: media types, statuses, and refusal of everything that is no GraphQL request."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import orjson
import pytest

from kit import graphql_http
from kit.graphql_http import GraphQLHTTP, GraphQLHTTPAnswer, GraphQLHTTPRequest, HTTPRefusal, negotiate

RESPONSE_JSON = "application/graphql-response+json"
JSON = {"content-type": "application/json"}
seen: list[GraphQLHTTPRequest] = []


async def execute(request: GraphQLHTTPRequest) -> GraphQLHTTPAnswer:
    """Answers 400 to the text "invalid", fails on "broken", and ok to everything else."""
    seen.append(request)
    if request.query == "broken":
        raise RuntimeError("password in a message")
    if request.query == "refused":
        raise HTTPRefusal(401, "UNAUTHENTICATED", "The token has expired")
    if request.query == "bytes":
        return GraphQLHTTPAnswer(b'{"data":1}')
    if request.read_only and request.query == "mutation":
        return GraphQLHTTPAnswer({"errors": []}, 405, [(b"allow", b"POST")])
    return GraphQLHTTPAnswer({"data": {"ok": True}}, 400 if request.query == "invalid" else 200)


class Answer:
    def __init__(self, messages: list[MutableMapping[str, Any]]) -> None:
        start, body = messages
        self.status = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        self.raw = body["body"]

    @property
    def code(self) -> str:
        return str(orjson.loads(self.raw)["errors"][0]["extensions"]["code"])


async def ask(
    method: str = "POST",
    body: bytes | list[bytes] = b'{"query":"{ok}"}',
    headers: dict[str, str] | None = None,
    query: bytes = b"",
    app: GraphQLHTTP | None = None,
) -> Answer:
    chunks = [body] if isinstance(body, bytes) else body
    incoming = [
        {"type": "http.request", "body": chunk, "more_body": index < len(chunks) - 1}
        for index, chunk in enumerate(chunks)
    ]
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode("latin-1")) for name, value in (JSON if headers is None else headers).items()]
    scope = {"type": "http", "method": method, "path": "/graphql", "query_string": query, "headers": raw}
    await (app or GraphQLHTTP(execute))(scope, receive, send)
    return Answer(sent)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/*;q=0.1", "application/json"),
        (RESPONSE_JSON, RESPONSE_JSON),
        (f"{RESPONSE_JSON}; charset=utf-8, application/json", RESPONSE_JSON),
        (f"application/json, {RESPONSE_JSON}", "application/json"),
        (f"application/json;q=0.5, {RESPONSE_JSON};q=0.9", RESPONSE_JSON),
        (f"{RESPONSE_JSON};q=0, application/json", "application/json"),
        (f"text/event-stream, {RESPONSE_JSON}", RESPONSE_JSON),
        ("APPLICATION/JSON", "application/json"),
        ("text/event-stream", None),
        ("multipart/mixed", None),
        ("application/json;q=x", None),
    ],
)
def test_the_media_type_is_negotiated(accept: str, expected: str | None) -> None:
    assert negotiate(accept) == expected


@pytest.mark.parametrize(
    ("accept", "query", "status"),
    [
        (RESPONSE_JSON, "fine", 200),
        ("application/json", "fine", 200),
        (RESPONSE_JSON, "invalid", 400),
        ("application/json", "invalid", 200),
    ],
)
async def test_a_refused_operation_is_400_in_the_media_type_that_says_so(accept: str, query: str, status: int) -> None:
    answer = await ask(body=orjson.dumps({"query": query}), headers={**JSON, "accept": accept})
    assert (answer.status, answer.headers["content-type"]) == (status, f"{accept}; charset=utf-8")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "BAD_JSON"),
        (b"{", "BAD_JSON"),
        (b"\xff\xfe", "BAD_JSON"),
        (b'{"query":"\xed\xa0\x80"}', "BAD_JSON"),
        (b'{"query":"\\ud800"}', "BAD_JSON"),
        (b"[" * 5_000 + b"]" * 5_000, "BAD_JSON"),
        (b'{"query":"x","variables":' + b'{"a":' * 101 + b"1" + b"}" * 102, "BAD_JSON"),
        (b'{"query":"x","variables":{"a":' + b"[" * 200 + b"]" * 200 + b"}}", "BAD_JSON"),
        (b'"str"', "BAD_REQUEST"),
        (b"123", "BAD_REQUEST"),
        (b"null", "BAD_REQUEST"),
        (b'[{"query":"x"},{"query":"x"}]', "BATCHING_NOT_SUPPORTED"),
        (b"{}", "BAD_REQUEST"),
        (b'{"query":null}', "BAD_REQUEST"),
        (b'{"query":1}', "BAD_REQUEST"),
        (b'{"query":"x","variables":[]}', "BAD_REQUEST"),
        (b'{"query":"x","variables":"{}"}', "BAD_REQUEST"),
        (b'{"query":"x","operationName":1}', "BAD_REQUEST"),
        (b'{"query":"x","extensions":"x"}', "BAD_REQUEST"),
        (b'{"id":1}', "BAD_REQUEST"),
    ],
)
@pytest.mark.parametrize("accept", [RESPONSE_JSON, "application/json"])
async def test_what_is_no_graphql_request_is_400_with_a_code(body: bytes, code: str, accept: str) -> None:
    seen.clear()
    answer = await ask(body=body, headers={**JSON, "accept": accept})
    assert (answer.status, answer.code, seen) == (400, code, [])


async def test_many_values_are_not_deep() -> None:
    body = orjson.dumps({"query": "x", "variables": {"rows": [{"a": [number]} for number in range(500)]}})
    assert (await ask(body=body)).status == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/graphql",
    ],
)
async def test_a_content_type_that_another_site_could_forge_is_refused(content_type: str) -> None:
    seen.clear()
    answer = await ask(headers={"content-type": content_type} if content_type else {})
    assert (answer.status, answer.code, seen) == (415, "UNSUPPORTED_MEDIA_TYPE", [])


@pytest.mark.parametrize("content_type", ["application/json", 'Application/JSON; charset="UTF-8"'])
async def test_json_in_utf8_is_taken(content_type: str) -> None:
    assert (await ask(headers={"content-type": content_type})).status == 200


async def test_a_body_over_the_limit_is_refused_by_its_length_or_as_it_comes() -> None:
    small = GraphQLHTTP(execute, max_body=20)
    declared = await ask(body=b"", headers={**JSON, "content-length": "21"}, app=small)
    streamed = await ask(body=[b"x" * 15, b"x" * 15], app=small)
    vast = await ask(body=b"", headers={**JSON, "content-length": "201"}, app=small)
    exact = await ask(body=[b'{"query":', b'"{hello}" }'], app=small)
    assert [(declared.status, declared.code), (streamed.status, streamed.code)] == [(413, "PAYLOAD_TOO_LARGE")] * 2
    assert ["connection" in answer.headers for answer in (declared, streamed, vast)] == [False, True, True]
    assert exact.status == 200


async def test_a_body_that_never_ends_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphql_http, "BODY_SECONDS", 0.01)
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    scope = {"type": "http", "method": "POST", "query_string": b"", "headers": [(b"content-type", b"application/json")]}
    await GraphQLHTTP(execute)(scope, receive, send)
    assert (Answer(sent).status, Answer(sent).code) == (408, "REQUEST_TIMEOUT")


async def test_a_body_cut_short_is_refused() -> None:
    answer = await ask(body=[])
    assert (answer.status, answer.code) == (400, "BAD_REQUEST")


async def test_get_reads_its_parameters_from_the_url() -> None:
    seen.clear()
    query = b"query=%7B%E9%9B%86%7D&operationName=A&variables=%7B%22a%22%3A1%7D&extensions=%7B%22b%22%3A2%7D"
    answer = await ask("GET", b"", {"accept": RESPONSE_JSON, "x-a": "1"}, query)
    assert answer.status == 200
    assert seen == [
        GraphQLHTTPRequest("{集}", "A", {"a": 1}, {"b": 2}, None, True, {"accept": RESPONSE_JSON, "x-a": "1"})
    ]


@pytest.mark.parametrize(
    "query",
    [
        b"",
        b"query=a&query=b",
        b"query=a&variables=[",
        b"query=a&variables=[]",
        b"query=%ff",
        b"query=\xff",
        b"&".join(b"a%d=1" % number for number in range(60)),
    ],
)
async def test_a_bad_query_string_is_400(query: bytes) -> None:
    seen.clear()
    assert ((await ask("GET", b"", {}, query)).status, seen) == (400, [])


async def test_a_status_that_is_not_400_stands_in_both_media_types() -> None:
    for accept in ("application/json", RESPONSE_JSON):
        answer = await ask("GET", b"", {"accept": accept}, b"query=mutation")
        assert (answer.status, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_405(method: str) -> None:
    answer = await ask(method)
    assert (answer.status, answer.code, answer.headers["allow"]) == (405, "METHOD_NOT_ALLOWED", "GET, POST")


@pytest.mark.parametrize("name", ["documentId", "doc_id", "id"])
async def test_a_document_may_be_named_instead(name: str) -> None:
    seen.clear()
    assert (await ask(body=orjson.dumps({name: "abc"}))).status == 200
    assert (seen[0].query, seen[0].document_id) == (None, "abc")


async def test_an_event_stream_is_refused_politely() -> None:
    answer = await ask(headers={**JSON, "accept": "text/event-stream"})
    assert (answer.status, answer.code) == (406, "NOT_ACCEPTABLE")


async def test_our_own_mistake_is_500_and_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    answer = await ask(body=b'{"query":"broken"}')
    assert (answer.status, answer.raw) == (
        500,
        b'{"errors":[{"message":"Internal error","extensions":{"code":"INTERNAL"}}]}',
    )
    assert "password" in caplog.text


async def test_execute_may_refuse_and_may_answer_in_bytes() -> None:
    refused = await ask(body=b'{"query":"refused"}')
    assert (refused.status, refused.code) == (401, "UNAUTHENTICATED")
    assert (await ask(body=b'{"query":"bytes"}')).raw == b'{"data":1}'


async def test_repeated_headers_are_joined() -> None:
    found = graphql_http.read_headers([(b"a", b"1"), (b"b", b"2"), (b"a", b"3")])
    assert found == {"a": "1, 3", "b": "2"}


async def test_a_browser_is_shown_the_page_where_there_is_one() -> None:
    app = GraphQLHTTP(execute, ide_html=b"<html>")
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = await ask("GET", b"", browser, app=app)
    assert (page.status, page.raw, page.headers["content-type"]) == (200, b"<html>", "text/html; charset=utf-8")
    assert (await ask("GET", b"", browser, b"query=x", app)).raw == b'{"data":{"ok":true}}'
    assert (await ask("GET", b"", browser)).status == 400


@pytest.mark.parametrize("extension", [True, False])
async def test_a_websocket_is_refused_before_it_opens(extension: bool) -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "websocket", "extensions": {"websocket.http.response": {}} if extension else {}}
    await GraphQLHTTP(execute)(scope, receive, send)
    if extension:
        assert (Answer(sent).status, Answer(sent).code) == (501, "SUBSCRIPTIONS_NOT_SUPPORTED")
    else:
        assert sent == [{"type": "websocket.close", "code": 1000}]
