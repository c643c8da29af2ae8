"""A partner's system over HTTP: it runs what is registered for it, sees what the matrix says, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from federation.supergraph import Supergraph
from gateway import mall_gateway
from kit.settings import Settings
from kit.viewer import GUEST, Viewer
from subgraphs import mall
from subgraphs.mall import SCHEMA, Mall
from tests.journeys.test_isolation import HIDDEN
from tests.support import world
from tests.support.listening import listening
from tests.support.mall import Costs
from tests.support.tokens import token_of
from tests.support.walker.judging import differences
from tests.support.walker.operations import Operation
from tests.support.walker.paths import Ways
from tests.support.walker.walking import SILENT, behind, operations, published_cells, strange, viewer_of, walked

pytestmark = pytest.mark.usefixtures("noon")

WAYS = Ways(Supergraph.parse((SCHEMA / "supergraph.graphql").read_text("utf-8")).api_schema, "Query")
PARTNER = viewer_of("partner", "a")
FREE = "{ shops(first: 1) { edges { node { id } } } }"
HASHED = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(FREE.encode()).hexdigest()}}


@dataclass(frozen=True, slots=True)
class PartnersSystem:
    """A client that sends ids of documents, with the partner's token."""

    client: httpx.AsyncClient
    ids: Mapping[str, str]
    tokens: Mapping[Viewer, dict[str, str]]

    async def post(self, body: Mapping[str, Any], viewer: Viewer = PARTNER) -> httpx.Response:
        return await self.client.post("/graphql", json=body, headers=self.tokens[viewer])

    async def ask(self, query: str, viewer: Viewer, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The response to the registered document of that text."""
        answer = await self.post({"documentId": self.ids[query], "variables": variables or {}}, viewer)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def costs(self) -> AbstractContextManager[Costs]:
        """Nothing is counted."""
        return nullcontext(Costs())


@asynccontextmanager
async def system(settings: Settings, folder: Path, documents: list[Operation]) -> AsyncIterator[PartnersSystem]:
    """The mall's gateway over HTTP with these documents registered, as the files of a folder are."""
    ids = {one.text: f"partner/Walk{number}" for number, one in enumerate(documents)}
    for text, id_ in ids.items():
        path = folder / f"{id_}.graphql"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    tokens = {
        PARTNER: {"authorization": f"Bearer {await token_of(settings, PARTNER)}", "jishi-hat": "partner"},
        GUEST: {},
    }
    async with (
        listening(mall_gateway(Mall(settings))) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        yield PartnersSystem(client, ids, tokens)


@pytest.fixture
def registered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder whose documents the mall registers."""
    folder = tmp_path / "operations"
    folder.mkdir()
    monkeypatch.setattr(mall, "OPERATIONS", folder)
    return folder


async def test_a_partner_gets_by_registered_documents_exactly_what_the_matrix_says(
    database: Settings, registered: Path
) -> None:
    await world.build()
    documents = operations(WAYS)
    async with system(database, registered, documents) as partner:
        sights = await walked(partner, documents, "partner", await world.owners())
    cells = published_cells(WAYS, "partner")
    assert differences(cells, sights, SILENT) == []
    assert len(sights.foreign) > 100


async def test_to_a_partner_the_hidden_is_as_the_missing(database: Settings, registered: Path) -> None:
    await world.build()
    documents = {root: behind(WAYS, root) for root in HIDDEN}
    async with system(database, registered, list(documents.values())) as partner:
        for root, ids in HIDDEN.items():
            answers = [await partner.ask(documents[root].text, PARTNER, {root: id_}) for id_ in ids]
            assert answers[0] == answers[1], root
            assert (answers[0]["data"], strange(answers[0])) == ({root: None}, [])


async def test_a_partner_sends_no_text_of_its_own_in_any_form(database: Settings, registered: Path) -> None:
    await world.build()
    known = operations(WAYS, ["guest"])[0]
    async with system(database, registered, [known]) as partner:
        assert (await partner.post({"query": FREE, "extensions": HASHED}, GUEST)).status_code == 200
        assert (await partner.post({"extensions": HASHED}, GUEST)).status_code == 200, "now everybody may name it"
        for body in (
            {"query": FREE},
            {"query": FREE, "extensions": HASHED},
            {"extensions": HASHED},
            {"query": known.text},
        ):
            answer = await partner.post(body)
            assert (answer.status_code, "data" in answer.json()) == (403, False)
            assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["PERSISTED_ONLY"]
        by_get = await partner.client.get("/graphql", params={"query": FREE}, headers=partner.tokens[PARTNER])
        assert by_get.status_code == 403
        both = await partner.post({"query": FREE, "documentId": "partner/Walk0"})
        assert [error["extensions"]["code"] for error in both.json()["errors"]] == ["BAD_REQUEST"]
