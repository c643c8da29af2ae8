"""Ports that are answered by another subgraph, in this process or over HTTP: both are one GraphQL request."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from kit.errors import Unavailable
from kit.ports import Author
from kit.viewer import GUEST
from resolvers.context import Context
from subgraphs.runtime import Subgraph

Ask = Callable[[str, Mapping[str, Any]], Awaitable[Mapping[str, Any] | None]]
"""The data of the answer to a query with its variables, None where there is none."""

_AUTHORS = """
query Authors($members: [_Any!]!) {
  _entities(representations: $members) {
    ... on Member { id nickname avatar }
  }
}
"""


class GraphMembers:
    """The port to members, by way of their subgraph."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def authors(self, member_ids: Sequence[str]) -> list[Author | None]:
        """Each member as an author, None where there is none. Raises Unavailable."""
        members = [{"__typename": "Member", "id": member_id} for member_id in member_ids]
        data = await self._ask(_AUTHORS, {"members": members})
        if data is None:
            raise Unavailable("members.silent", "who you are could not be looked up: try again")
        return [Author(**found) if found else None for found in data["_entities"]]


def asked_in_process(subgraph: Subgraph) -> Ask:
    """Asks a subgraph of this process, as nobody in particular."""

    async def ask(query: str, variables: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return (await subgraph.answer(query, variables, Context(GUEST))).data

    return ask
