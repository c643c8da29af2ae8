"""Contextual arguments: entities are grouped by what their ancestors say, and each group is asked for in its own call.

An argument has one value for all entities of a call, so entities with other values need another, in the same request.
Source: https://specs.apollo.dev/federation/v2.8, "@fromContext".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import orjson

from federation.execution.entities import MISSING, Batch, Object, collect, merge, represent
from federation.planning.nodes import ContextValue, EntityCall, Fetch, Part, Segment, Source, entities_query


@dataclass(frozen=True, slots=True)
class Asked:
    """A fetch as it is sent: its calls, the entities of each, and values of variables for contexts."""

    fetch: Fetch
    batches: dict[str, Batch]
    values: dict[str, Any] = field(default_factory=dict)


def ask_for(fetch: Fetch, data: Object) -> Asked:
    """What a fetch is to ask for, given the response so far."""
    if not any(call.contexts for call in fetch.calls):
        return Asked(fetch, {call.alias: collect(data, call) for call in fetch.calls})
    calls: list[EntityCall] = []
    batches: dict[str, Batch] = {}
    values: dict[str, Any] = {}
    for call in fetch.calls:
        for number, (given, batch) in enumerate(groups(data, call)):
            one = numbered(call, number)
            calls.append(one)
            batches[one.alias] = batch
            values |= dict(zip((value.variable for value in one.contexts), given, strict=True))
    query = entities_query(calls, fetch.definitions)
    return Asked(replace(fetch, query=query, calls=tuple(calls)), batches, values)


def groups(data: Object, call: EntityCall) -> Iterator[tuple[tuple[Any, ...], Batch]]:
    """Values for the contexts of a call, and the entities that have them."""
    if not call.contexts:
        yield (), collect(data, call)
        return
    found: dict[bytes, tuple[tuple[Any, ...], Batch]] = {}
    for source in call.sources:
        for chain in chains((data,), source.path, source):
            values = tuple(value_of(context, chain) for context in call.contexts)
            representation = represent(chain[-1], source)
            if representation is not None and all(value is not MISSING for value in values):
                batch = found.setdefault(orjson.dumps(values), (values, Batch()))[1]
                batch.add(representation, chain[-1])
    yield from found.values()


def chains(chain: tuple[Object, ...], path: tuple[Segment, ...], source: Source) -> Iterator[tuple[Object, ...]]:
    """The objects of a source, each with all objects above it."""
    last = chain[-1]
    if not path:
        if source.types is None or last.get("__typename") in source.types:
            yield chain
        return
    segment, *rest = path
    if segment.types is None or last.get("__typename") in segment.types:
        for below in objects_in(last.get(segment.key)):
            yield from chains((*chain, below), tuple(rest), source)


def objects_in(value: Any) -> Iterator[Object]:
    if type(value) is dict:
        yield value
    elif type(value) is list:
        for item in value:
            yield from objects_in(item)


def value_of(context: ContextValue, chain: tuple[Object, ...]) -> Any:
    """What the nearest ancestor that sets a context says; MISSING when it was not answered."""
    for place in context.places:
        ancestor = chain[place.depth]
        part = next((part for part in place.parts if applies(part, ancestor)), None)
        if part is not None:
            return leaf(ancestor.get(part.key, MISSING), part)
    return MISSING


def applies(part: Part, owner: Object) -> bool:
    return part.types is None or owner.get("__typename") in part.types


def leaf(value: Any, part: Part) -> Any:
    """The one leaf that a selection selects below a value, of each item of a list."""
    if type(value) is list:
        items = [leaf(item, part) for item in value]
        return MISSING if any(item is MISSING for item in items) else items
    if not part.parts or type(value) is not dict:
        return value
    below = next((below for below in part.parts if below.name != "__typename" and applies(below, value)), None)
    return leaf(value.get(below.key, MISSING), below) if below else None


def splice_apart(batch: Batch, entities: list[Any]) -> None:
    """As `splice`, but equal entities share no objects: below them, contexts may differ."""
    for targets, entity in zip(batch.targets, entities, strict=False):
        if type(entity) is dict:
            for target in targets:
                merge(target, deepcopy(entity))


@lru_cache(1024)
def numbered(call: EntityCall, number: int) -> EntityCall:
    """The call for another group: under other names."""
    if not number:
        return call
    contexts = tuple(replace(value, variable=f"{value.variable}_{number}") for value in call.contexts)
    selection = call.selection
    for value in call.contexts:
        selection = re.sub(rf"\${value.variable}\b", f"${value.variable}_{number}", selection)
    alias, variable = f"{call.alias}_{number}", f"{call.variable}_{number}"
    return replace(call, alias=alias, variable=variable, selection=selection, contexts=contexts)
