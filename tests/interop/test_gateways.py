"""Home from our five subgraphs as processes: gateways of npm in front of them answer it as ours does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from kit import clock
from kit.settings import DOMAINS
from subgraphs.mall import OPERATIONS, SCHEMA
from tests.interop.peers import apollo_gateway, hive_gateway, needs
from tests.support.databases import copied
from tests.support.moments import NOON
from tests.support.servers import environment_of, gateway, services, subgraph_urls
from tests.support.tokens import tokens_of_people

HOME = (OPERATIONS / "mini" / "Home.graphql").read_text("utf-8")
GATEWAYS = {"apollo": apollo_gateway, "hive": hive_gateway}

pytestmark = needs("@apollo/gateway", "@apollo/server", "@graphql-hive/gateway-runtime", "@graphql-hive/router-runtime")


@dataclass(frozen=True, slots=True)
class SplitMall:
    """The mall in five processes: its supergraph with their addresses, and our gateway in front of them."""

    supergraph: Path
    endpoint: str
    tokens: Mapping[str, str]


@pytest.fixture(scope="module")
def mall(tiny_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SplitMall]:
    settings = copied(tiny_template, tmp_path_factory.mktemp("interop"))
    with clock.at(NOON):
        tokens = tokens_of_people(settings)
    environment = {**environment_of(settings), "JISHI_CLOCK": NOON.isoformat()}
    with ExitStack() as stack:
        urls = {name: service.url for name, service in stack.enter_context(services(environment)).items()}
        ours, _ = stack.enter_context(gateway({**environment, **subgraph_urls(urls)}))
        supergraph = settings.home / "supergraph.graphql"
        supergraph.write_text(_with_addresses(urls), "utf-8")
        yield SplitMall(supergraph, f"{ours}/graphql", tokens)


def _with_addresses(urls: dict[str, str]) -> str:
    text = (SCHEMA / "supergraph.graphql").read_text("utf-8")
    for place, name in enumerate(DOMAINS):
        known = f'"http://127.0.0.1:{4001 + place}/graphql"'
        assert known in text
        text = text.replace(known, f'"{urls[name]}"')
    return text


def home(mall: SplitMall, endpoint: str, name: str) -> str:
    """The answer's text, as sent."""
    headers = {} if name == "guest" else {"authorization": f"Bearer {mall.tokens[name]}"}
    answer = httpx.post(endpoint, json={"query": HOME}, headers=headers, timeout=30)
    assert answer.status_code == 200
    return answer.text.rstrip("\n")


@pytest.mark.parametrize("name", ["guest", "buyer"])
@pytest.mark.parametrize("peer", GATEWAYS)
def test_home_is_the_same_text_through_every_gateway(mall: SplitMall, peer: str, name: str) -> None:
    ours = home(mall, mall.endpoint, name)
    assert '"errors"' not in ours
    assert len(ours) > 40_000
    with GATEWAYS[peer](mall.supergraph) as (endpoint, _):
        assert home(mall, endpoint, name) == ours


def test_a_member_and_a_guest_see_different_homes(mall: SplitMall) -> None:
    assert home(mall, mall.endpoint, "guest") != home(mall, mall.endpoint, "buyer")
