"""The demo's personas and what is printed when the demo stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import orjson

from kit.settings import Settings
from kit.tokens import Tokens
from kit.viewer import Bearer, Viewer, name_of

TOKEN_LIFE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to try the mall as; `token` is None for the guest."""

    name: str
    title: str
    token: str | None
    hat: str | None = None
    """What to send as `Jishi-Hat`; None where the hat is the one by default."""


def personas(settings: Settings, tokens: Tokens) -> list[Persona]:
    """The guest, and whom the demo data names, each with a token for a day."""
    path = settings.home / "personas.json"
    known: list[dict[str, Any]] = orjson.loads(path.read_bytes()) if path.exists() else []
    return [Persona("guest", "nobody in particular", None), *(_signed(person, tokens) for person in known)]


def _signed(person: Mapping[str, Any], tokens: Tokens) -> Persona:
    """The token has all hats of the persona; the first is the one to try the mall under."""
    hats = [msgspec.convert(hat, Viewer) for hat in person["hats"]]
    bearer = Bearer.of(*hats)
    choice = None if bearer.wearing(None) == hats[0] else name_of(hats[0])
    return Persona(person["name"], person["title"], tokens.sign(bearer, lasting=TOKEN_LIFE), choice)


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
