"""Lists asked for by each of the filters, sort orders and facets that they have, from the schema's text alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import GraphQLArgument, GraphQLEnumType, GraphQLInputObjectType, get_named_type

from tests.support.mall import Mall
from tests.support.walker.judging import NOTHING, matrix
from tests.support.walker.operations import operation
from tests.support.walker.paths import Path, Step, Ways
from tests.support.walker.walking import argument, definitions, ids_of, passable, viewer_of

GENERATED = ("Where", "Order", "Facet")
"""What the names of generated inputs end with, behind the type whose lists they are for."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A list asked for by a field: the list's own field, one argument with its text, and the field that it is about."""

    on: Step
    name: str
    text: str
    spot: str


def askings(ways: Ways) -> Iterator[Asking]:
    """Every filter, sort order and facet of every list."""
    for type_ in ways.to_types(lambda step: True):
        for step in ways.steps(type_):
            for name, declared in ways.fields(type_)[step.field].args.items():
                yield from _askings(step, name, get_named_type(declared.type))


def _askings(step: Step, name: str, given: Any) -> Iterator[Asking]:
    kind = next((end for end in GENERATED if given.name.endswith(end)), None)
    if kind is None:
        return
    of = given.name.removesuffix(kind)
    if isinstance(given, GraphQLInputObjectType):
        for field in given.fields:
            yield Asking(step, name, f"{{{field}: {{}}}}", f"{of}.{field}")
    elif isinstance(given, GraphQLEnumType):
        for value in given.values:
            bare = value.removesuffix("_ASC").removesuffix("_DESC").lower().split("_")
            yield Asking(step, name, value, f"{of}.{bare[0]}{''.join(part.title() for part in bare[1:])}")


async def wrong_askings(asked: Mall, hat: str) -> list[str]:
    """Where a hat may ask by what it may not read, or may not ask by what it may."""
    cells, viewer = matrix()[hat], viewer_of(hat, "a")
    ways = Ways(asked.engine.supergraph.api_schema, "Query")
    paths, found = ways.to_types(partial(passable, cells, hat)), []
    for one in askings(ways):
        if any(cells.get(step.spot, NOTHING) == NOTHING for step in (*paths[one.on.on], one.on)):
            continue  # the list itself is closed
        (page,) = ways.possible(one.on)
        path: Path = (*paths[one.on.on], one.on, Step(page, ways.leaves(page)[0]))
        text = operation(ways, [path], _argue(one), definitions([path]))
        ids = {name: id_ for name, id_ in ids_of("a").items() if f"${name}:" in text.text}
        answer = await asked.ask(text.text, viewer, ids)
        closed = [error["path"] for error in answer.get("errors", ()) if error["extensions"]["code"] == "FORBIDDEN"]
        refused = any(path[-1] == one.on.field for path in closed)
        if refused is not (cells[one.spot] == NOTHING):
            found.append(f"{hat} {'may not' if refused else 'may'} ask {one.on.spot} by {one.name}: {one.text}")
    return found


def _argue(one: Asking) -> Any:
    def argue(step: Step, name: str, declared: GraphQLArgument) -> str | None:
        return one.text if (step, name) == (one.on, one.name) else argument(step, name, declared)

    return argue
