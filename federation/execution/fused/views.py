"""What is wanted of the objects at a spot: by the client, as the shape of its answer says, or by a subgraph, as the
representations do that it is asked with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from graphql import (
    GraphQLID,
    GraphQLInt,
    GraphQLOutputType,
    GraphQLString,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
)

from federation.execution.compiled.tree import Field
from federation.execution.fused.joining import View, Wanted
from federation.execution.fused.spots import TYPENAME, NotFusable, Spot
from federation.planning.nodes import FieldShape, LeafShape, ListShape, ObjectShape, Part, Shape, Source


def answer_view(shape: ObjectShape) -> View:
    """What the client wants of objects."""

    def view(spot: Spot) -> Iterable[Wanted]:
        return map(_of_shape, _fields(shape, spot))

    return view


def _fields(shape: ObjectShape, spot: Spot) -> tuple[FieldShape, ...]:
    if shape.by_type is None or spot.provider(TYPENAME) is None:
        return shape.fields
    if spot.type not in shape.by_type:
        raise NotFusable("hidden-type")
    return shape.by_type[spot.type]


def _of_shape(one: FieldShape) -> Wanted:
    constant = "" if one.constant is None else repr(one.constant)
    return Wanted(one.alias, one.key, constant, absent=one.shape.nullable, below=lambda told: _below(one.shape, told))


def _below(shape: Shape, told: Field) -> View | None:
    """The view of the objects in a field. Refuses a field of which the client is promised more than its fetch does."""
    type_: Any = told.type
    while isinstance(shape, ListShape):
        _check_null(shape, type_)
        type_ = get_nullable_type(type_)
        if not is_list_type(type_):
            raise NotFusable("lists-differ")
        shape, type_ = shape.item, type_.of_type
    _check_null(shape, type_)
    if isinstance(shape, ObjectShape):
        return answer_view(shape)
    _check_values(shape, type_)
    return None


def _check_null(shape: Shape, type_: GraphQLOutputType) -> None:
    if not shape.nullable and not is_non_null_type(type_):
        raise NotFusable("stricter-than-its-fetch")


def _check_values(shape: LeafShape, type_: GraphQLOutputType) -> None:
    named = get_named_type(type_)
    if shape.values is not None and not (is_enum_type(named) and shape.values.issuperset(named.values)):
        raise NotFusable("hidden-values")


def representation_view(source: Source) -> View:
    """What a representation says of an object: a null key, or anything that was not answered, leaves it out."""

    def view(spot: Spot) -> Iterable[Wanted]:
        yield Wanted(TYPENAME, constant=repr(source.typename))
        yield from _of_parts(source.keys, spot, is_key=True)
        yield from _of_parts(source.required, spot, is_key=False)

    return view


def key_view(source: Source) -> View:
    """The value of the only key of representations that have nothing else."""
    return lambda spot: _of_parts(source.keys, spot, is_key=True)


def _of_parts(parts: tuple[Part, ...], spot: Spot, *, is_key: bool) -> Iterable[Wanted]:
    seen: set[str] = set()
    for part in parts:
        if not spot.is_one_of(part.types):
            continue
        if part.name in seen:
            raise NotFusable("part-twice")
        seen.add(part.name)
        yield Wanted(part.name, part.key, absent=False, required=is_key, below=_below_part(part, is_key=is_key))


def _below_part(part: Part, *, is_key: bool) -> Callable[[Field], View | None]:
    def below(told: Field) -> View | None:
        if is_key and _nullable_items(told.type):
            raise NotFusable("nullable-items-of-a-key")
        return (lambda spot: _of_parts(part.parts, spot, is_key=is_key)) if part.parts else None

    return below


def _nullable_items(type_: GraphQLOutputType) -> bool:
    there = get_nullable_type(type_)
    return is_list_type(there) and (not is_non_null_type(there.of_type) or _nullable_items(there.of_type))


def plain_key(source: Source, spot: Spot) -> str:
    """The name of the only key of a source, if it is a text or a whole number; else nothing."""
    if len(source.keys) != 1 or source.keys[0].parts:
        return ""
    part = spot.provider(source.keys[0].key)
    known = part is not None and get_nullable_type(part.fields[source.keys[0].key].type) in _PLAIN_KEYS
    return source.keys[0].name if known else ""


_PLAIN_KEYS = (GraphQLID, GraphQLString, GraphQLInt)
