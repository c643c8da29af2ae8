"""What a subgraph's directives say about its fields: which it resolves, which it may share, which are in use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from graphql import GraphQLError

from federation.composition.contexts import parse_context_selection
from federation.composition.fieldsets import parsed, selected, target_fields
from federation.composition.model import Field, Kind, Schema, Subgraph, Type, named


def with_facts(subgraph: Subgraph) -> Subgraph:
    """The subgraph with its sets of coordinates filled."""
    schema = subgraph.schema
    marked = {f"{owner.name}.{field.name}" for owner, field in fields_of(schema) if field.has("external")}
    external = frozenset(marked - set(_keys_of_extensions(schema)))
    provided = frozenset(_provided(schema))
    keys = set(_key_fields(schema, implementations=True))
    shared = {f"{owner.name}.{field.name}" for owner, field in fields_of(schema) if field.has("shareable")}
    used = {*keys, *_required(schema), *provided, *_of_interfaces(schema), *_in_contexts(schema)}
    return replace(
        subgraph,
        external=external,
        provided=provided,
        shareable=frozenset(shared | keys | (provided & external)),
        used=frozenset(used),
    )


def fields_of(schema: Schema) -> Iterator[tuple[Type, Field]]:
    """Every field of every object and interface."""
    for owner in schema.types.values():
        for field in owner.fields.values():
            yield owner, field


def _key_fields(schema: Schema, *, implementations: bool) -> Iterator[str]:
    for owner in schema.types.values():
        for key in owner.all("key"):
            yield from target_fields(schema, owner.name, key["fields"], implementations=implementations)


def _keys_of_extensions(schema: Schema) -> Iterator[str]:
    """Key fields of `extend type`: @external was compulsory there in Federation 1, and has no meaning."""
    for owner in schema.types.values():
        for key in owner.all("key"):
            if key.extension or owner.has("extends"):
                yield from target_fields(schema, owner.name, key["fields"], implementations=False)


def _provided(schema: Schema) -> Iterator[str]:
    for _, field in fields_of(schema):
        for provides in field.all("provides"):
            yield from target_fields(schema, named(field.type), provides["fields"], implementations=True)


def _required(schema: Schema) -> Iterator[str]:
    for owner, field in fields_of(schema):
        for requires in field.all("requires"):
            yield from target_fields(schema, owner.name, requires["fields"], implementations=True)


def _of_interfaces(schema: Schema) -> Iterator[str]:
    """Fields that an object type has because an interface asks for them."""
    for owner in schema.types.values():
        if owner.kind is Kind.INTERFACE:
            for name in schema.runtime_types(owner.name):
                yield from (f"{name}.{field}" for field in owner.fields if field in schema.types[name].fields)


def _in_contexts(schema: Schema) -> Iterator[str]:
    """Fields that some @fromContext selects from the types that set its context."""
    for _, field in fields_of(schema):
        for argument in field.arguments.values():
            for applied in argument.all("fromContext"):
                context, selection = parse_context_selection(applied["field"])
                for owner in schema.types.values():
                    if selection and any(setting["name"] == context for setting in owner.all("context")):
                        yield from _selected_of(schema, owner.name, selection)


def _selected_of(schema: Schema, owner: str, selection: str) -> Iterator[str]:
    try:
        chosen = list(selected(schema, owner, parsed(selection)))
    except GraphQLError:
        return
    for one in chosen:
        names = (one.parent, *schema.runtime_types(one.parent))
        yield from (f"{name}.{one.node.name.value}" for name in names)
