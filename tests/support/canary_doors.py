"""The doors of a gateway, what is said at each, and what is sent there by who puts a value where none belongs."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from tests.support.canaries import found_in

Kind = TypeVar("Kind")
HELLO = "{ __typename }"
PROTOCOL = "graphql-transport-ws"
_LAST = {"connection_ack", "pong", "complete", "error"}
"""Messages of which each frame of a client gets one, unless it gets the socket closed."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer: its HTTP status or the code that a socket was closed with, all of it, and the GraphQL result in it."""

    status: int
    said: bytes
    result: Any = None


@dataclass(slots=True)
class Record:
    """What was heard at all fronts."""

    leaks: list[str] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)
    issued: set[str] = field(default_factory=set)
    """Tokens and codes that were given to somebody, which are to be found nowhere."""


@dataclass(slots=True)
class Front:
    """A gateway's front door, as somebody sees it who has `client`, is at `place` and asks by `way`.

    Whatever it answers is searched, but for what shows somebody their own data in full.
    """

    client: httpx.AsyncClient
    place: str
    way: Way
    record: Record = field(default_factory=Record)

    async def ask(self, query: str, token: str = "", *, own: bool = False, **variables: Any) -> Any:
        """The data of an answer without errors."""
        answer = await self.send({"query": query, "variables": variables}, token, own=own)
        assert "errors" not in answer.result, answer
        return answer.result["data"]

    async def send(self, body: Any, token: str = "", *, own: bool = False, **headers: str) -> Heard:
        """What a GraphQL request is answered, by the way of this front."""
        given = {"authorization": f"Bearer {token}"} if token else {}
        return self.heard(await self.way(self, body, given | headers), own=own)

    def heard(self, answer: Heard, *, own: bool = False) -> Heard:
        """The answer, after it was searched."""
        self.record.statuses.add(500 if b'"INTERNAL"' in answer.said else answer.status)
        if not own:
            self.record.leaks += found_in("an answer", answer.said)
        return answer

    def socket(self, path: str = "/graphql", headers: Mapping[str, Any] | None = None, protocol: str = PROTOCOL) -> Any:
        """A socket from this place."""
        return connect(
            str(self.client.base_url).rstrip("/").replace("http", "ws", 1) + path,
            subprotocols=[Subprotocol(protocol)],
            additional_headers=headers,
            local_addr=(self.place, 0),
            proxy=None,
            compression=None,
        )


Misplaced = Callable[[str], dict[str, Any]]
Way = Callable[[Front, Any, Mapping[str, str]], Awaitable[Heard]]


def _said(answer: httpx.Response) -> bytes:
    return answer.content + repr(answer.headers).encode()


async def by_http(front: Front, body: Any, headers: Mapping[str, str]) -> Heard:
    """One POST, one JSON answer."""
    answer = await front.client.post("/graphql", headers=headers, json=body)
    return Heard(answer.status_code, _said(answer), answer.json())


async def by_events(front: Front, body: Any, headers: Mapping[str, str]) -> Heard:
    """One POST, one stream of events."""
    answer = await front.client.post("/graphql", headers={**headers, "accept": "text/event-stream"}, json=body)
    data = [line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: {")]
    return Heard(answer.status_code, _said(answer), json.loads(data[0]) if data else answer.json())


async def by_socket(front: Front, body: Any, headers: Mapping[str, str]) -> Heard:
    """One operation on one socket."""
    frames = [
        {"type": "connection_init", "payload": dict(headers)},
        {"type": "subscribe", "id": "1", "payload": body},
    ]
    return await over_socket(front, frames)


async def over_socket(front: Front, frames: Collection[Any], **shake: Any) -> Heard:
    """What one socket says to `frames`, each of which may be text; `shake` is how hands are shaken (Front.socket)."""
    said: list[str] = []
    try:
        async with front.socket(**shake) as socket:
            for frame in frames:
                await socket.send(frame if isinstance(frame, (str, bytes)) else json.dumps(frame))
                said += await _replies(socket)
    except InvalidStatus as refused:
        return Heard(refused.response.status_code, refused.response.body + repr(refused.response.headers).encode())
    except ConnectionClosed:
        reason = str(socket.close_reason)
        return Heard(socket.close_code or 0, "\n".join([*said, reason]).encode(), {"errors": reason})
    told = [json.loads(text) for text in said]
    results = [one["payload"] for one in told if one["type"] == "next"] + [
        {"errors": one["payload"]} for one in told if one["type"] == "error"
    ]
    return Heard(200, "\n".join(said).encode(), results[0] if results else None)


async def _replies(socket: ClientConnection) -> list[str]:
    """What is said until the last word on the frame that was sent."""
    said: list[str] = []
    while not said or json.loads(said[-1])["type"] not in _LAST:
        said.append(str(await socket.recv()))
    return said


WAYS: tuple[Way, ...] = (by_http, by_events, by_socket)


def _post(headers: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"method": "POST", "url": "/graphql", "headers": headers, "json": {"query": HELLO, **more}}


def _raw(content: bytes) -> dict[str, Any]:
    return {"method": "POST", "url": "/graphql", "content": content, "headers": {"content-type": "application/json"}}


def _get(**parameters: str) -> dict[str, Any]:
    return {"method": "GET", "url": "/graphql", "params": {"query": HELLO, **parameters}}


def _basic(text: str) -> str:
    return base64.b64encode(f"{text}:{text}".encode()).decode()


MISPLACED: tuple[Misplaced, ...] = (
    lambda text: _raw(text.encode()),
    lambda text: _raw(f'{{"query": "{text}'.encode()),
    lambda text: _raw(text.encode("gbk")),
    lambda text: _raw(json.dumps([{"query": text}]).encode()),
    lambda text: _post({"content-type": text.encode()}),
    lambda text: _post({"accept": text.encode()}),
    lambda text: _post({"authorization": b"Bearer " + text.encode()}),
    lambda text: _post({"authorization": text.encode()}),
    lambda text: _post({"authorization": f"Basic {_basic(text)}"}),
    lambda text: _post({"authorization": f"Bearer {_basic(text)}.{_basic(text)}.{_basic(text)}"}),
    lambda text: _post({"jishi-hat": b"shop:" + text.encode()}),
    lambda text: _post({"jishi-context": text.encode(), "jishi-router": text.encode()}),
    lambda text: _post({"cookie": b"session=" + text.encode(), "user-agent": text.encode()}),
    lambda text: _post({"x-forwarded-for": text.encode(), "jishi-client": text.encode(), "referer": text.encode()}),
    lambda text: _post(variables=text),
    lambda text: _post(variables=[text]),
    lambda text: _post(extensions=text),
    lambda text: _post(extensions={text: {text: text}}),
    lambda text: _post(extensions={"persistedQuery": text}),
    lambda text: _post(extensions={"persistedQuery": {"version": text, "sha256Hash": text}}),
    lambda text: _post(extensions={"persistedQuery": {"version": 1, "sha256Hash": text}}),
    lambda text: _post(operationName=text),
    lambda text: _post(documentId=text, query=None),
    lambda text: _post(**{text: text}),
    lambda text: _get(query=f'{{ shop(id: "{text}") {{ name(is: "{text}") }} }}'),
    lambda text: _get(query=f'mutation {{ signIn(phone: "{text}") {{ token }} }}'),
    lambda text: _get(query=text),
    lambda text: _get(variables=text),
    lambda text: _get(variables=json.dumps({"phone": text})),
    lambda text: _get(extensions=f'{{"{text}'),
    lambda text: _get(operationName=text),
    lambda text: _get(token=text, authorization=f"Bearer {text}"),
    lambda text: {"method": "GET", "url": "/graphql?query=" + quote(text, encoding="gbk")},
    lambda text: {"method": "GET", "url": f"/graphql?token={quote(text)}&token={quote(text)}"},
    lambda text: {"method": "GET", "url": f"/{quote(text)}", "params": {"after": _basic(text)}},
    lambda text: {"method": "PUT", "url": "/graphql", "params": {"phone": text}},
)
"""Requests over HTTP with a value where credentials, a name or a parameter should stand, or nothing at all."""


def _init(**payload: Any) -> dict[str, Any]:
    return {"type": "connection_init", "payload": payload}


def _run(**payload: Any) -> dict[str, Any]:
    return {"type": "subscribe", "id": "1", "payload": {"query": HELLO, **payload}}


MISSAID: tuple[Misplaced, ...] = (
    lambda text: {"path": f"/graphql?token={quote(text)}", "frames": [_init(), _run()]},
    lambda text: {"path": f"/graphql?phone={text}", "headers": {"authorization": "Bearer none"}, "frames": [_init()]},
    lambda text: {"path": f"/{quote(text)}", "frames": [_init()]},
    lambda text: {"protocol": quote(text, safe="").replace("%", "-"), "frames": [_init()]},
    lambda text: {"headers": {"authorization": b"Bearer " + text.encode()}, "frames": [_init()]},
    lambda text: {"headers": {"cookie": b"session=" + text.encode()}, "frames": [_init(), _run()]},
    lambda text: {"frames": [_init(authorization=f"Bearer {text}")]},
    lambda text: {"frames": [_init(authorization=[text])]},
    lambda text: {"frames": [_init(**{"authorization": text, "jishi-hat": text})]},
    lambda text: {"frames": [_init(token=text, phone=text), _run()]},
    lambda text: {"frames": [{"type": "connection_init", "payload": text}]},
    lambda text: {"frames": [_init(), _init(phone=text)]},
    lambda text: {"frames": [text]},
    lambda text: {"frames": [text.encode("gbk")]},
    lambda text: {"frames": [{"type": text}]},
    lambda text: {"frames": [_run(query=text)]},
    lambda text: {"frames": [_init(), {"type": "subscribe", "id": [text], "payload": {"query": text}}]},
    lambda text: {"frames": [_init(), {"type": "complete", "id": {text: text}}]},
    lambda text: {"frames": [_init(), {"type": "subscribe", "id": "1", "payload": text}]},
    lambda text: {"frames": [_init(), _run(query=text)]},
    lambda text: {"frames": [_init(), _run(query=f'subscription {{ paid(shop: "{text}") {{ {text} }} }}')]},
    lambda text: {"frames": [_init(), _run(variables=text)]},
    lambda text: {
        "frames": [_init(), _run(query="query ($n: Int!) { __type(name: $n) { name } }", variables={"n": text})]
    },
    lambda text: {"frames": [_init(), _run(extensions=text)]},
    lambda text: {"frames": [_init(), _run(extensions={"persistedQuery": {"version": 1, "sha256Hash": text}})]},
    lambda text: {"frames": [_init(), _run(operationName=text)]},
)
"""The same on a socket: in its handshake, its introduction, its messages."""


def some(kinds: Sequence[Kind], number: int, count: int) -> list[Kind]:
    """As many of the kinds, other ones for each person, so that a hundred people together meet all of them."""
    return random.Random(number).sample(kinds, count)


async def misplaces(front: Front, text: str, request: Misplaced, talk: Misplaced) -> None:
    """Sends a value as one of MISPLACED and one of MISSAID have it."""
    answer = await front.client.request(**request(text))
    front.heard(Heard(answer.status_code, _said(answer)))
    front.heard(await over_socket(front, **talk(text)))


@asynccontextmanager
async def at(address: str, place: str, way: Way, record: Record) -> AsyncIterator[Front]:
    """The front door of the gateway at an address, for somebody who is at a place of their own."""
    transport = httpx.AsyncHTTPTransport(local_address=place, verify=False)  # no CA is read: this is plain HTTP
    async with httpx.AsyncClient(base_url=address, timeout=60, transport=transport) as client:
        yield Front(client, place, way, record)
