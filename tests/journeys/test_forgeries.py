"""No forged text opens the gateway or a subgraph, as a token or as a context, and all are told the same: nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from jobs.signing import rotate
from kit.contexts import HEADER
from kit.jws import SigningKey
from kit.processes import PROCESSES, own_key
from kit.settings import DOMAINS, Settings
from models.base import open_database, unit_of_work
from models.members.signing import MembersRecall
from models.recalls import recall
from models.shops.tables import ShopsRecall
from services.members.privacy.keys import own_keychain
from services.members.signing import retire_key, signing_key
from tests.support.databases import apart, copied
from tests.support.forging import FORGERIES, LONG_AGO, Forger
from tests.support.servers import ROUTER_SECRET, environment_of, gateway, services, subgraph_urls

REFUSED = {
    "errors": [
        {
            "message": "who you are could not be verified: refresh your token, or sign in again",
            "extensions": {"code": "UNAUTHENTICATED"},
        }
    ]
}
QUERY = {"query": "{ __typename }"}
ROUTER = {"jishi-router": ROUTER_SECRET}


@dataclass(frozen=True, slots=True)
class Mall:
    """The mall as six processes: where each listens, and the keys that it signs by."""

    urls: Mapping[str, str]
    ours: SigningKey
    retired: SigningKey
    settings: Settings
    client: httpx.Client

    def forger(self, at: str) -> Forger:
        keys = {name: own_key(self.settings.process_keys, name) for name in PROCESSES}
        return Forger(at, self.ours, self.retired, keys)

    def ask(self, at: str, headers: Mapping[str, str]) -> httpx.Response:
        sent = {name: value.encode("latin-1") for name, value in headers.items()}
        return self.client.post(self.urls[at], json=QUERY, headers=sent)


@pytest.fixture(scope="module")
def mall(empty_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mall]:
    """One session was ended, one person's sessions were all ended, and one key is retired."""
    settings = copied(empty_template, tmp_path_factory.mktemp("forged"))
    keys: list[SigningKey] = []
    apart(_prepare(settings, keys))
    with ExitStack() as stack:
        environment = environment_of(settings)
        started = stack.enter_context(services(environment))
        urls = {name: service.url for name, service in started.items()}
        address, _ = stack.enter_context(gateway({**environment, **subgraph_urls(urls)}))
        client = stack.enter_context(httpx.Client(timeout=30))
        yield Mall({"gateway": f"{address}/graphql", **urls}, keys[1], keys[0], settings, client)


async def _prepare(settings: Settings, keys: list[SigningKey]) -> None:
    keychain = own_keychain(settings.master_keys)
    async with open_database(settings):
        for _ in range(2):
            await rotate(settings, keychain)
            keys.append(await signing_key(keychain.masters))
            async with unit_of_work("members"):
                if len(keys) == 1:
                    await retire_key(keys[0].kid)
        async with unit_of_work("members"):
            await recall(MembersRecall, "ses_gone")
            await recall(MembersRecall, "mbr_gone")
        async with unit_of_work("shops"):
            await recall(ShopsRecall, "mbr_moved")


def bearer(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}".rstrip()}


def test_what_is_not_forged_opens(mall: Mall) -> None:
    """Else nothing below would prove anything."""
    for at in ("gateway", *DOMAINS):
        forger = mall.forger(at)
        answers = [mall.ask(at, bearer(forger.token()) | (ROUTER if at != "gateway" else {}))]
        answers += [mall.ask(at, {HEADER: forger.context()})] if at != "gateway" else []
        assert [answer.json() for answer in answers] == [{"data": {"__typename": "Query"}}] * len(answers)


def test_there_are_enough() -> None:
    assert len(FORGERIES) >= 60


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_opens_nothing_and_is_told_nothing(mall: Mall, name: str) -> None:
    for at in ("gateway", *DOMAINS):
        text = FORGERIES[name](mall.forger(at))
        ways = [bearer(text)] if at == "gateway" else [{**ROUTER, **bearer(text)}, {HEADER: text}]
        for headers in ways:
            answer = mall.ask(at, headers)
            told = answer.status_code, answer.headers["www-authenticate"], answer.json()
            assert told == (401, "Bearer", REFUSED), f"{name} at {at}: {[*headers]}"


def test_a_shops_hat_is_refused_when_the_work_there_has_changed(mall: Mall) -> None:
    for at in ("gateway", *DOMAINS):
        token = mall.forger(at).token(mall.forger(at).claims(sub="mbr_moved", iat=time.time() - LONG_AGO))
        headers = bearer(token) | (ROUTER if at != "gateway" else {})
        assert mall.ask(at, headers).status_code == 200
        refused = mall.ask(at, headers | {"jishi-hat": "shop:shp_a"})
        assert (refused.status_code, refused.json()) == (401, REFUSED)
