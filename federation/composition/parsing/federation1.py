"""Federation 1 schemas rewritten so that they mean in Federation 2 what they meant.

Federation 1 shared every field, ignored what it could not use, and wanted @external on keys of extensions. Each step
below takes one of these habits away (https://www.apollographql.com/docs/graphos/reference/migration/to-federation-version-2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from graphql import FieldNode, GraphQLError, InlineFragmentNode, SelectionNode, SelectionSetNode, print_ast

from federation.composition.facts import with_facts
from federation.composition.fieldsets import Selected, parsed, selected, target_fields
from federation.composition.model import COMPOSITE, ROOTS, Directive, Field, Kind, Schema, Subgraph, Type, named
from federation.composition.parsing.reading import with_query_type
from federation.errors import CompositionError
from federation.spec import FEDERATION_1, FEDERATION_1_AS

SHAREABLE = Directive("shareable")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The other subgraphs, as their authors wrote them."""

    subgraphs: Sequence[Subgraph]

    def types(self, name: str) -> Iterator[tuple[Subgraph, Type]]:
        for subgraph in self.subgraphs:
            if name in subgraph.types:
                yield subgraph, subgraph.types[name]


Step = Callable[[Schema, Neighbours], Schema]


def upgraded(subgraphs: Sequence[Subgraph]) -> tuple[list[Subgraph], list[CompositionError]]:
    """All subgraphs, those of Federation 1 rewritten; or without those, what makes it impossible."""
    errors: list[CompositionError] = []
    results = []
    for subgraph in subgraphs:
        if subgraph.version != FEDERATION_1:
            results.append(subgraph)
            continue
        others = Neighbours([other for other in subgraphs if other is not subgraph])
        schema = subgraph.schema
        for step in STEPS:
            schema = step(schema, others)
        mistakes = [*_baseless_extensions(subgraph, others), *_useless_types(subgraph, schema)]
        errors.extend(mistakes)
        if not mistakes:
            results.append(with_facts(replace(subgraph, schema=schema, version=FEDERATION_1_AS)))
    errors.extend(_interface_objects(subgraphs))
    return results, errors


def _is_extension(one: Type) -> bool:
    return one.has("extends") or (one.extended and not one.defined)


def _baseless_extensions(subgraph: Subgraph, others: Neighbours) -> Iterator[CompositionError]:
    for one in subgraph.types.values():
        if one.kind not in (Kind.OBJECT, Kind.INTERFACE) or not _is_extension(one) or one.name in ROOTS.values():
            continue
        if not any(other.defined for _, other in others.types(one.name)):
            message = f'[{subgraph.name}] "{one.name}" is extended, but no subgraph defines it'
            yield CompositionError("EXTENSION_WITH_NO_BASE", message, subgraphs=(subgraph.name,), coordinate=one.name)


def _useless_types(subgraph: Subgraph, schema: Schema) -> Iterator[CompositionError]:
    """Types that lost all their fields, though others refer to them."""
    for one in subgraph.types.values():
        if one.fields and one.name not in schema.types and _is_referenced(schema, one.name):
            message = f'[{subgraph.name}] all fields of "{one.name}" are @external and none of them is used'
            yield CompositionError(
                "TYPE_WITH_ONLY_UNUSED_EXTERNAL", message, subgraphs=(subgraph.name,), coordinate=one.name
            )


def _is_referenced(schema: Schema, name: str) -> bool:
    return any(
        name in other.members or any(named(field.type) == name for field in other.fields.values())
        for other in schema.types.values()
    )


def _interface_objects(subgraphs: Sequence[Subgraph]) -> Iterator[CompositionError]:
    """A key on an interface meant nothing in Federation 1, so no interface object can lean on it."""
    for subgraph in subgraphs:
        for one in subgraph.types.values():
            if subgraph.version == FEDERATION_1 or not one.has("interfaceObject"):
                continue
            for other in subgraphs:
                theirs = other.types.get(one.name)
                if other.version == FEDERATION_1 and theirs is not None and theirs.has("key"):
                    message = (
                        f'"{one.name}" is an @interfaceObject in subgraph "{subgraph.name}", but the @key of the'
                        f' interface in subgraph "{other.name}" is one of Federation 1 and cannot serve it'
                    )
                    names = (subgraph.name, other.name)
                    yield CompositionError("INTERFACE_OBJECT_USAGE_ERROR", message, subgraphs=names)


def _changed(schema: Schema, change: Callable[[Type, Field], Field | None]) -> Schema:
    """The schema with every field changed, or dropped where the change says None."""
    types = {
        one.name: replace(one, fields={new.name: new for old in one.fields.values() if (new := change(one, old))})
        for one in schema.types.values()
    }
    return replace(schema, types=types)


def _without(field: Field, *names: str) -> Field:
    return replace(field, directives=tuple(one for one in field.directives if one.name not in names))


def read_field_lists(schema: Schema, _: Neighbours) -> Schema:
    """`fields: ["a", "b"]` and `fields: a` were accepted for `fields: "a b"`."""

    def spelled(directives: tuple[Directive, ...]) -> tuple[Directive, ...]:
        return tuple(
            replace(one, arguments={**one.arguments, "fields": _as_text(one["fields"])})
            if "fields" in one.arguments
            else one
            for one in directives
        )

    types = {one.name: replace(one, directives=spelled(one.directives)) for one in schema.types.values()}
    schema = replace(schema, types=types)
    return _changed(schema, lambda _, field: replace(field, directives=spelled(field.directives)))


def _as_text(fields: object) -> object:
    if isinstance(fields, list) and all(isinstance(field, str) for field in fields):
        return " ".join(fields)
    return str(fields) if isinstance(fields, str) else fields


def drop_external_on_interfaces(schema: Schema, _: Neighbours) -> Schema:
    """Fields of interfaces are resolved by nobody."""
    return _changed(schema, lambda owner, field: _without(field, "external") if owner.kind is Kind.INTERFACE else field)


def drop_external_on_extensions(schema: Schema, others: Neighbours) -> Schema:
    """Keys of extensions had to be @external, though the subgraph knows them."""
    known: set[str] = set()
    for one in schema.types.values():
        if not _is_extension(one):
            continue
        keys = [(schema, key) for key in one.all("key")]
        if not keys:
            keys = [
                (other.schema, key) for other, theirs in others.types(one.name) for key in list(theirs.all("key"))[:1]
            ]
        for where, key in keys:
            targets = target_fields(where, one.name, key["fields"], implementations=False)
            known.update(target for target in targets if target.startswith(f"{one.name}."))
    return _changed(
        schema,
        lambda owner, field: _without(field, "external") if f"{owner.name}.{field.name}" in known else field,
    )


def drop_inactive_selections(schema: Schema, _: Neighbours) -> Schema:
    """What @provides and @requires select that is not @external had no effect."""

    def active(owner: Type, field: Field) -> Field:
        kept = []
        for one in field.directives:
            if one.name not in ("provides", "requires"):
                kept.append(one)
                continue
            parent = owner.name if one.name == "requires" else named(field.type)
            text = _active_text(schema, parent, one["fields"])
            if text:
                kept.append(replace(one, arguments={"fields": text}))
        return replace(field, directives=tuple(kept))

    return _changed(schema, active)


def _active_text(schema: Schema, parent: str, fields: object) -> str:
    try:
        selection = parsed(str(fields))
    except GraphQLError:
        return str(fields)
    wrong = any(_is_wrong(schema, one) for one in selected(schema, parent, selection))
    if wrong or _all_active(schema, parent, selection):
        return str(fields)
    return _active_part(schema, parent, selection)


def _is_wrong(schema: Schema, one: Selected) -> bool:
    """Whether a rule will complain of the selection, which must then stay as it is."""
    if one.field is None:
        return True
    target = schema.types.get(named(one.field.type))
    return (target is not None and target.kind in COMPOSITE) != (one.node.selection_set is not None)


def _all_active(schema: Schema, parent: str, selection: SelectionSetNode) -> bool:
    return all(_is_active(schema, parent, node) for node in selection.selections)


def _is_active(schema: Schema, parent: str, node: SelectionNode) -> bool:
    if isinstance(node, FieldNode) and _is_external(schema, parent, node.name.value):
        return True
    inner = getattr(node, "selection_set", None)
    return inner is not None and _all_active(schema, _inner_type(schema, parent, node), inner)


def _active_part(schema: Schema, parent: str, selection: SelectionSetNode) -> str:
    parts = []
    for node in selection.selections:
        inner = getattr(node, "selection_set", None)
        if isinstance(node, FieldNode) and _is_external(schema, parent, node.name.value):
            parts.append(print_ast(node))
        elif inner is not None and (text := _active_part(schema, _inner_type(schema, parent, node), inner)):
            parts.append(f"{print_ast(node).partition('{')[0]}{{ {text} }}")
    return " ".join(parts)


def _inner_type(schema: Schema, parent: str, node: SelectionNode) -> str:
    if isinstance(node, InlineFragmentNode):
        return node.type_condition.name.value if node.type_condition else parent
    field = schema.field(f"{parent}.{node.name.value}") if isinstance(node, FieldNode) else None
    return named(field.type) if field else parent


def _is_external(schema: Schema, parent: str, name: str) -> bool:
    """Whether the field, or that of some object behind an interface, is @external."""
    fields = (schema.field(f"{owner}.{name}") for owner in (parent, *schema.runtime_types(parent)))
    return any(field is not None and field.has("external") for field in fields)


def define_extensions(schema: Schema, _: Neighbours) -> Schema:
    """An extension is a definition like any other."""
    types = {one.name: _defined(one) if _is_extension(one) else one for one in schema.types.values()}
    return replace(schema, types=types)


def _defined(one: Type) -> Type:
    directives = tuple(replace(applied, extension=False) for applied in one.directives)
    return replace(one, directives=directives, defined=True, extended=False)


def drop_directives_on_interfaces(schema: Schema, _: Neighbours) -> Schema:
    """@key, @provides and @requires meant nothing on interfaces."""
    types = {
        one.name: replace(one, directives=tuple(applied for applied in one.directives if applied.name != "key"))
        if one.kind is Kind.INTERFACE
        else one
        for one in schema.types.values()
    }
    return _changed(
        replace(schema, types=types),
        lambda owner, field: _without(field, "provides", "requires") if owner.kind is Kind.INTERFACE else field,
    )


def drop_provides_on_leaves(schema: Schema, _: Neighbours) -> Schema:
    """Nothing can be provided under a scalar."""

    def keeps(field: Field) -> bool:
        target = schema.types.get(named(field.type))
        return target is not None and target.kind in COMPOSITE

    return _changed(schema, lambda _, field: field if keeps(field) else _without(field, "provides"))


def drop_unused_externals(schema: Schema, _: Neighbours) -> Schema:
    """An @external field that nothing uses was ignored, and so was a type with nothing else."""
    facts = with_facts(Subgraph("", "", FEDERATION_1_AS, schema))
    unused = facts.external - facts.used
    changed = _changed(schema, lambda owner, field: None if f"{owner.name}.{field.name}" in unused else field)
    types = {name: one for name, one in changed.types.items() if one.fields or not schema.types[name].fields}
    return with_query_type(replace(changed, types=types))


def share_fields(schema: Schema, others: Neighbours) -> Schema:
    """Every field that another subgraph resolves too is @shareable; value types are so altogether."""

    def shared(owner: Type, field: Field) -> Field:
        if owner.kind is not Kind.OBJECT or owner.name == ROOTS["subscription"] or field.has("shareable"):
            return field
        elsewhere = [other for other, theirs in others.types(owner.name) if field.name in theirs.fields]
        if owner.has("key") or owner.name in ROOTS.values():
            elsewhere = [other for other in elsewhere if other.resolves(f"{owner.name}.{field.name}")]
        else:
            elsewhere = [other for other, _ in others.types(owner.name)]
        return replace(field, directives=(*field.directives, SHAREABLE)) if elsewhere else field

    return _changed(schema, shared)


def drop_tags_on_externals(schema: Schema, others: Neighbours) -> Schema:
    """A @tag on an @external field is also on the field itself, in the subgraph that resolves it."""

    def elsewhere(coordinate: str, tag: Directive) -> bool:
        fields = (other.schema.field(coordinate) for other in others.subgraphs if coordinate not in other.external)
        return any(field is not None and tag in field.directives for field in fields)

    def untagged(owner: Type, field: Field) -> Field:
        if not field.has("external"):
            return field
        coordinate = f"{owner.name}.{field.name}"
        kept = tuple(one for one in field.directives if one.name != "tag" or not elsewhere(coordinate, one))
        return replace(field, directives=kept)

    return _changed(schema, untagged)


STEPS: tuple[Step, ...] = (
    read_field_lists,
    drop_external_on_interfaces,
    drop_external_on_extensions,
    drop_inactive_selections,
    define_extensions,
    drop_directives_on_interfaces,
    drop_provides_on_leaves,
    drop_unused_externals,
    share_fields,
    drop_tags_on_externals,
)
