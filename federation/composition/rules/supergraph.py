"""What the merged schema owes: interfaces implemented, requirements still valid, GraphQL kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import FieldNode, build_schema, validate_schema

from federation.composition.facts import fields_of
from federation.composition.fieldsets import parsed, selected
from federation.composition.merging import Merged
from federation.composition.merging.context import listed
from federation.composition.model import Field, Subgraph
from federation.composition.printing import print_schema
from federation.errors import CompositionError


def interface_fields_are_implemented(merged: Merged, subgraphs: Sequence[Subgraph]) -> Iterator[CompositionError]:
    """A type implements the interface as it is after merging, not only as its own subgraph knows it."""
    schema = merged.schema
    for one in schema.types.values():
        for interface in one.interfaces:
            for name in schema.types[interface].fields:
                if name not in one.fields:
                    declaring = [
                        subgraph.name
                        for subgraph in subgraphs
                        if subgraph.schema.field(f"{interface}.{name}") and not subgraph.abstracts(interface)
                    ]
                    message = (
                        f'"{interface}.{name}" is declared in {listed(declaring)}, but "{one.name}", which implements'
                        f' "{interface}", has no such field in any subgraph'
                    )
                    yield CompositionError(
                        *("INTERFACE_FIELD_NO_IMPLEM", message), subgraphs=declaring, coordinate=f"{one.name}.{name}"
                    )


def requirements_hold(merged: Merged, subgraphs: Sequence[Subgraph]) -> Iterator[CompositionError]:
    """Arguments that a @requires gives are still those that the merged field takes."""
    for subgraph in subgraphs:
        for owner, field in fields_of(subgraph.schema):
            for requires in field.all("requires"):
                coordinate = f"{owner.name}.{field.name}"
                for one in selected(merged.schema, owner.name, parsed(requires["fields"])):
                    if one.field is not None and (reason := _misfit(one.field, one.node)):
                        message = (
                            f'[{subgraph.name}] @requires(fields: "{requires["fields"]}") on "{coordinate}":'
                            f' "{one.coordinate}" {reason} in the supergraph'
                        )
                        yield CompositionError(
                            *("REQUIRES_INVALID_FIELDS", message), subgraphs=(subgraph.name,), coordinate=coordinate
                        )


def _misfit(field: Field, node: FieldNode) -> str | None:
    given = {argument.name.value for argument in node.arguments or ()}
    unknown = sorted(given - field.arguments.keys())
    if unknown:
        return f'has no argument "{unknown[0]}"'
    missing = [one.name for one in field.arguments.values() if one.required and one.name not in given]
    return f'needs a value for "{missing[0]}"' if missing else None


def schema_is_valid(merged: Merged, _: Sequence[Subgraph]) -> Iterator[CompositionError]:
    """The supergraph is GraphQL itself: merging can make a field unfit for its interface."""
    schema = build_schema(print_schema(merged.schema), assume_valid_sdl=True)
    for error in validate_schema(schema):
        yield CompositionError("INVALID_GRAPHQL", error.message)
