"""A subgraph that is a service opens to the mall's own processes and to known routers, and to nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace

import httpx
import pytest

from jobs.signing import rotate
from kit.contexts import HEADER, ContextWriter
from kit.processes import own_key
from kit.settings import DOMAINS, Settings
from kit.viewer import GUEST, Viewer
from models.base import unit_of_work
from models.members.session import Session
from services.members.privacy.keys import own_keychain
from services.members.session import end_session
from subgraphs.mall import SUBGRAPHS
from subgraphs.service import application
from tests.support.moments import DAY, NOON
from tests.support.tokens import token_of, with_process_keys

SECRET = "a router whose secret is long enough"
LIN = Viewer.member("mbr_lin", "ses_lin")
QUERIES = ("{ __typename }", "{ _service { sdl } }", "{ __schema { types { name } } }", "not GraphQL {")

pytestmark = pytest.mark.usefixtures("noon")


@dataclass(frozen=True, slots=True)
class Service:
    """A subgraph behind HTTP; all others in this process are away."""

    settings: Settings
    client: httpx.AsyncClient
    name: str

    def context(self, viewer: Viewer, issuer: str = "gateway") -> dict[str, str]:
        writer = ContextWriter(issuer, own_key(self.settings.process_keys, issuer))
        return {HEADER: writer.write(viewer, self.name)}

    async def ask(self, headers: Mapping[str, str], query: str = "{ __typename }") -> httpx.Response:
        return await self.client.post("/graphql", json={"query": query}, headers=headers)


@pytest.fixture(params=DOMAINS)
def name(request: pytest.FixtureRequest) -> str:
    asked: str = request.param
    return asked


@pytest.fixture
async def service(database: Settings, name: str, noon: None) -> AsyncIterator[Service]:
    settings = replace(with_process_keys(database), router_secrets=("another router with another secret", SECRET))
    await rotate(settings, own_keychain(settings.master_keys))
    await Session.create(id="ses_lin", member_id="mbr_lin", created_at=NOON, expires_at=NOON + DAY)
    transport = httpx.ASGITransport(application(SUBGRAPHS[name], settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://subgraph") as client:
        yield Service(settings, client, name)


@pytest.mark.parametrize("query", QUERIES)
async def test_without_context_or_secret_nothing_is_told(service: Service, query: str) -> None:
    answer = await service.ask({}, query)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json() == {
        "errors": [
            {
                "message": "who you are could not be verified: refresh your token, or sign in again",
                "extensions": {"code": "UNAUTHENTICATED"},
            }
        ]
    }


async def test_it_opens_to_the_gateway_for_a_guest_and_to_a_router_for_a_guest(service: Service) -> None:
    for headers in (service.context(GUEST), {"jishi-router": SECRET}):
        answer = await service.ask(headers)
        assert (answer.status_code, answer.json()) == (200, {"data": {"__typename": "Query"}})


@pytest.mark.parametrize("secret", ["", SECRET[:-1], SECRET + " ", SECRET.upper(), f"{SECRET}, {SECRET}"])
async def test_a_router_must_know_a_whole_secret(service: Service, secret: str) -> None:
    assert (await service.ask({"jishi-router": secret})).status_code == 401


async def test_a_token_alone_does_not_open(service: Service) -> None:
    token = await token_of(service.settings, LIN)
    assert (await service.ask({"authorization": f"Bearer {token}"})).status_code == 401


@pytest.mark.parametrize("name", ["members"])
async def test_behind_a_router_the_viewers_own_token_is_verified_again(service: Service) -> None:
    query = "{ me { id } signOut: __typename }"
    token = await token_of(service.settings, LIN)
    router = {"jishi-router": SECRET}
    assert (await service.ask({**router, "authorization": f"Bearer {token}"}, query)).status_code == 200
    forged = f"{token[:-9]}{'B' if token[-9] == 'A' else 'A'}{token[-8:]}"
    assert (await service.ask({**router, "authorization": f"Bearer {forged}"}, query)).status_code == 401
    worn = {**router, "authorization": f"Bearer {token}", "jishi-hat": "platform"}
    assert (await service.ask(worn, query)).status_code == 403


@pytest.mark.parametrize("name", ["members"])
async def test_a_session_that_ended_does_not_live_on_in_a_context(service: Service) -> None:
    async with unit_of_work("members"):
        await end_session("ses_lin", by=Viewer.member("mbr_lin", "ses_lin"))
    answer = await service.ask(service.context(LIN))
    assert answer.status_code == 401


@pytest.mark.parametrize("name", ["orders"])
async def test_where_members_are_silent_who_asks_cannot_be_told_but_guests_can(service: Service) -> None:
    answer = await service.ask(service.context(LIN))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
    assert (await service.ask(service.context(GUEST))).status_code == 200


@pytest.mark.parametrize("name", ["members"])
async def test_a_port_reads_what_it_needs_and_no_more(service: Service) -> None:
    news = '{ signing(since: "2026-11-22T00:00:00+00:00") { keys { kid } } }'
    for issuer in ("gateway", *DOMAINS):
        answer = await service.ask(service.context(Viewer.service("trust"), issuer), news)
        assert len(answer.json()["data"]["signing"]["keys"]) == 1
    for viewer, issuer in ((Viewer.service("authors"), "content"), (GUEST, "gateway"), (LIN, "gateway")):
        refused = await service.ask(service.context(viewer, issuer), news)
        assert refused.json()["data"] == {"signing": None}
        assert [error["extensions"]["code"] for error in refused.json()["errors"]] == ["FORBIDDEN"]
