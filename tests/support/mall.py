"""The whole mall in a test: its engine with the subgraphs in process, and who asks it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import orjson

from federation.admission import Grants, GraphQLRequest, MemoryStore
from federation.engine import Engine, Options
from federation.execution.spliced import Ledger
from federation.execution.transport import Local, RequestContext, SubgraphRequest, SubgraphResponse, Transport
from federation.supergraph import Supergraph
from kit.settings import Settings
from kit.viewer import GUEST, Viewer
from models.cached import CACHE
from resolvers.context import Tools
from subgraphs.mall import SCHEMA, SUBGRAPHS, registered_operations
from subgraphs.requests import CacheLedger, RequestScope
from subgraphs.runtime import in_process
from tests.support.statements import counted_statements


class Counted:
    """A transport that counts its calls, those of fused plans too."""

    def __init__(self, name: str, way: Transport, calls: Counter[str]) -> None:
        self._name, self._way, self._calls = name, way, calls
        local: Local | None = getattr(way, "local", None)
        self.local = None if local is None else CountedLocal(name, local, calls)

    async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        self._calls[self._name] += 1
        return await self._way.send(request, context)


class CountedLocal:
    """A subgraph of this process that counts its runs."""

    def __init__(self, name: str, local: Local, calls: Counter[str]) -> None:
        self._name, self._local, self._calls = name, local, calls
        self.operation, self.rendered = local.operation, local.rendered

    def context(self, context: RequestContext) -> Any:
        self._calls[self._name] += 1
        return self._local.context(context)


@dataclass(slots=True)
class Costs:
    """What answering costs: the statements in their order, and the calls to each subgraph where they can be counted."""

    statements: list[str] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Mall:
    """The mall's engine; `calls` counts the calls to each subgraph."""

    engine: Engine
    calls: Counter[str] = field(default_factory=Counter)
    tools: Tools = field(default_factory=Tools)

    async def ask(
        self,
        query: str,
        viewer: Viewer = GUEST,
        variables: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """The response to one operation, as a client reads it; `headers` go along to subgraphs over HTTP."""
        return await self._answer(GraphQLRequest(query, variables=variables or {}), viewer, headers or {})

    @contextmanager
    def costs(self) -> Iterator[Costs]:
        """What the requests of a block cost."""
        costs = Costs()
        self.calls.clear()
        with counted_statements() as statements:
            yield costs
        costs.statements, costs.calls = statements.texts, dict(self.calls)

    async def home(
        self,
        viewer: Viewer = GUEST,
        variables: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """The response to the registered Home query: limits for ad hoc operations do not hold for it."""
        asked = GraphQLRequest(document_id="mini/Home", variables=variables or {})
        return await self._answer(asked, viewer, headers or {})

    async def _answer(self, asked: GraphQLRequest, viewer: Viewer, headers: Mapping[str, str]) -> dict[str, Any]:
        response = await self.engine.execute(
            asked,
            RequestContext(headers, None, RequestScope(viewer, self.tools)),
            Grants(not viewer.is_guest, viewer.scopes),
        )
        body: dict[str, Any] = orjson.loads(orjson.dumps(response.body()))
        return body


def embedded_mall(
    ways: Mapping[str, Transport] | None = None,
    tools: Tools | None = None,
    *,
    fragments: int = 0,
    ledger: Ledger | None = None,
    sdl: str | None = None,
) -> Mall:
    """The mall in this process; `ways` replaces the way to some subgraphs, `sdl` its supergraph. It keeps so many bytes
    of fragments, by the cache's ledger or by another one.
    """
    supergraph = Supergraph.parse(sdl or (SCHEMA / "supergraph.graphql").read_text("utf-8"))
    calls: Counter[str] = Counter()
    transports: dict[str, Transport] = {}
    for known in supergraph.subgraphs.values():
        way = (ways or {}).get(known.name) or in_process(SUBGRAPHS[known.name])
        transports[known.name] = Counted(known.name, way, calls)
    options = Options(
        store=MemoryStore(registered_operations()),
        ledger=(ledger or CacheLedger(CACHE)) if fragments else None,
        fragments=(1_000, fragments),
    )
    return Mall(Engine(supergraph, transports, options), calls, tools or Tools())


def persona(settings: Settings, name: str) -> Viewer:
    """Whom the seeded mall calls `name`."""
    people = orjson.loads(Path(settings.home / "personas.json").read_bytes())
    return next(msgspec.convert(person["hats"][0], Viewer) for person in people if person["name"] == name)


def nodes(answer: Mapping[str, Any], *path: str) -> list[dict[str, Any]]:
    """The nodes of the connection at `path` of an answer's data."""
    at: Any = answer["data"]
    for step in path:
        at = at[step]
    return [edge["node"] for edge in at["edges"]]
