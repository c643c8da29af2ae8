"""Entities on their way: objects are collected at a path, each entity is asked for once, answers are put into them.

The response under construction is plain nested dicts and lists, changed in place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import orjson

from federation.planning.nodes import EntityCall, Part, Rename, Segment, Source, Types

Object = dict[str, Any]
MISSING: Any = object()


@dataclass(slots=True)
class Batch:
    """The representations of one `_entities` call, and for each the objects that are to get its answer."""

    representations: list[Object] = field(default_factory=list)
    targets: list[list[Object]] = field(default_factory=list)
    known: dict[Any, int] = field(default_factory=dict)
    by_key: dict[tuple[str, str], dict[str | int, list[Object]]] = field(default_factory=dict)
    by_values: dict[tuple[str, ...], dict[bytes, list[Object]]] = field(default_factory=dict)

    def add(self, representation: Object, target: Object) -> None:
        identity = identity_of(representation)
        place = self.known.get(identity)
        if place is None:
            self.known[identity] = len(self.representations)
            self.representations.append(representation)
            self.targets.append([target])
        else:
            self.targets[place].append(target)

    def add_by_key(self, typename: str, key: Part, objects: Iterable[Object]) -> None:
        """The same for objects that one plain key represents, as it does most: a third of the work."""
        known = self.by_key.setdefault((typename, key.name), {})
        for target in objects:
            value = target.get(key.key)
            if type(value) is not str and type(value) is not int:  # null, or of a scalar whose values are any
                if value is not None:
                    self.add({"__typename": typename, key.name: value}, target)
                continue
            waiting = known.get(value)
            if waiting is None:
                waiting = known[value] = []
                self.representations.append({"__typename": typename, key.name: value})
                self.targets.append(waiting)
            waiting.append(target)

    def add_by_values(self, source: Source, objects: Iterable[Object]) -> None:
        """The same for objects that several plain values represent: who is known is not represented again."""
        parts = (*source.keys, *source.required)
        values_of = itemgetter(*(part.key for part in parts))
        known = self.by_values.setdefault((source.typename, *(part.name for part in parts)), {})
        for target in objects:
            try:
                identity = orjson.dumps(values_of(target))
                waiting = known.get(identity)
            except (KeyError, TypeError):  # something was not answered, or is nothing that JSON knows
                self.add_represented(source, target)
                continue
            if waiting is None:
                representation = represent(target, source)
                if representation is None:
                    continue
                waiting = known[identity] = []
                self.representations.append(representation)
                self.targets.append(waiting)
            waiting.append(target)

    def add_represented(self, source: Source, target: Object) -> None:
        """The same for one object."""
        representation = represent(target, source)
        if representation is not None:
            self.add(representation, target)


def identity_of(representation: Object) -> Any:
    """Equal for equal representations."""
    values = tuple(representation.values())
    try:
        hash(values)
    except TypeError:
        return orjson.dumps(representation, option=orjson.OPT_SORT_KEYS)
    return tuple(representation), values


def collect(data: Object, call: EntityCall) -> Batch:
    """Representations for a call, each once, in the order of the response."""
    batch = Batch()
    for source in call.sources:
        objects = objects_at(data, source.path, source.types)
        if any(part.parts for part in (*source.keys, *source.required)):
            for target in objects:
                batch.add_represented(source, target)
        elif len(source.keys) == 1 and not source.required:
            batch.add_by_key(source.typename, source.keys[0], objects)
        else:
            batch.add_by_values(source, objects)
    return batch


def objects_at(data: Object, path: tuple[Segment, ...], types: Types = None) -> list[Object]:
    """The objects of some types at a path, through lists, each once."""
    found = [data]
    for segment in path:
        key, wanted = segment.key, segment.types
        below: list[Object] = []
        for item in found:
            if wanted is None or item.get("__typename") in wanted:
                value = item.get(key)
                if type(value) is dict:
                    below.append(value)
                elif type(value) is list:
                    flatten(value, below)
        found = below
    if types is not None:
        found = [item for item in found if item.get("__typename") in types]
    return list({id(item): item for item in found}.values())


def flatten(items: Iterable[Any], into: list[Object]) -> None:
    for item in items:
        if type(item) is dict:
            into.append(item)
        elif type(item) is list:
            flatten(item, into)


def represent(target: Object, source: Source) -> Object | None:
    """A representation of an object; None when a key is null or something required was not answered."""
    representation: Object = {"__typename": source.typename}
    for part in source.keys:
        value = target.get(part.key)
        if part.parts:
            value = reduced(value, part.parts, strict=True)
        if value is None or value is MISSING:
            return None
        representation[part.name] = value
    return require(target, source, representation) if source.required else representation


def require(target: Object, source: Source, representation: Object) -> Object | None:
    for part in source.required:
        value = target.get(part.key, MISSING)
        if part.parts:
            value = reduced(value, part.parts, strict=False)
        if value is MISSING:
            return None
        representation[part.name] = value
    return representation


def reduced(value: Any, parts: tuple[Part, ...], *, strict: bool) -> Any:
    """The parts of a value, under the subgraph's names; MISSING when one was not answered, or (strict) is null."""
    if type(value) is list:
        items = [reduced(item, parts, strict=strict) for item in value]
        return MISSING if any(item is MISSING for item in items) else items
    if type(value) is not dict:
        return MISSING if strict and value is None else value
    result: Object = {}
    for part in parts:
        if part.types is not None and value.get("__typename") not in part.types:
            continue
        item = value.get(part.key, MISSING)
        if part.parts:
            item = reduced(item, part.parts, strict=strict)
        if item is MISSING or (strict and item is None):
            return MISSING
        result[part.name] = merged(result[part.name], item) if part.name in result else item
    return result


def merged(known: Any, value: Any) -> Any:
    """Two reductions of one value as one."""
    if isinstance(known, dict) and isinstance(value, dict):
        return {**known, **value}
    if isinstance(known, list) and isinstance(value, list):
        return [merged(one, other) for one, other in zip(known, value, strict=False)]
    return value


def splice(batch: Batch, entities: list[Any]) -> None:
    """Put each answer into the objects that wait for it."""
    for targets, entity in zip(batch.targets, entities, strict=False):
        if type(entity) is dict:
            for target in targets:
                merge(target, entity)


def merge(target: Object, source: Object) -> None:
    """Put an object's fields into another; what both have is joined object by object, lists item by item."""
    if target.keys().isdisjoint(source):  # mostly
        target.update(source)
        return
    for key, value in source.items():
        known = target.get(key)
        if known is None:
            target[key] = value
        elif type(known) is dict and type(value) is dict:
            if known is not value:
                merge(known, value)
        elif type(known) is list and type(value) is list:
            merge_lists(known, value)
        elif value is not None:
            target[key] = value


def merge_lists(known: list[Any], value: list[Any]) -> None:
    for place, (one, other) in enumerate(zip(known, value, strict=False)):
        if type(one) is dict and type(other) is dict:
            if one is not other:
                merge(one, other)
        elif type(one) is list and type(other) is list:
            merge_lists(one, other)
        elif one is None:
            known[place] = other


def rename(answer: Any, renames: tuple[Rename, ...]) -> None:
    """Give values back the keys that they had to be asked for under other names."""
    for item in reversed(renames):
        path = tuple(Segment(None, key) for key in item.path)
        for target in objects_at(answer, path):
            if item.alias in target:
                target[item.key] = target.pop(item.alias)
