"""Ports that are answered by another subgraph, in this process or over HTTP: both are one GraphQL request."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from kit.errors import Unavailable
from kit.ports import Author
from kit.settings import Settings
from kit.tokens import Tokens
from kit.viewer import GUEST, Bearer, Viewer
from resolvers.context import Context, Tools
from resolvers.members.privacy import own_keychain
from subgraphs.runtime import Subgraph, asked_over_http

Ask = Callable[[str, Mapping[str, Any], Viewer], Awaitable[Mapping[str, Any] | None]]
"""The data of the answer to a query with its variables, as a viewer gets it; None where there is none."""

TOKEN_LIFE = timedelta(minutes=1)

_AUTHORS = """
query Authors($members: [_Any!]!) {
  _entities(representations: $members) {
    ... on Member { id nickname avatar }
  }
}
"""

_JOBS = """
query Jobs($members: [_Any!]!) {
  _entities(representations: $members) {
    ... on Member { jobs(first: 50) { edges { node { shop { id } role } } } }
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
        data = await self._ask(_AUTHORS, {"members": members}, GUEST)
        if data is None:
            raise Unavailable("members.silent", "who you are could not be looked up: try again")
        return [Author(**found) if found else None for found in data["_entities"]]


class GraphStaff:
    """The port to shops' staff, by way of their subgraph, asked as the member in question."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def hats(self, member_id: str) -> dict[str, str]:
        """Shop id -> the member's role there, of up to 50 shops. Raises Unavailable."""
        members = [{"__typename": "Member", "id": member_id}]
        data = await self._ask(_JOBS, {"members": members}, Viewer.member(member_id))
        jobs = data["_entities"][0]["jobs"] if data and data["_entities"][0] else None
        if jobs is None:
            raise Unavailable("shops.silent", "where you work could not be looked up: try again")
        return {edge["node"]["shop"]["id"]: edge["node"]["role"] for edge in jobs["edges"]}


def asked_in_process(subgraph: Subgraph) -> Ask:
    """Asks a subgraph of this process."""

    async def ask(query: str, variables: Mapping[str, Any], viewer: Viewer) -> Mapping[str, Any] | None:
        return (await subgraph.answer(query, variables, Context(viewer))).data

    return ask


def tools_in_process(settings: Settings, tokens: Tokens, subgraphs: Mapping[str, Subgraph]) -> Tools:
    """The tools of a process that holds all subgraphs."""
    staff, members = asked_in_process(subgraphs["shops"]), asked_in_process(subgraphs["members"])
    return Tools(tokens, own_keychain(settings.master_keys), GraphStaff(staff), GraphMembers(members))


def tools_over_http(settings: Settings, tokens: Tokens, name: str) -> Tools:
    """The tools of the subgraph `name` on its own: others are asked where the settings say they are."""

    def sign(viewer: Viewer) -> str:
        return tokens.sign(Bearer.of(viewer), lasting=TOKEN_LIFE)

    def ask(name: str) -> Ask | None:
        url = settings.subgraph_urls.get(name)
        return asked_over_http(name, url, sign) if url else None

    staff, members = ask("shops"), ask("members")
    return Tools(
        tokens,
        own_keychain(settings.master_keys) if name == "members" else None,
        GraphStaff(staff) if staff else None,
        GraphMembers(members) if members else None,
    )
