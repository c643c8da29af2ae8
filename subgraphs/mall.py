"""The mall as a gateway serves it: the engine over its five subgraphs, and who asks it.

`gateway.py` imports this module by name, and only to serve the mall.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from graphql import parse, validate
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from federation.admission import Grants, MemoryStore
from federation.engine import Engine, Options
from federation.execution.fused import NotFusable, fuse
from federation.execution.spliced import Ledger
from federation.execution.transport import Observe, Transport
from federation.planning import plan
from federation.supergraph import Supergraph
from kit import clock, cursors
from kit.client import CLIENT_HEADER
from kit.contexts import GATEWAY, ContextWriter
from kit.demo import Persona, graphiql_choices, personas, welcome
from kit.errors import Unavailable
from kit.processes import own_key
from kit.settings import Settings
from kit.viewer import Hat
from resolvers.database import CACHE
from subgraphs import content, members, orders, products, shops
from subgraphs.door import welcomed
from subgraphs.ports import tools_in_process, trust_in_process, trust_over_http
from subgraphs.requests import CacheLedger, RequestScope, VouchingLedger
from subgraphs.runtime import LocalSubgraph, in_process
from subgraphs.speaking import Speaking

SCHEMA = Path(__file__).parents[1] / "schema"
OPERATIONS = SCHEMA / "operations"
FRAGMENTS = 20_000
"""Most parts of answers that are kept."""
SUBGRAPHS = {part.subgraph.name: part.subgraph for part in (shops, products, orders, members, content)}


class Mall:
    """The mall that `settings` describe. `people` are whom its demo lets one be."""

    def __init__(self, settings: Settings, people: Sequence[Persona] = ()) -> None:
        self.settings = settings
        self._people = people
        self._tools = tools_in_process(settings, SUBGRAPHS)
        if self.is_embedded:
            self.trust = trust_in_process(settings, SUBGRAPHS)
        else:
            self._writer = ContextWriter(GATEWAY, own_key(settings.process_keys, GATEWAY))
            self.trust = trust_over_http(settings, self._writer)

    @classmethod
    def of_environment(cls) -> Mall:
        """The mall of the environment: its settings say where the clock stops, and which key seals cursors."""
        settings = Settings.read()
        if settings.clock:
            clock.use(clock.stopped_at(settings.clock))
        cursors.use(settings.sealing_key)
        return cls(settings, personas(settings) if settings.development else ())

    cache = CACHE
    """What this process keeps of what it reads."""

    @property
    def is_embedded(self) -> bool:
        """Whether the subgraphs, and their background work, run in this process."""
        return not self.settings.subgraph_urls

    def engine(self, observe: Observe) -> Engine:
        """The engine over the five subgraphs: in this process, or over HTTP where the settings say so."""
        supergraph = Supergraph.parse((SCHEMA / "supergraph.graphql").read_text("utf-8"))
        ways: dict[str, Transport] = {}
        for name in (known.name for known in supergraph.subgraphs.values()):
            url = self.settings.subgraph_urls.get(name)
            ways[name] = Speaking(name, url, self._writer, observe=observe) if url else in_process(SUBGRAPHS[name])
        options = Options(
            store=MemoryStore(registered_operations()),
            introspection=self.settings.introspection,
            ledger=self._ledger() if self.settings.fragment_bytes else None,
            fragments=(FRAGMENTS, self.settings.fragment_bytes),
        )
        return Engine(supergraph, ways, options)

    def _ledger(self) -> Ledger:
        """What answers are kept by: the cache that the subgraphs of this process read through, or what services say."""
        return VouchingLedger() if SUBGRAPHS.keys() <= self.settings.subgraph_urls.keys() else CacheLedger(self.cache)

    def operation_counts(self) -> Mapping[str, int]:
        """How often operations of the subgraphs in this process were compiled and run so, and how often they were left
        to strawberry's execution, by reason."""
        return sum((subgraph.operations.counts for subgraph in SUBGRAPHS.values()), Counter[str]())

    async def identify(self, headers: Mapping[str, str]) -> tuple[Grants, RequestScope]:
        """What the viewer whom the request's token names is granted, and what subgraphs in this process are handed.

        A bad token is refused with 401, a hat that is not theirs with 403; 503 where that cannot be told now.
        """
        viewer = await welcomed(self.trust, headers)
        grants = Grants(not viewer.is_guest, viewer.scopes, registered_only=viewer.hat is Hat.PARTNER)
        return grants, RequestScope(viewer, self._tools, address=headers.get(CLIENT_HEADER, ""))

    def routes(self) -> list[Route]:
        """What is served beside GraphQL: the keys that sign access tokens, for whoever wants to verify them."""
        return [Route("/.well-known/jwks.json", self._keys)]

    async def _keys(self, _: Request) -> Response:
        """The keys as a JWK set (RFC 7517)."""
        try:
            keys = await self.trust.keys()
        except Unavailable as error:
            raise HTTPException(503, error.message) from None
        return JSONResponse({"keys": [key.as_jwk() for key in keys]}, headers={"cache-control": "public, max-age=60"})

    def demo(self) -> dict[str, Any] | None:
        """What GraphiQL offers to pick from in development."""
        return graphiql_choices(self._people, OPERATIONS) if self.settings.development else None

    def welcome(self, address: str) -> str:
        """What to print at the start in development."""
        return welcome(address, self._people)


def code_of(text: str) -> str:
    """The Python that an operation becomes: that of its plan, fused, and that of each subgraph's operation.

    Raises GraphQLError for an operation that is not valid.
    """
    supergraph = Supergraph.parse((SCHEMA / "supergraph.graphql").read_text("utf-8"))
    document = parse(text)
    for error in validate(supergraph.api_schema, document):
        raise error
    planned = plan(document, supergraph)
    locals_ = {name: LocalSubgraph(subgraph) for name, subgraph in SUBGRAPHS.items()}
    try:
        parts = [("the plan, fused", fuse(planned, locals_).source)]
    except NotFusable as left:
        parts = [(f"the plan is not fused: {left.reason}", "")]
    for fetch in planned.fetches:
        parts.append((f"fetch {fetch.number}: {fetch.service}", locals_[fetch.service].operation(fetch.query).source))
    return "\n\n".join(f"# {title}\n{code}" for title, code in parts)


def registered_operations() -> dict[str, str]:
    """Our own operations: their text by name (`mini/Home`) and by SHA-256."""
    texts = {
        str(path.relative_to(OPERATIONS).with_suffix("")): path.read_text("utf-8")
        for path in OPERATIONS.rglob("*.graphql")
    }
    return texts | {hashlib.sha256(text.encode()).hexdigest(): text for text in texts.values()}
