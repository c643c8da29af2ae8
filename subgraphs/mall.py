"""The mall as a gateway serves it: the engine over its five subgraphs, and who asks it.

`gateway.py` imports this module by name, and only to serve the mall.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from federation.admission import Grants, MemoryStore
from federation.engine import Engine, Options
from federation.execution.transport import HttpTransport, Observe, Transport
from federation.supergraph import Supergraph
from kit import clock
from kit.demo import Persona, graphiql_choices, personas, welcome
from kit.graphql_http import HTTPRefusal
from kit.settings import Settings
from kit.viewer import TokenRefused, Tokens
from subgraphs import content, members, orders, products, shops
from subgraphs.ports import tools_in_process
from subgraphs.runtime import RequestScope, in_process

SCHEMA = Path(__file__).parents[1] / "schema"
OPERATIONS = SCHEMA / "operations"
SUBGRAPHS = {part.subgraph.name: part.subgraph for part in (shops, products, orders, members, content)}


class Mall:
    """The mall that `settings` describe. `people` are whom its demo lets one be."""

    def __init__(self, settings: Settings, tokens: Tokens, people: Sequence[Persona] = ()) -> None:
        self.settings = settings
        self._tokens = tokens
        self._people = people
        self._tools = tools_in_process(settings, tokens, SUBGRAPHS)

    @classmethod
    def of_environment(cls) -> Mall:
        """The mall of the environment's settings. Stops the clock where they say so."""
        settings = Settings.read()
        if settings.clock:
            clock.use(clock.stopped_at(settings.clock))
        tokens = Tokens.from_file(settings.signing_key)
        return cls(settings, tokens, personas(settings, tokens) if settings.development else ())

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
            ways[name] = HttpTransport(name, url, observe=observe) if url else in_process(SUBGRAPHS[name])
        store = MemoryStore(registered_operations())
        return Engine(supergraph, ways, Options(store=store, introspection=self.settings.introspection))

    async def identify(self, headers: Mapping[str, str]) -> tuple[Grants, RequestScope]:
        """What the viewer whom the request's token names is granted, and what subgraphs in this process are handed.

        A bad token is refused with 401.
        """
        try:
            viewer = self._tokens.viewer_of(headers.get("authorization"))
        except TokenRefused as refused:
            raise HTTPRefusal(401, refused.kind, refused.message) from None
        grants = Grants(not viewer.is_guest, viewer.scopes, registered_only=viewer.partner is not None)
        return grants, RequestScope(viewer, self._tools)

    def demo(self) -> dict[str, Any] | None:
        """What GraphiQL offers to pick from in development."""
        return graphiql_choices(self._people, OPERATIONS) if self.settings.development else None

    def welcome(self, address: str) -> str:
        """What to print at the start in development."""
        return welcome(address, self._people)


def registered_operations() -> dict[str, str]:
    """Our own operations: their text by name (`mini/Home`) and by SHA-256."""
    texts = {
        str(path.relative_to(OPERATIONS).with_suffix("")): path.read_text("utf-8")
        for path in OPERATIONS.rglob("*.graphql")
    }
    return texts | {hashlib.sha256(text.encode()).hexdigest(): text for text in texts.values()}
