"""What a person with canaries does in a mall, well and badly, and what the mall answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from tests.factories.members import code_now
from tests.support.canaries import CANARIES, Canary
from tests.support.canary_doors import MISPLACED, MISSAID, Front, misplaces, some
from tests.support.walker.mutations import NOTE

PATIENCE_SECONDS = 60
ERRORS = "errors { __typename ... on UserError { code message path } }"
SIGN_IN = f"""mutation ($phone: String!, $password: String!) {{
  signIn(input: {{ phone: $phone, password: $password }}) {{ result {{ token refreshToken }} {ERRORS} }}
}}"""
REFRESH = f"""mutation ($refresh: String!) {{
  refreshSession(input: {{ refreshToken: $refresh }}) {{ result {{ token refreshToken }} {ERRORS} }}
}}"""
ACTIVATE = f"""mutation ($login: String!, $code: String!, $password: String!) {{
  activatePlatformStaff(input: {{ login: $login, activationCode: $code, password: $password }}) {{
    result {{ factor {{ secret }} recoveryCodes }} {ERRORS}
  }}
}}"""
TO_PLATFORM = f"""mutation ($login: String!, $password: String!, $code: String!) {{
  signInToPlatform(input: {{ login: $login, password: $password, code: $code }}) {{
    result {{ token refreshToken }} {ERRORS}
  }}
}}"""
ENROL = f"mutation ($code: String) {{ enrolSecondFactor(input: {{ code: $code }}) {{ result {{ id }} {ERRORS} }} }}"
CONFIRM = f"""mutation ($id: ID!, $code: String!) {{
  confirmSecondFactor(input: {{ factorId: $id, code: $code }}) {{ result {{ recoveryCodes }} {ERRORS} }}
}}"""
MARKET = '{ market(first: 5, month: "2026-10") { edges { node { shops amount { amount } } } } }'
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


async def signs_in(front: Front, canary: Canary) -> str:
    """Signs in after a mistake, and stays signed in; the token."""
    await front.ask(SIGN_IN, phone=canary.phone, password=canary.email)
    signed_in = await front.ask(SIGN_IN, phone=canary.phone, password=canary.password)
    return await stays(front, signed_in["signIn"]["result"])


async def stays(front: Front, signed_in: Mapping[str, str]) -> str:
    """Refreshes a session that was just opened; the token of now."""
    refreshed = (await front.ask(REFRESH, refresh=signed_in["refreshToken"]))["refreshSession"]["result"]
    front.record.issued.update([*signed_in.values(), *refreshed.values()])
    return str(refreshed["token"])


async def lives(front: Front, canary: Canary, number: int, token: str) -> None:
    """Writes an address down, changes it, looks at it."""
    added = await front.ask(ADD, token, input=address(canary))
    id_: str = added["addAddress"]["result"]["id"]
    other = CANARIES[(number + 1) % len(CANARIES)]
    changes = {"receiver": other.receiver, "street": other.street, "phone": other.phone, "place": PLACE}
    await front.ask(CHANGE, token, input={"addressId": id_, **changes})
    shown = await front.ask(REVEAL, token, own=True, id=id_)
    assert shown["address"]["result"] == {name: changes[name] for name in ("street", "receiver", "phone")}
    await front.ask(ME, token)


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


async def works(front: Front, canary: Canary, login: str, code: str) -> None:
    """Begins to work for the platform, signs in with the second factor after mistakes, looks at the market."""
    await front.ask(ACTIVATE, login=canary.email, code=canary.invoice, password=canary.password)
    begun = await front.ask(ACTIVATE, login=login, code=code, password=canary.password)
    told = begun["activatePlatformStaff"]["result"]
    now = code_now(told["factor"]["secret"])
    await front.ask(TO_PLATFORM, login=canary.phone, password=canary.password, code=now)
    await front.ask(TO_PLATFORM, login=login, password=canary.email, code=now)
    await front.ask(TO_PLATFORM, login=login, password=canary.password, code=canary.account)
    signed_in = await front.ask(TO_PLATFORM, login=login, password=canary.password, code=now)
    token = await stays(front, signed_in["signInToPlatform"]["result"])
    await front.ask(MARKET, token)
    front.record.issued.update([code, told["factor"]["secret"], *told["recoveryCodes"]])


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
    lambda canary, text: _query(REFRESH, refresh=text),
    lambda canary, text: _query(REFRESH, refresh=[text]),
    lambda canary, text: _query(ACTIVATE, login=text, code=text, password=text[:11]),
    lambda canary, text: _query(TO_PLATFORM, login=text, password=text, code=text),
    lambda canary, text: _query(TO_PLATFORM, login={text: text}, password=text, code=7),
    lambda canary, text: _query(ENROL, code={text: text}),
    lambda canary, text: _query(CONFIRM, id=text, code=text),
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


async def errs(front: Front, canary: Canary, number: int, token: str) -> None:
    """Does everything wrong: each value in one of BAD, in one of MISPLACED, in one of MISSAID."""
    texts = canary.texts()
    wrong = (some(kinds, number, len(texts)) for kinds in (BAD, MISPLACED, MISSAID))
    for text, bad, request, talk in zip(texts, *wrong, strict=True):
        await front.send(bad(canary, text), token if number % 2 else "")
        await misplaces(front, text, request, talk)
    await front.send({"query": "{ me { id } }"}, token, **{"jishi-hat": f"shop:{canary.email}"})
    traced = _query(f'{{ shops(first: "{canary.email}") {{ id }} }}')
    await front.send(traced, **{"apollo-federation-include-trace": "ftv1"})
