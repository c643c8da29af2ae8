"""The answer in the client's shape: keys in the order asked for, internal values left out, nulls bubbled up.

A shape is turned into closures once per plan; completion then only runs through the data. GraphQL October 2021, section
6.4.3 (value completion) and 6.4.4 (a null where none may be rises to the next place that allows it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from federation.planning.nodes import FieldShape, LeafShape, ListShape, ObjectShape, QueryPlan, Shape

Path = tuple[str | int, ...]
Complete = Callable[[Any], Any]
Fields = tuple[tuple[str, str, Complete | None, bool], ...]
"""Alias, key, how to complete the value, and where it is taken as it is, whether null is refused."""


class NullFound(Exception):
    """Null where none may be, on its way up."""


class Completer:
    """Completes responses of one shape. `bubbled` counts the nulls that rose in the last one."""

    def __init__(self, shape: ObjectShape) -> None:
        self.bubbled = 0
        self._known: dict[int, Complete] = {}
        self._complete = self._object(shape)

    def complete(self, data: dict[str, Any]) -> dict[str, Any] | None:
        self.bubbled = 0
        completed: dict[str, Any] | None = self._complete(data)
        return completed

    def _null(self, nullable: bool) -> None:
        if not nullable:
            raise NullFound

    def _shape(self, shape: Shape) -> Complete | None:
        """How to complete a value; None when any value will do as it is."""
        if isinstance(shape, LeafShape):
            return self._leaf(shape)
        if isinstance(shape, ListShape):
            return self._list(shape)
        if id(shape) not in self._known:
            self._known[id(shape)] = self._object(shape)
        return self._known[id(shape)]

    def _leaf(self, shape: LeafShape) -> Complete | None:
        values, nullable = shape.values, shape.nullable
        if values is None:
            return None if nullable else not_null

        def complete(value: Any) -> Any:
            if value in values:
                return value
            return self._null(nullable)

        return complete

    def _list(self, shape: ListShape) -> Complete:
        item, nullable = self._shape(shape.item), shape.nullable

        def complete(value: Any) -> Any:
            if type(value) is not list:
                return self._null(nullable)
            if item is None:
                return value
            try:
                return [item(one) for one in value]
            except NullFound:
                if not nullable:
                    raise
                self.bubbled += 1
                return None

        return complete

    def _object(self, shape: ObjectShape) -> Complete:
        if shape.by_type is not None:
            return self._typed_object(shape)
        fields, nullable = self._fields(shape.fields), shape.nullable

        def complete(value: Any) -> Any:
            if type(value) is not dict:
                return self._null(nullable)
            return self._read(value, fields, nullable)

        return complete

    def _typed_object(self, shape: ObjectShape) -> Complete:
        by_type = {name: self._fields(fields) for name, fields in (shape.by_type or {}).items()}
        unknown, nullable = self._fields(shape.fields), shape.nullable

        def complete(value: Any) -> Any:
            if type(value) is not dict:
                return self._null(nullable)
            name = value.get("__typename")
            fields = by_type.get(name) if name is not None else unknown
            return self._null(nullable) if fields is None else self._read(value, fields, nullable)

        return complete

    def _read(self, value: dict[str, Any], fields: Fields, nullable: bool) -> dict[str, Any] | None:
        completed = {}
        get = value.get
        try:
            for alias, key, complete, required in fields:
                item = get(key)
                if complete is not None:
                    item = complete(item)
                elif required and item is None:
                    raise NullFound
                completed[alias] = item
        except NullFound:
            if not nullable:
                raise
            self.bubbled += 1
            return None
        return completed

    def _fields(self, fields: tuple[FieldShape, ...]) -> Fields:
        return tuple((field.alias, field.key, *self._field(field)) for field in fields)

    def _field(self, field: FieldShape) -> tuple[Complete | None, bool]:
        if field.constant is not None:
            constant = field.constant
            return (lambda _: constant), False
        complete = self._shape(field.shape)
        return (None, True) if complete is not_null else (complete, False)


def not_null(value: Any) -> Any:
    if value is None:
        raise NullFound
    return value


_completers: WeakKeyDictionary[QueryPlan, Completer] = WeakKeyDictionary()


def completer_of(plan: QueryPlan) -> Completer:
    """The completer of a plan, made when first asked for and kept as long as the plan."""
    completer = _completers.get(plan)
    if completer is None:
        completer = _completers[plan] = Completer(plan.shape)
    return completer


def violations(shape: Shape, value: Any, path: Path = (), coordinate: str = "") -> Iterator[tuple[Path, str]]:
    """Each place where null is but may not be: path and field. Slow, for when completion has met one."""
    if isinstance(shape, ListShape) and type(value) is list:
        for place, item in enumerate(value):
            yield from violations(shape.item, item, (*path, place), coordinate)
    elif isinstance(shape, ObjectShape) and type(value) is dict:
        name = value.get("__typename") or shape.type
        fields = shape.fields if shape.by_type is None else shape.by_type.get(name, shape.fields)
        for field in fields:
            if field.constant is None:
                yield from violations(field.shape, value.get(field.key), (*path, field.alias), f"{name}.{field.name}")
    elif not shape.nullable and not is_leaf_of(shape, value):
        yield path, coordinate


def is_leaf_of(shape: Shape, value: Any) -> bool:
    if not isinstance(shape, LeafShape) or value is None:
        return False
    return shape.values is None or value in shape.values


def visible_path(shape: Shape, keys: Path, data: Any) -> Path:
    """The client's path for a path through the engine's data, as far as the client can see."""
    path: list[str | int] = []
    for key in keys:
        if isinstance(key, int):
            if not isinstance(shape, ListShape):
                break
            shape = shape.item
            data = data[key] if type(data) is list and key < len(data) else None
            path.append(key)
            continue
        field = field_at(shape, key, data)
        if field is None:
            break
        path.append(field.alias)
        shape = field.shape
        data = data.get(key) if type(data) is dict else None
    return tuple(path)


def field_at(shape: Shape, key: str, data: Any) -> FieldShape | None:
    if not isinstance(shape, ObjectShape):
        return None
    name = data.get("__typename") if type(data) is dict else None
    typed = shape.by_type.get(name) if shape.by_type and name is not None else None
    candidates = shape.fields if typed is None else typed
    return next((field for field in candidates if field.key == key), None)
