"""The split topology gives the same Home as the embedded one: five services behind real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import uvicorn

from federation.execution.transport import HttpLimits
from kit.contexts import ContextWriter
from kit.processes import own_key
from kit.settings import Settings
from kit.viewer import GUEST
from models.base import unit_of_work
from models.cached import CACHE
from models.products.tables import Product
from subgraphs.mall import SUBGRAPHS
from subgraphs.requests import VouchingLedger
from subgraphs.service import application
from subgraphs.speaking import Speaking
from tests.support.caches import trusted_cache
from tests.support.mall import Mall, embedded_mall, persona
from tests.support.servers import free_port
from tests.support.tokens import with_process_keys

PATIENCE_SECONDS = 30.0


@asynccontextmanager
async def served(name: str, settings: Settings) -> AsyncIterator[Speaking]:
    """A subgraph where the settings say it is; the database is open already."""
    url = settings.subgraph_urls[name]
    app = application(SUBGRAPHS[name], with_process_keys(settings))
    port = urlsplit(url).port or 0
    server = uvicorn.Server(uvicorn.Config(app, port=port, lifespan="off", log_level="error"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    writer = ContextWriter("gateway", own_key(settings.process_keys, "gateway"))
    way = Speaking(name, url, writer, HttpLimits(timeout=PATIENCE_SECONDS))
    try:
        yield way
    finally:
        await way.aclose()
        server.should_exit = True
        await task


@pytest.fixture
async def ways(tiny_mall: Settings, noon: None) -> AsyncIterator[dict[str, Speaking]]:
    split = settings_of(tiny_mall)
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(served(name, split)) for name in SUBGRAPHS}


def settings_of(mall: Settings) -> Settings:
    """The mall, split: every subgraph on a port of its own."""
    return replace(mall, subgraph_urls={name: f"http://127.0.0.1:{free_port()}/graphql" for name in SUBGRAPHS})


@pytest.mark.parametrize("name", ["guest", "buyer"])
async def test_split_home_is_the_embedded_home(tiny_mall: Settings, ways: dict[str, Speaking], name: str) -> None:
    viewer = GUEST if name == "guest" else persona(tiny_mall, name)
    embedded, split = embedded_mall(), embedded_mall(ways)
    assert await split.home(viewer) == await embedded.home(viewer)
    assert split.calls == embedded.calls


async def test_a_service_that_dies_takes_only_its_own_part(tiny_mall: Settings, ways: dict[str, Speaking]) -> None:
    whole = await embedded_mall(ways).home()
    async with served("content", settings_of(tiny_mall)) as dying:
        pass
    answer = await embedded_mall({**ways, "content": dying}).home()
    gone = {"banners", "zones", "liveNow", "notes"}
    assert answer["data"] == {key: None if key in gone else value for key, value in whole["data"].items()}
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"SUBGRAPH_UNREACHABLE"}
    assert "127.0.0.1" not in str(answer["errors"])


def keeping(ways: dict[str, Speaking]) -> Mall:
    """The split mall, which keeps what services vouch for."""
    return embedded_mall(ways, fragments=10**7, ledger=VouchingLedger())


async def test_a_guests_home_is_kept_as_long_as_the_services_vouch_for_it(
    tiny_mall: Settings, ways: dict[str, Speaking]
) -> None:
    mall = keeping(ways)
    with trusted_cache():
        answers = [await mall.home() for _ in range(3)]
        mall.calls.clear()
        answers.append(await mall.home())
        assert mall.calls == {}
        assert answers == [await embedded_mall().home()] * 4
        async with unit_of_work("products"):
            await Product.all().update(name="新名")
        await asyncio.sleep(1.0)
        assert await mall.home() == await embedded_mall().home() != answers[0]


async def test_a_members_home_is_asked_for_anew(tiny_mall: Settings, ways: dict[str, Speaking]) -> None:
    mall, buyer = keeping(ways), persona(tiny_mall, "buyer")
    with trusted_cache():
        for _ in range(3):
            await mall.home()
        mall.calls.clear()
        assert await mall.home(buyer) == await embedded_mall().home(buyer)
        assert mall.calls.total() > 0


async def test_nothing_is_kept_while_the_services_do_not_trust_their_caches(ways: dict[str, Speaking]) -> None:
    mall = keeping(ways)
    CACHE.distrust()
    for _ in range(3):
        await mall.home()
    mall.calls.clear()
    await mall.home()
    assert mall.calls.total() > 0
