"""The demo's personas and what is printed when the demo stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from kit.settings import Settings
from kit.viewer import Bearer, Viewer, name_of

PEOPLE = "personas.json"
TOKENS = "tokens.json"


class KnownPerson(msgspec.Struct, frozen=True):
    """Somebody whom the demo data names. The first of the hats is the one to try the mall under."""

    name: str
    title: str
    hats: tuple[Viewer, ...]
    phone: str | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to try the mall as; `token` is None for the guest."""

    name: str
    title: str
    token: str | None
    hat: str | None = None
    """What to send as `Jishi-Hat`; None where the hat is the one by default."""


def known_people(settings: Settings) -> list[KnownPerson]:
    """Whom the demo data names."""
    path = settings.home / PEOPLE
    return msgspec.json.decode(path.read_bytes(), type=list[KnownPerson]) if path.exists() else []


def personas(settings: Settings) -> list[Persona]:
    """The guest, and whom the demo data names, each with the token that `jobs demo` made for them."""
    path = settings.home / TOKENS
    tokens: dict[str, str] = msgspec.json.decode(path.read_bytes()) if path.exists() else {}
    known = [_persona(person, tokens[person.name]) for person in known_people(settings) if person.name in tokens]
    return [Persona("guest", "nobody in particular", None), *known]


def _persona(person: KnownPerson, token: str) -> Persona:
    is_default = Bearer.of(*person.hats).wearing(None) == person.hats[0]
    return Persona(person.name, person.title, token, None if is_default else name_of(person.hats[0]))


def graphiql_choices(people: Iterable[Persona], operations: Path) -> dict[str, Any]:
    """What GraphiQL offers to pick from."""
    documents = sorted(operations.rglob("*.graphql"))
    return {
        "personas": [{"name": p.name, "token": p.token, "hat": p.hat, "description": p.title} for p in people],
        "operations": [{"name": path.stem, "query": path.read_text("utf-8")} for path in documents],
    }


def _line(person: Persona) -> str:
    hat = f", Jishi-Hat: {person.hat}" if person.hat else ""
    return f"  {person.name:<10} {person.title}{hat}\n             {person.token or '(needs no token)'}"


def welcome(address: str, people: Iterable[Persona]) -> str:
    """What `make demo` prints: the address, a token per persona, a first query."""
    tokens = "\n".join(map(_line, people))
    return f"""
jishi 集市 is open: {address}/graphql (GraphiQL in a browser)

Personas, each with a token for a day:
{tokens}

A first query, the whole first screen of the mini-program (guest):
  curl -sG {address}/graphql --data-urlencode query@schema/operations/mini/Home.graphql

The same as the buyer:
  curl -sG {address}/graphql --data-urlencode query@schema/operations/mini/Home.graphql -H "Authorization: Bearer TOKEN"
"""
