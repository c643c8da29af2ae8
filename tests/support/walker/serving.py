"""The mall as a process, walked through over HTTP: who asks shows a token, as every client does."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from kit.settings import Settings
from kit.viewer import Viewer, name_of
from models.base import open_database
from tests.support import world
from tests.support.mall import Costs
from tests.support.matrix import HATS
from tests.support.moments import NOON
from tests.support.servers import ROOT, environment_of, gateway
from tests.support.tokens import token_of
from tests.support.walker.walking import viewer_of
from tests.support.world import Owner

ASK_FREELY = [hat for hat in HATS if not hat.startswith(("partner", "service"))]
"""Hats whose clients may send what they like; partners run registered documents, and services come to no gateway."""
BEHIND_THE_SCENES = re.compile(
    r"_(outbox|heard|audit_unsealed|audit_seal|recall)\b|signing_key\b|^(BEGIN|COMMIT|ROLLBACK)"
)
"""Statements that no request asked for."""


@dataclass(frozen=True, slots=True)
class People:
    """Whose the rows of the world are, and the tokens of those who ask."""

    owners: Mapping[str, Owner]
    tokens: Mapping[Viewer, str]


async def populated(settings: Settings) -> People:
    """Fill the empty mall, which is open nowhere in this process, with the world of two parties."""
    async with open_database(settings):
        await world.build()
        viewers = [viewer_of(hat, "a") for hat in HATS if not hat.startswith(("guest", "service"))]
        return People(await world.owners(), {viewer: await token_of(settings, viewer) for viewer in viewers})


@dataclass(slots=True)
class Served:
    """A gateway that runs, as its clients meet it."""

    client: httpx.AsyncClient
    tokens: Mapping[Viewer, str]
    notes: Path

    def headers_of(self, viewer: Viewer) -> dict[str, str]:
        """What the viewer's client sends along."""
        if viewer.is_guest:
            return {}
        return {"authorization": f"Bearer {self.tokens[viewer]}", "jishi-hat": name_of(viewer)}

    async def post(self, body: Mapping[str, Any], viewer: Viewer) -> httpx.Response:
        """The answer to a request."""
        return await self.client.post("/graphql", json=body, headers=self.headers_of(viewer))

    async def ask(self, query: str, viewer: Viewer, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The response to one operation, which is no refusal of the whole."""
        answer = await self.post({"query": query, "variables": variables or {}}, viewer)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    @contextmanager
    def costs(self) -> Iterator[Costs]:
        """What the requests of a block cost the process."""
        before, costs = self.notes.stat().st_size, Costs()
        yield costs
        with self.notes.open() as file:
            file.seek(before)
            costs.statements = [line for line in file.read().splitlines() if not BEHIND_THE_SCENES.search(line)]


@asynccontextmanager
async def served(settings: Settings, people: People, **environment: str) -> AsyncIterator[Served]:
    """The mall's gateway as a process, at NOON."""
    notes = settings.home / "statements.txt"
    notes.touch()
    paths = f"{ROOT}:{ROOT / 'tests/support/noting'}"
    known = {**environment_of(settings), "JISHI_CLOCK": NOON.isoformat(), "NOTES": str(notes), "PYTHONPATH": paths}
    with gateway({**known, **environment}) as (url, _):
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            yield Served(client, people.tokens, notes)
