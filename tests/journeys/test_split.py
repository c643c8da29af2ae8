"""The split topology gives the same Home as the embedded one: five services behind real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest
import uvicorn

from federation.execution.transport import HttpLimits, HttpTransport
from kit.settings import Settings
from kit.tokens import Tokens, write_signing_key
from kit.viewer import GUEST, Bearer
from subgraphs.mall import SUBGRAPHS
from subgraphs.service import application
from tests.support.mall import embedded_mall, persona

PATIENCE_SECONDS = 30.0


@asynccontextmanager
async def served(name: str, settings: Settings, tokens: Tokens) -> AsyncIterator[HttpTransport]:
    """A subgraph on a port of its own; the database is open already."""
    app = application(SUBGRAPHS[name], settings, tokens)
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="error"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    way = HttpTransport(name, f"http://127.0.0.1:{port}/graphql", HttpLimits(timeout=PATIENCE_SECONDS))
    try:
        yield way
    finally:
        await way.aclose()
        server.should_exit = True
        await task


@pytest.fixture
async def ways(tiny_mall: Settings, noon: None) -> AsyncIterator[dict[str, HttpTransport]]:
    write_signing_key(tiny_mall.signing_key)
    tokens = Tokens.from_file(tiny_mall.signing_key)
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(served(name, tiny_mall, tokens)) for name in SUBGRAPHS}


@pytest.mark.parametrize("name", ["guest", "buyer"])
async def test_split_home_is_the_embedded_home(tiny_mall: Settings, ways: dict[str, HttpTransport], name: str) -> None:
    viewer = GUEST if name == "guest" else persona(tiny_mall, name)
    token = Tokens.from_file(tiny_mall.signing_key).sign(Bearer.of(viewer), lasting=timedelta(hours=1))
    headers = {} if name == "guest" else {"authorization": f"Bearer {token}"}
    embedded, split = embedded_mall(), embedded_mall(ways)
    assert await split.home(viewer, headers=headers) == await embedded.home(viewer)
    assert split.calls == embedded.calls


async def test_a_service_that_dies_takes_only_its_own_part(tiny_mall: Settings, ways: dict[str, HttpTransport]) -> None:
    tokens = Tokens.from_file(tiny_mall.signing_key)
    whole = await embedded_mall(ways).home()
    async with served("content", tiny_mall, tokens) as dying:
        pass
    answer = await embedded_mall({**ways, "content": dying}).home()
    gone = {"banners", "zones", "liveNow", "notes"}
    assert answer["data"] == {key: None if key in gone else value for key, value in whole["data"].items()}
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"SUBGRAPH_UNREACHABLE"}
    assert "127.0.0.1" not in str(answer["errors"])
