"""The gateway of any other graph says no more of what clients send than the mall's does, whatever its subgraphs say."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

from federation.composition import SubgraphSource, compose
from kit.graphql_http import Receive, Scope, Send
from tests.federation.small_mall import LINK
from tests.support.canaries import CANARIES, in_files
from tests.support.canary_doors import MISPLACED, MISSAID, WAYS, Heard, Record, at, by_http, misplaces
from tests.support.listening import listening
from tests.support.servers import gateway

BROKEN = {
    "failing": (500, "%s"),
    "junk": (200, "%s"),
    "shapeless": (200, '{"data": ["%s"], "errors": "%s"}'),
    "telling": (200, '{"errors": [{"message": "at Shop.java:12 %s"}]}'),
}
"""Subgraphs by how they break: status and body of each answer, with what they were asked in it."""
SDL = "type Query {{ {name}(text: String): String }} type Subscription {{ {name}_told(text: String): String }}"


async def rude(scope: Scope, receive: Receive, send: Send) -> None:
    """A subgraph that quotes whatever it is asked, and breaks; an address ends with how."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept", "subprotocol": "graphql-transport-ws"})
        await receive()
        await send({"type": "websocket.send", "text": '{"type": "connection_ack"}'})
        asked = json.loads((await receive())["text"])["payload"]["variables"]["text"]
        await send({"type": "websocket.close", "code": 4400, "reason": asked})
        return
    quoted = json.dumps((await receive())["body"].decode())[1:-1]
    status, body = BROKEN[scope["path"].strip("/")]
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body.replace("%s", quoted).encode()})


def supergraph(port: int) -> str:
    """All of them as one graph."""
    sources = [SubgraphSource(name, f"http://127.0.0.1:{port}/{name}", LINK + SDL.format(name=name)) for name in BROKEN]
    sdl = compose(sources).sdl
    assert sdl is not None
    return sdl


async def asked(address: str) -> Record:
    """Everything that is answered to values in variables, and in wrong places."""
    record, texts = Record(), CANARIES[0].texts()
    for way in WAYS:
        async with at(address, "127.0.0.1", way, record) as front:
            for name, text in product(BROKEN, texts):
                for kind, field in (("query", name), ("subscription", f"{name}_told")):
                    query = f"{kind} ($text: String) {{ {field}(text: $text) }}"
                    answer = await front.send({"query": query, "variables": {"text": text}})
                    assert "errors" in answer.result, answer
    async with at(address, "127.0.0.1", by_http, record) as front:
        for number, text in product(range(max(len(MISPLACED), len(MISSAID))), texts):
            await misplaces(front, text, MISPLACED[number % len(MISPLACED)], MISSAID[number % len(MISSAID)])
        metrics = await front.client.get("/metrics")
        front.heard(Heard(metrics.status_code, metrics.content))
    return record


async def test_a_gateway_of_any_graph_quotes_nobody_whatever_its_subgraphs_say(tmp_path: Path) -> None:
    file, said = tmp_path / "supergraph.graphql", tmp_path / "said"
    async with listening(rude) as port:
        file.write_text(supergraph(port), "utf-8")
        told = [
            f"{name}={'ws' if number % 2 else 'http'}://127.0.0.1:{port}/{name}" for number, name in enumerate(BROKEN)
        ]
        options = ["--supergraph", str(file), *(part for one in told for part in ("--subscriptions", one))]
        with gateway({}, *options, output=said) as (address, _):
            record = await asked(address)
    assert record.leaks == []
    assert in_files(tmp_path) == []
    assert {status for status in record.statuses if status == 500} == set()
    assert b"subgraph junk broke a subscription off, with code 4400" in said.read_bytes()
