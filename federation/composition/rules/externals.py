"""`@external` must be of some use, and has none on interfaces."""

from __future__ import annotations

from collections.abc import Iterator

from federation.composition.facts import fields_of
from federation.composition.model import Kind, Subgraph
from federation.errors import CompositionError


def externals_are_used(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Some key, requirement, provision or interface needs the field.

    One that provides something is a mistake of its own (fieldsets.py).
    """
    for owner, field in fields_of(subgraph.schema):
        coordinate = f"{owner.name}.{field.name}"
        if coordinate in subgraph.external - subgraph.used and not field.has("provides"):
            needs = "no @key, @requires, @provides or interface needs it"
            message = f'[{subgraph.name}] "{coordinate}" is @external, but {needs}'
            yield CompositionError("EXTERNAL_UNUSED", message, subgraphs=(subgraph.name,), coordinate=coordinate)


def interfaces_have_no_externals(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Fields of interfaces are resolved by nobody, so by nobody else either."""
    for owner, field in fields_of(subgraph.schema):
        coordinate = f"{owner.name}.{field.name}"
        if owner.kind is Kind.INTERFACE and coordinate in subgraph.external:
            message = f'[{subgraph.name}] "{coordinate}" is a field of an interface and cannot be @external'
            yield CompositionError("EXTERNAL_ON_INTERFACE", message, subgraphs=(subgraph.name,), coordinate=coordinate)
