"""The demo's personas and what is printed when the demo stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson

from kit.settings import Settings
from kit.viewer import Tokens, Viewer

TOKEN_LIFE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to try the mall as; `token` is None for the guest."""

    name: str
    title: str
    token: str | None


def personas(settings: Settings, tokens: Tokens) -> list[Persona]:
    """The guest, and whom the demo data names, each with a token for a day."""
    path = settings.home / "personas.json"
    known: list[dict[str, Any]] = orjson.loads(path.read_bytes()) if path.exists() else []
    signed = [
        Persona(person["name"], person["title"], tokens.sign(Viewer(**person["viewer"]), lasting=TOKEN_LIFE))
        for person in known
    ]
    return [Persona("guest", "nobody in particular", None), *signed]


def graphiql_choices(people: Iterable[Persona], operations: Path) -> dict[str, Any]:
    """What GraphiQL offers to pick from."""
    documents = sorted(operations.rglob("*.graphql"))
    return {
        "personas": [{"name": p.name, "token": p.token, "description": p.title} for p in people],
        "operations": [{"name": path.stem, "query": path.read_text("utf-8")} for path in documents],
    }


def welcome(address: str, people: Iterable[Persona]) -> str:
    """What `make demo` prints: the address, a token per persona, a first query."""
    tokens = "\n".join(
        f"  {person.name:<10} {person.title}\n             {person.token or '(needs no token)'}" for person in people
    )
    return f"""
jishi 集市 is open: {address}/graphql (GraphiQL in a browser)

Personas, each with a token for a day:
{tokens}

A first query, the whole first screen of the mini-program (guest):
  curl -sG {address}/graphql --data-urlencode query@schema/operations/mini/Home.graphql

The same as the buyer:
  curl -sG {address}/graphql --data-urlencode query@schema/operations/mini/Home.graphql -H "Authorization: Bearer TOKEN"
"""
