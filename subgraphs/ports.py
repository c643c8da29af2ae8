"""Ports that are answered by another subgraph, in this process or over HTTP: both are one GraphQL request."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from kit.contexts import ContextWriter
from kit.errors import Unavailable
from kit.jws import PublicKey
from kit.keychain import Keychain
from kit.master_keys import LocalMasterKeys
from kit.ports import Author, Recall, TrustNews, TrustSource, WrappedKeeperKey, WrappedKey
from kit.settings import Settings
from kit.trust import MEMBERS, SHOPS, Trust
from kit.viewer import Viewer
from resolvers.context import Context, Tools
from resolvers.members.privacy import own_keychain
from subgraphs.runtime import Subgraph
from subgraphs.speaking import asked_over_http

Ask = Callable[[str, Mapping[str, Any], Viewer], Awaitable[Mapping[str, Any] | None]]
"""The data of the answer to a query with its variables, as a viewer gets it; None where there is none."""

_AUTHORS = """
query Authors($members: [_Any!]!) {
  _entities(representations: $members) {
    ... on Member { id nickname avatar }
  }
}
"""

_HATS = """
query Hats($member: ID!) {
  hats(memberId: $member) { shopId role }
}
"""

_SIGNING = """
query Signing($since: DateTime!) {
  signing(since: $since) { keys { kid x } recalls { subject at } }
}
"""

_STAFF_RECALLS = """
query StaffRecalls($since: DateTime!) {
  staffRecalls(since: $since) { subject at }
}
"""

_KEEPER_KEY = "id keeper version since masterId wrapped"
_KEYS = f"""
query Keys($persons: [String!]!) {{
  dataKeys(personIds: $persons) {{ id personId keeper wrapped under {{ {_KEEPER_KEY} }} }}
}}
"""
_KEEPER_KEYS = f"query KeeperKeys($keeper: String!) {{ keeperKeys(keeper: $keeper) {{ {_KEEPER_KEY} }} }}"


class GraphMembers:
    """The port to members, by way of their subgraph."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def authors(self, member_ids: Sequence[str]) -> list[Author | None]:
        """Each member as an author, None where there is none. Raises Unavailable."""
        members = [{"__typename": "Member", "id": member_id} for member_id in member_ids]
        data = await self._ask(_AUTHORS, {"members": members}, Viewer.service("authors"))
        if data is None:
            raise Unavailable("members.silent", "who you are could not be looked up: try again")
        return [Author(**found) if found else None for found in data["_entities"]]


class GraphStaff:
    """The port to shops' staff, by way of their subgraph."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def hats(self, member_id: str) -> dict[str, str]:
        """Shop id -> the member's role there, of up to 50 shops. Raises Unavailable."""
        data = await self._ask(_HATS, {"member": member_id}, Viewer.service("staff"))
        if not data or data["hats"] is None:
            raise Unavailable("shops.silent", "where you work could not be looked up: try again")
        return {hat["shopId"]: hat["role"] for hat in data["hats"]}


class GraphSigning:
    """What members tell whoever reads tokens, by way of their subgraph."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def news(self, since: datetime) -> TrustNews:
        """All keys, and what was called back since a moment. Raises Unavailable."""
        data = await self._ask(_SIGNING, {"since": since.isoformat()}, Viewer.service("trust"))
        told = data and data["signing"]
        if not told:
            raise Unavailable("members.silent", "tokens cannot be verified now: try again")
        keys = tuple(PublicKey(**key) for key in told["keys"])
        return TrustNews(keys, _recalls(told["recalls"]))


class GraphStaffRecalls:
    """What shops tell whoever reads tokens, by way of their subgraph."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def news(self, since: datetime) -> TrustNews:
        """Whose work in a shop changed since a moment. Raises Unavailable."""
        data = await self._ask(_STAFF_RECALLS, {"since": since.isoformat()}, Viewer.service("trust"))
        if not data or data["staffRecalls"] is None:
            raise Unavailable("shops.silent", "where you work cannot be verified now: try again")
        return TrustNews(recalls=_recalls(data["staffRecalls"]))


def _recalls(told: Sequence[Mapping[str, Any]]) -> tuple[Recall, ...]:
    return tuple(Recall(one["subject"], datetime.fromisoformat(one["at"])) for one in told)


class GraphKeys:
    """The port to members' keys, by way of their subgraph: what comes opens with the master keys of who asks."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def wrapped(self, person_ids: Sequence[str]) -> list[WrappedKey]:
        """Every data key of the persons. Raises Unavailable."""
        found = await self._asked(_KEYS, {"persons": list(person_ids)}, "dataKeys")
        return [
            WrappedKey(key["id"], key["personId"], key["keeper"], key["wrapped"], _keeper_key(key["under"]))
            for key in found
        ]

    async def keeper_keys(self, keeper: str) -> list[WrappedKeeperKey]:
        """Every version of a keeper's key that is in use. Raises Unavailable."""
        return [_keeper_key(key) for key in await self._asked(_KEEPER_KEYS, {"keeper": keeper}, "keeperKeys")]

    async def _asked(self, query: str, variables: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
        data = await self._ask(query, variables, Viewer.service("keys"))
        if data is None or data[field] is None:
            raise Unavailable("keys.silent", "personal data cannot be opened now: try again")
        found: list[dict[str, Any]] = data[field]
        return found


def _keeper_key(key: Mapping[str, Any]) -> WrappedKeeperKey:
    since = datetime.fromisoformat(key["since"])
    return WrappedKeeperKey(key["id"], key["keeper"], key["version"], since, key["masterId"], key["wrapped"])


def asked_in_process(subgraph: Subgraph) -> Ask:
    """Asks a subgraph of this process."""

    async def ask(query: str, variables: Mapping[str, Any], viewer: Viewer) -> Mapping[str, Any] | None:
        return (await subgraph.answer(query, variables, Context(viewer))).data

    return ask


def tools_in_process(settings: Settings, subgraphs: Mapping[str, Subgraph]) -> Tools:
    """The tools of a process that holds all subgraphs."""
    asks = {name: asked_in_process(subgraph) for name, subgraph in subgraphs.items()}
    return _tools(own_keychain(settings.master_keys), asks)


def tools_over_http(settings: Settings, name: str, writer: ContextWriter) -> Tools:
    """The tools of the subgraph `name` on its own: others are asked where the settings say they are."""
    asks = _asks_over_http(settings, writer)
    return _tools(_keychain(settings, name, asks), asks)


def _keychain(settings: Settings, name: str, asks: Mapping[str, Ask]) -> Keychain | None:
    if name == "members":
        return own_keychain(settings.master_keys)
    members = asks.get("members")
    return Keychain(GraphKeys(members), LocalMasterKeys(settings.master_keys)) if members else None


def _tools(keychain: Keychain | None, asks: Mapping[str, Ask]) -> Tools:
    staff, members = asks.get("shops"), asks.get("members")
    return Tools(keychain, GraphStaff(staff) if staff else None, GraphMembers(members) if members else None)


def trust_in_process(settings: Settings, subgraphs: Mapping[str, Subgraph]) -> Trust:
    """What a process that holds members and shops believes of tokens."""
    return _trust(settings, asked_in_process(subgraphs["members"]), asked_in_process(subgraphs["shops"]))


def trust_over_http(settings: Settings, writer: ContextWriter, own: Subgraph | None = None) -> Trust:
    """The same of a process apart; its `own` subgraph it asks itself."""
    asks = dict(_asks_over_http(settings, writer))
    if own:
        asks[own.name] = asked_in_process(own)
    return _trust(settings, asks.get("members", _nobody), asks.get("shops", _nobody))


def _trust(settings: Settings, members: Ask, shops: Ask) -> Trust:
    sources: dict[str, TrustSource] = {MEMBERS: GraphSigning(members), SHOPS: GraphStaffRecalls(shops)}
    return Trust(sources, longest=settings.longest_token)


def _asks_over_http(settings: Settings, writer: ContextWriter) -> dict[str, Ask]:
    return {name: asked_over_http(name, url, writer) for name, url in settings.subgraph_urls.items()}


async def _nobody(query: str, variables: Mapping[str, Any], viewer: Viewer) -> None:
    """Asks a subgraph of which nobody said where it is."""
