"""What a person with canaries does in a mall, well and badly, and what the mall answers."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.support.canaries import CANARIES, Canary, found_in
from tests.support.walker.mutations import NOTE

PATIENCE_SECONDS = 60
ERRORS = "errors { __typename ... on UserError { code message path } }"
SIGN_IN = f"""mutation ($phone: String!, $password: String!) {{
  signIn(input: {{ phone: $phone, password: $password }}) {{ result {{ token }} {ERRORS} }}
}}"""
ADD = (
    f"mutation ($input: AddAddressInput!) {{ addAddress(input: $input) {{ result {{ id receiver phone }} {ERRORS} }} }}"
)
CHANGE = f"""mutation ($input: ChangeAddressInput!) {{
  changeAddress(input: $input) {{ result {{ id receiver phone }} {ERRORS} }}
}}"""
REVEAL = f"""mutation ($id: ID!) {{
  address: revealAddress(input: {{ addressId: $id, purpose: OWN_USE }}) {{
    result {{ street receiver phone }} {ERRORS}
  }}
}}"""
ME = """{ me {
  id nickname phone level { name } addresses(first: 5) { edges { node { id receiver phone label } } }
  orders(first: 5) { edges { node { id } } } coupons(first: 5) { edges { node { id } } }
  jobs(first: 5) { edges { node { name } } } viewings(first: 5) { edges { node { at } } }
} }"""
EXPORT = f"mutation {{ exportMyData {{ result {{ id }} {ERRORS} }} }}"
READY = "{ myExports(first: 1) { edges { node { id readyAt } } } }"
TAKE = f"""mutation ($id: ID!, $password: String!) {{
  takeMyExport(input: {{ exportId: $id, password: $password }}) {{ result {{ json }} {ERRORS} }}
}}"""
ERASE = f"mutation ($password: String!) {{ eraseMe(input: {{ password: $password }}) {{ result {{ at }} {ERRORS} }} }}"
PLACE = {"latitude": 31.2, "longitude": 121.4}


@dataclass(slots=True)
class Front:
    """The mall's front door; whatever it answers is searched, but for what shows somebody their own data in full."""

    client: httpx.AsyncClient
    leaks: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    async def ask(self, query: str, token: str = "", *, own: bool = False, **variables: Any) -> Any:
        """The data of an answer without errors."""
        answer = await self.send({"query": query, "variables": variables}, token, own=own)
        assert "errors" not in answer.json(), answer.text
        return answer.json()["data"]

    async def send(self, body: Any, token: str = "", *, own: bool = False, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        sent = {"content": body} if isinstance(body, bytes) else {"json": body}
        return self.heard(await self.client.post("/graphql", headers=headers | more, **sent), own=own)

    def heard(self, answer: httpx.Response, *, own: bool = False) -> httpx.Response:
        """The answer, after it was searched."""
        self.statuses.append(answer.status_code)
        if not own:
            whole = answer.content + repr(answer.headers).encode()
            self.leaks += found_in(f"answer to {answer.request.content[:200]!r}", whole)
        return answer


async def lives(front: Front, canary: Canary, number: int) -> str:
    """Signs in after a mistake, writes an address down, changes it, looks at it; the token."""
    await front.ask(SIGN_IN, phone=canary.phone, password=canary.email)
    await front.ask(SIGN_IN, phone=canary.receivers_phone, password=canary.password)
    signed_in = await front.ask(SIGN_IN, phone=canary.phone, password=canary.password)
    token: str = signed_in["signIn"]["result"]["token"]
    added = await front.ask(ADD, token, input=address(canary))
    id_: str = added["addAddress"]["result"]["id"]
    other = CANARIES[(number + 1) % len(CANARIES)]
    changes = {"receiver": other.receiver, "street": other.street, "phone": other.phone, "place": PLACE}
    await front.ask(CHANGE, token, input={"addressId": id_, **changes})
    shown = await front.ask(REVEAL, token, own=True, id=id_)
    assert shown["address"]["result"] == {name: changes[name] for name in ("street", "receiver", "phone")}
    await front.ask(ME, token)
    return token


def address(canary: Canary, **changes: Any) -> dict[str, Any]:
    """An address as a person writes it."""
    where = {"label": "家", "city": "上海", "district": "静安区", "place": PLACE}
    return {
        **where, "street": canary.street, "receiver": canary.receiver, "phone": canary.receivers_phone, **changes,
    }  # fmt: skip


async def takes_a_copy(front: Front, canary: Canary, token: str) -> None:
    """Asks for a copy, waits for it, and takes it."""
    id_ = (await front.ask(EXPORT, token))["exportMyData"]["result"]["id"]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (await front.ask(READY, token))["myExports"]["edges"][0]["node"]["readyAt"]:
            await asyncio.sleep(0.2)
    taken = await front.ask(TAKE, token, own=True, id=id_, password=canary.password)
    assert canary.phone in taken["takeMyExport"]["result"]["json"]


async def leaves(front: Front, canary: Canary, token: str) -> None:
    """Is erased."""
    done = await front.ask(ERASE, token, password=canary.password)
    assert done["eraseMe"]["errors"] == []


Bad = Callable[[Canary, str], dict[str, Any]]


def _query(query: str, **variables: Any) -> dict[str, Any]:
    return {"query": query, "variables": variables}


BAD: tuple[Bad, ...] = (
    lambda canary, text: _query("query ($n: Int!) { shops(first: $n) { totalCount } }", n=text),
    lambda canary, text: _query(f'{{ shops(first: "{text}") {{ totalCount }} }}'),
    lambda canary, text: _query(f"{{ shops(first: 1, trade: {text}) {{ totalCount }} }}"),
    lambda canary, text: _query(f'{{ shops(first: 1) {{ "{text}'),
    lambda canary, text: _query(f"{{ shops(first: 1) {{ totalCount }} }} {text}"),
    lambda canary, text: _query(f'{{ shops(first: 1, after: "{text}") {{ totalCount }} }}'),
    lambda canary, text: _query("query ($c: String) { shops(first: 1, city: $c) { totalCount } }", c=text),
    lambda canary, text: _query("query ($id: ID!) { shop(id: $id) { id } product(id: $id) { id } }", id=text),
    lambda canary, text: _query("query ($id: ID!) { note(id: $id) { id } order(id: $id) { id } }", id=text),
    lambda canary, text: _query(
        "query ($w: ProductWhere) { products(first: 1, where: $w) { totalCount } }", w={"shop": {"eq": text}}
    ),
    lambda canary, text: _query(
        "query ($w: ProductWhere) { products(first: 1, where: $w) { totalCount } }", w={"price": {"min": text}}
    ),
    lambda canary, text: _query(
        "query ($w: ProductWhere) { products(first: 1, where: $w) { totalCount } }", w={text: text}
    ),
    lambda canary, text: _query("query ($w: NoteWhere) { notes(first: 1, where: $w) { totalCount } }", w=text),
    lambda canary, text: _query("query ($m: String!) { market(first: 1, month: $m) { totalCount } }", m=text),
    lambda canary, text: _query("query ($at: Coordinate!) { nearbyShops(at: $at, first: 1) { totalCount } }", at=text),
    lambda canary, text: _query(ADD, input=address(canary, phone=text)),
    lambda canary, text: _query(ADD, input=address(canary, phone=[text])),
    lambda canary, text: _query(ADD, input=address(canary, street=text * 40)),
    lambda canary, text: _query(ADD, input=address(canary, receiver=f" {text} ")),
    lambda canary, text: _query(ADD, input=address(canary, place=text)),
    lambda canary, text: _query(ADD, input=address(canary, **{text: text})),
    lambda canary, text: _query(ADD, input=text),
    lambda canary, text: _query(CHANGE, input={"addressId": text, "street": text}),
    lambda canary, text: _query(REVEAL, id=text),
    lambda canary, text: _query(f'mutation {{ revealAddress(input: {{ addressId: "{text}", purpose: "{text}" }}) }}'),
    lambda canary, text: _query(SIGN_IN, phone=text, password=text),
    lambda canary, text: _query(SIGN_IN, phone={"is": text}, password=[text]),
    lambda canary, text: _query(TAKE, id=text, password=text),
    lambda canary, text: _query(ERASE, password=f"not {text}"),
    lambda canary, text: _query(
        "mutation ($p: ProcessingPurpose!) { giveConsent(input: { purpose: $p, version: 1 }) { __typename } }", p=text
    ),
    lambda canary, text: _query(
        "mutation ($id: ID!) { recordViewing(input: { productId: $id }) { errors { code message } } }", id=text
    ),
    lambda canary, text: _query(
        f'mutation ($id: ID!) {{ takeCoupon(input: {{ offerId: $id }}, idempotencyKey: "k") {{ {ERRORS} }} }}', id=text
    ),
    lambda canary, text: _query(
        f"mutation {{ publishNote(input: {NOTE.replace('prd_b', text)}) {{ result {{ id }} {ERRORS} }} }}"
    ),
    lambda canary, text: _query(
        f"mutation {{ changeProfile(input: {{ avatar: \"{text}\", nickname: \" {text}\" }}) {{ {ERRORS} }} }}"
    ),
    lambda canary, text: {"query": "{ __typename }", "operationName": text},
    lambda canary, text: {"query": "{ __typename }", "variables": text},
    lambda canary, text: {"query": "{ __typename }", "extensions": {"persistedQuery": {"sha256Hash": text}}},
    lambda canary, text: {"query": [text]},
    lambda canary, text: {"query": "{ me { id } }", text: text},
)  # fmt: skip
"""What somebody may send who is wrong, or means ill."""


def wrong(canary: Canary, number: int) -> Iterator[dict[str, Any]]:
    """Every canary of a person in a few of the bad requests, so that all canaries together meet all of them."""
    for index, text in enumerate(canary.texts()):
        yield BAD[(number * 7 + index * 3) % len(BAD)](canary, text)


async def errs(front: Front, canary: Canary, number: int, token: str) -> None:
    """Does everything wrong, in GraphQL and in HTTP."""
    for body in wrong(canary, number):
        await front.send(body, token if number % 2 else "")
    text = canary.email
    for raw in (canary.id_number.encode(), f'{{"query": "{canary.street}'.encode(), canary.invoice.encode("gbk")):
        await front.send(raw)
    await front.send({"query": "{ me { id } }"}, canary.password)
    await front.send({"query": "{ me { id } }"}, token, **{"jishi-hat": f"shop:{text}"})
    await front.send(_query(f'{{ shops(first: "{text}") {{ id }} }}'), accept="text/event-stream")
    await front.send(_query(f'{{ shops(first: "{text}") {{ id }} }}'), **{"apollo-federation-include-trace": "ftv1"})
    params: Mapping[str, str] = {"query": f'{{ shop(id: "{canary.phone}") {{ name(is: "{canary.street}") }} }}'}
    front.heard(await front.client.get("/graphql", params=params))
    front.heard(
        await front.client.get(f"/{canary.invoice}", params={"after": base64.b64encode(text.encode()).decode()})
    )
