"""The mall with strawberry itself as executor, over HTTP: `python -m bench.stock_server PORT`."""

from __future__ import annotations

import sys

from bench.one_stack import by_strawberry
from federation.admission import MemoryStore
from federation.engine import Engine, Options
from federation.supergraph import Supergraph
from gateway import Identity, front_door, serve
from jobs.embedded import working
from kit.settings import Settings
from kit.viewer import GUEST
from resolvers.context import Tools
from subgraphs.mall import SCHEMA, SUBGRAPHS, registered_operations
from subgraphs.runtime import RequestScope


def main() -> None:
    """Serve guests."""
    settings = Settings.read()
    supergraph = Supergraph.parse((SCHEMA / "supergraph.graphql").read_text("utf-8"))
    ways = {name: by_strawberry(subgraph) for name, subgraph in SUBGRAPHS.items()}
    engine = Engine(supergraph, ways, Options(store=MemoryStore(registered_operations())))

    async def identify(_: object) -> Identity:
        return Identity(value=RequestScope(GUEST, Tools()))

    door = front_door(engine, identify=identify, running=lambda: working(settings))
    serve(door, host="127.0.0.1", port=int(sys.argv[1]))


if __name__ == "__main__":
    main()
