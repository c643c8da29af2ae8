"""GraphQL over HTTP: one ASGI endpoint, for the gateway and for a subgraph as a service.

Source: GraphQL over HTTP, draft of the GraphQL foundation. The endpoint knows HTTP and JSON, no GraphQL: it turns a
request into `GraphQLHTTPRequest`, awaits `execute`, and writes the `GraphQLHTTPAnswer` in the media type that was
asked for.

Status: what is no GraphQL request (bad JSON, missing query, wrong type) is 400 in both media types. A 400 that
`execute` answers (parse, validation, coercion) is 400 as `application/graphql-response+json` and 200 as
`application/json` (sections 6.4.1 and 6.4.2); any other status of `execute` stands.

A browser can send another site's POST only with a "simple" content type; none of them is accepted, so no request is
forged across sites, and a GET never runs a mutation.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import orjson

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
RawHeaders = list[tuple[bytes, bytes]]

RESPONSE_JSON = "application/graphql-response+json"
PLAIN_JSON = "application/json"
MAX_NESTING = 100  # of variables and extensions; orjson writes no more than 254 levels
BODY_SECONDS = 10.0  # a body that takes longer is cut
_HANG_UP: RawHeaders = [(b"connection", b"close")]  # what is left of the body is not read
_DOCUMENT_ID_NAMES = ("documentId", "doc_id", "id")
_log = logging.getLogger("graphql.http")


@dataclass(frozen=True, slots=True)
class GraphQLHTTPRequest:
    """What a client asked. `read_only` is True for GET: a mutation must be refused with 405."""

    query: str | None
    operation_name: str | None
    variables: dict[str, Any]
    extensions: dict[str, Any]
    document_id: str | None
    read_only: bool
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GraphQLHTTPAnswer:
    """The GraphQL result, as a mapping or as JSON already written."""

    body: Mapping[str, Any] | bytes
    status: int = 200
    headers: RawHeaders = field(default_factory=list)


Execute = Callable[[GraphQLHTTPRequest], Awaitable[GraphQLHTTPAnswer]]
Subscribe = Callable[[GraphQLHTTPRequest], Awaitable[AsyncGenerator[GraphQLHTTPAnswer, None]]]
"""The answers to an operation of any kind: one, or one for each event. A refusal (status 400 or more) is the last.

Awaiting it raises HTTPRefusal where the viewer is refused; `aclose` of what it answers ends the operation.
"""


class HTTPRefusal(Exception):
    """A request that is no GraphQL request; `code` and the message go to the client."""

    def __init__(self, status: int, code: str, message: str, headers: RawHeaders | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or []
        self.body = {"errors": [{"message": message, "extensions": {"code": code}}]}


class GraphQLHTTP:
    """ASGI application of one GraphQL endpoint.

    `ide_html` is shown to a browser (GET, `Accept: text/html`, no query); None shows nothing. `max_body` is in bytes.
    """

    def __init__(self, execute: Execute, *, ide_html: bytes | None = None, max_body: int = 1_000_000) -> None:
        self._execute = execute
        self._ide_html = ide_html
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            refusal = HTTPRefusal(501, "SUBSCRIPTIONS_NOT_SUPPORTED", "WebSocket is not served here")
            await refuse_websocket(refusal, scope, receive, send)
            return
        headers = read_headers(scope["headers"])
        accept = headers.get("accept", "")
        if self._ide_html is not None and scope["method"] == "GET" and _wants_page(accept, scope["query_string"]):
            await write(send, 200, self._ide_html, "text/html; charset=utf-8", [])
            return
        media_type = negotiate(accept)
        status, body, extra = await self._answer(scope, headers, media_type, receive)
        await write(send, status, body, f"{media_type or PLAIN_JSON}; charset=utf-8", extra)

    async def _answer(
        self, scope: Scope, headers: Mapping[str, str], media_type: str | None, receive: Receive
    ) -> tuple[int, bytes, RawHeaders]:
        try:
            if media_type is None:
                raise HTTPRefusal(406, "NOT_ACCEPTABLE", f"Accept {RESPONSE_JSON} or {PLAIN_JSON}")
            answer = await self._execute(await read_request(scope, headers, receive, max_body=self._max_body))
            status = 200 if answer.status == 400 and media_type == PLAIN_JSON else answer.status
            body = answer.body if isinstance(answer.body, bytes) else orjson.dumps(answer.body)
        except HTTPRefusal as refusal:
            return refusal.status, orjson.dumps(refusal.body), refusal.headers
        except Exception:  # our own mistake: the log keeps it, the client learns nothing of it
            _log.exception("GraphQL request failed")
            return 500, orjson.dumps(HTTPRefusal(500, "INTERNAL", "Internal error").body), []
        return status, body, answer.headers


async def read_request(
    scope: Scope, headers: Mapping[str, str], receive: Receive, *, max_body: int
) -> GraphQLHTTPRequest:
    """The GraphQL request that a POST or a GET carries; HTTPRefusal where it carries none."""
    method = scope["method"]
    if method == "POST":
        _check_content_type(headers.get("content-type", ""))
        return to_request(load_json(await _read_body(headers, receive, max_body)), headers, read_only=False)
    if method == "GET":
        return to_request(load_query_string(scope["query_string"]), headers, read_only=True)
    raise HTTPRefusal(405, "METHOD_NOT_ALLOWED", "Use POST or GET", [(b"allow", b"GET, POST")])


async def _read_body(headers: Mapping[str, str], receive: Receive, max_body: int) -> bytes:
    declared = headers.get("content-length", "")
    if declared.isdigit() and (length := int(declared[:20])) > max_body:
        raise _too_large(max_body, hang_up=length > 10 * max_body)  # else the server skips the body
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _collect(receive, max_body)
    except TimeoutError:
        raise HTTPRefusal(408, "REQUEST_TIMEOUT", "The request body came too slowly", _HANG_UP) from None


async def _collect(receive: Receive, max_body: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HTTPRefusal(400, "BAD_REQUEST", "The request body is cut short")
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > max_body:
            raise _too_large(max_body, hang_up=True)
        more = message.get("more_body", False)
    return b"".join(chunks)


def _too_large(max_body: int, *, hang_up: bool) -> HTTPRefusal:
    message = f"The request body is over {max_body} bytes"
    return HTTPRefusal(413, "PAYLOAD_TOO_LARGE", message, _HANG_UP if hang_up else None)


def read_headers(raw: RawHeaders) -> dict[str, str]:
    """Header fields by lower-case name; repeated ones are joined by a comma (RFC 9110, section 5.3)."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1")
        text = value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


@lru_cache(maxsize=256)
def negotiate(accept: str) -> str | None:
    """The media type to answer in, or None where the client takes neither of ours."""
    if not accept.strip():
        return PLAIN_JSON
    best, best_quality = None, 0.0
    for media_type, quality in accepted(accept):
        ours = _OFFERED.get(media_type)
        if ours is not None and quality > best_quality:
            best, best_quality = ours, quality
    return best


def accepted(accept: str) -> Iterator[tuple[str, float]]:
    """The media types of an Accept header, lower case, each with its quality from 0 to 1."""
    for part in accept.split(","):
        media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
        yield media_type, _quality(parameters)


_OFFERED = {
    RESPONSE_JSON: RESPONSE_JSON,
    PLAIN_JSON: PLAIN_JSON,
    "application/*": PLAIN_JSON,
    "*/*": PLAIN_JSON,
}


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


def _wants_page(accept: str, query_string: bytes) -> bool:
    return "text/html" in accept and b"query=" not in query_string


@lru_cache(maxsize=64)
def _accepts(content_type: str) -> bool:
    media_type, *parameters = (piece.strip().lower() for piece in content_type.split(";"))
    charsets = [parameter[8:].strip('"') for parameter in parameters if parameter.startswith("charset=")]
    return media_type == PLAIN_JSON and all(charset in ("utf-8", "utf8") for charset in charsets)


def _check_content_type(content_type: str) -> None:
    if not _accepts(content_type):
        raise HTTPRefusal(
            415, "UNSUPPORTED_MEDIA_TYPE", f"Send {PLAIN_JSON} in UTF-8", [(b"accept-post", PLAIN_JSON.encode())]
        )


def load_json(body: bytes) -> Any:
    """The JSON value of a body; HTTPRefusal 400 where it is none or nested over MAX_NESTING levels."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise HTTPRefusal(400, "BAD_JSON", "The request body is not JSON in UTF-8") from None
    if body.count(b"{") + body.count(b"[") > MAX_NESTING and _is_deep(value):
        raise HTTPRefusal(400, "BAD_JSON", f"The request is nested deeper than {MAX_NESTING} levels")
    return value


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_NESTING):
        below: list[Any] = []
        for item in level:
            below.extend(item.values() if isinstance(item, dict) else item)
        level = [item for item in below if isinstance(item, (dict, list))]
        if not level:
            return False
    return True


def load_query_string(query_string: bytes) -> dict[str, Any]:
    """The parameters of a GET; variables and extensions are JSON within them (section 5.3)."""
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50)
    except (UnicodeDecodeError, ValueError):
        raise HTTPRefusal(400, "BAD_REQUEST", "The query string is not URL-encoded UTF-8") from None
    parameters: dict[str, Any] = dict(pairs)
    if len(parameters) != len(pairs):
        raise HTTPRefusal(400, "BAD_REQUEST", "A parameter is given twice")
    for name in ("variables", "extensions"):
        if text := parameters.pop(name, ""):
            parameters[name] = load_json(text.encode())
    return parameters


def to_request(parameters: Any, headers: Mapping[str, str], *, read_only: bool) -> GraphQLHTTPRequest:
    """A request of checked types; HTTPRefusal 400 where one is wrong, or where neither text nor id is given."""
    if isinstance(parameters, list):
        raise HTTPRefusal(400, "BATCHING_NOT_SUPPORTED", "Send one operation per request")
    if not isinstance(parameters, dict):
        raise HTTPRefusal(400, "BAD_REQUEST", "The request body is not a JSON object")
    query = _typed(parameters, "query", str)
    extensions = _typed(parameters, "extensions", dict) or {}
    document_id = next((_typed(parameters, name, str) for name in _DOCUMENT_ID_NAMES if name in parameters), None)
    if query is None and document_id is None and "persistedQuery" not in extensions:
        raise HTTPRefusal(400, "BAD_REQUEST", 'The parameter "query" is missing')
    return GraphQLHTTPRequest(
        query=query,
        operation_name=_typed(parameters, "operationName", str) or None,
        variables=_typed(parameters, "variables", dict) or {},
        extensions=extensions,
        document_id=document_id,
        read_only=read_only,
        headers=headers,
    )


def _typed(parameters: dict[str, Any], name: str, kind: type) -> Any:
    value = parameters.get(name)
    if value is not None and not isinstance(value, kind):
        expected = "a string" if kind is str else "an object"
        raise HTTPRefusal(400, "BAD_REQUEST", f'The parameter "{name}" is not {expected}')
    return value


async def write(send: Send, status: int, body: bytes, content_type: str, extra: RawHeaders) -> None:
    """Send a whole HTTP response."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", content_type.encode("latin-1")),
                (b"content-length", str(len(body)).encode()),
                (b"vary", b"accept"),
                *extra,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def refuse_websocket(refusal: HTTPRefusal, scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse the handshake with the refusal's status where the server can say it, else with 403."""
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1000})
        return
    body = orjson.dumps(refusal.body)
    headers = [(b"content-type", PLAIN_JSON.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "websocket.http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body})
