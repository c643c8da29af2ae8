"""The data of a random federated graph behind one schema, answered by graphql-core: what its parts must say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLSchema, execute_sync, parse

from tests.federation import pockets
from tests.federation.emulator import Row
from tests.federation.graphs import FederatedGraph


@dataclass(frozen=True)
class Seen:
    """A row, and through which others it was reached."""

    row: Row
    above: Seen | None = None

    def wrap(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.wrap(item) for item in value]
        return Seen(value, self) if isinstance(value, dict) else value

    @property
    def context(self) -> int:
        """What the nearest holder above says."""
        assert self.above is not None
        return pockets.setting_of(self.row) if self.row["__typename"] in ("Bag", "Crate") else self.above.context


def in_one_piece(graph: FederatedGraph, schema: GraphQLSchema, query: str) -> Any:
    """What graphql-core makes of the operation on the whole schema."""
    root = {name: value for row in graph.rows if row["__typename"] == "Query" for name, value in row.items()}

    def resolve(seen: Seen, info: Any, **arguments: Any) -> Any:
        value = seen.row.get(info.field_name)
        if value is pockets.size:
            arguments["of"] = seen.context
        return seen.wrap(value(seen.row, arguments) if callable(value) else value)

    result = execute_sync(
        schema,
        parse(query),
        Seen(root),
        field_resolver=resolve,
        type_resolver=lambda seen, info, kind: seen.row["__typename"],
    )
    assert not result.errors
    return result.data
