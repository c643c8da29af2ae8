"""`@shareable` stands on fields of objects, and once."""

from __future__ import annotations

from collections.abc import Iterator

from federation.composition.facts import fields_of
from federation.composition.model import Kind, Subgraph
from federation.errors import CompositionError

CODE = "INVALID_SHAREABLE_USAGE"


def shareable_stands_once(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Repeating it is for a type's definition and its extensions, which each have their own fields."""
    for owner, field in fields_of(subgraph.schema):
        if owner.kind is Kind.OBJECT and len(list(field.all("shareable"))) > 1:
            coordinate = f"{owner.name}.{field.name}"
            message = f'[{subgraph.name}] "{coordinate}" is @shareable twice'
            yield CompositionError(CODE, message, subgraphs=(subgraph.name,), coordinate=coordinate)
    for owner in subgraph.types.values():
        marks = list(owner.all("shareable"))
        if any(sum(mark.extension == extension for mark in marks) > 1 for extension in range(len(marks) + 1)):
            message = f'[{subgraph.name}] one declaration of "{owner.name}" is @shareable twice'
            yield CompositionError(CODE, message, subgraphs=(subgraph.name,), coordinate=owner.name)


def shareable_stands_on_objects(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Fields of interfaces are resolved by nobody, so there is nothing to share."""
    for owner, field in fields_of(subgraph.schema):
        if owner.kind is Kind.INTERFACE and field.has("shareable"):
            coordinate = f"{owner.name}.{field.name}"
            message = f'[{subgraph.name}] "{coordinate}" is a field of an interface and cannot be @shareable'
            yield CompositionError(CODE, message, subgraphs=(subgraph.name,), coordinate=coordinate)
