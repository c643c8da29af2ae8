"""`@key`, `@requires` and `@provides`: what may their field sets select?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import FieldNode, GraphQLError, InlineFragmentNode, SelectionSetNode

from federation.composition.facts import fields_of
from federation.composition.fieldsets import TYPENAME, parsed
from federation.composition.model import COMPOSITE, Directive, Field, Kind, Subgraph, named
from federation.errors import CompositionError
from federation.spec import Version

INTERFACE_KEYS_SINCE = Version(2, 3)


@dataclass(frozen=True, slots=True)
class FieldSet:
    """One field set where it stands; `parent` is the type that it selects from, `place` the element that has it."""

    subgraph: Subgraph
    applied: Directive
    place: str
    parent: str

    def error(self, code: str, reason: str) -> CompositionError:
        text = self.applied["fields"]
        message = f'[{self.subgraph.name}] @{self.applied.name}(fields: "{text}") on "{self.place}": {reason}'
        return CompositionError(code, message, subgraphs=(self.subgraph.name,), coordinate=self.place)

    def own_error(self, kind: str, reason: str) -> CompositionError:
        """An error whose code starts with the directive's name."""
        return self.error(f"{self.applied.name.upper()}_{kind}", reason)


def keys_are_valid(subgraph: Subgraph) -> Iterator[CompositionError]:
    """A key selects plain fields, of no abstract type."""
    for owner in subgraph.types.values():
        for key in owner.all("key"):
            fields = FieldSet(subgraph, key, owner.name, owner.name)
            if owner.kind is Kind.INTERFACE and subgraph.version < INTERFACE_KEYS_SINCE:
                yield fields.own_error("UNSUPPORTED_ON_INTERFACE", "interfaces have keys since Federation 2.3")
            yield from _mistakes(fields)


def requirements_are_valid(subgraph: Subgraph) -> Iterator[CompositionError]:
    """@requires selects, from its own type, fields that other subgraphs resolve."""
    for owner, field in fields_of(subgraph.schema):
        for requires in field.all("requires"):
            fields = FieldSet(subgraph, requires, f"{owner.name}.{field.name}", owner.name)
            if owner.kind is Kind.INTERFACE:
                yield fields.own_error("UNSUPPORTED_ON_INTERFACE", "fields of interfaces are resolved by nobody")
            yield from _mistakes(fields)


def provisions_are_valid(subgraph: Subgraph) -> Iterator[CompositionError]:
    """@provides selects, from what its field returns, fields that other subgraphs resolve."""
    for owner, field in fields_of(subgraph.schema):
        for provides in field.all("provides"):
            coordinate = f"{owner.name}.{field.name}"
            fields = FieldSet(subgraph, provides, coordinate, named(field.type))
            target = subgraph.types.get(named(field.type))
            if coordinate in subgraph.external:
                code = "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE"
                yield fields.error(code, "a field that is @external here provides nothing")
            elif target is None or target.kind not in COMPOSITE:
                yield fields.error("PROVIDES_ON_NON_OBJECT_FIELD", f'"{field.type}" has no fields to provide')
            else:
                if owner.kind is Kind.INTERFACE:
                    yield fields.own_error("UNSUPPORTED_ON_INTERFACE", "fields of interfaces are resolved by nobody")
                yield from _mistakes(fields)


def _mistakes(fields: FieldSet) -> Iterator[CompositionError]:
    text = fields.applied["fields"]
    if type(text) is not str:
        yield fields.own_error("INVALID_FIELDS_TYPE", "the field set must be a string")
        return
    try:
        selection = parsed(text)
    except GraphQLError as error:
        yield fields.own_error("INVALID_FIELDS", error.message)
        return
    found = list(_invalid_selections(fields, fields.parent, selection))
    yield from found or _selection_mistakes(fields, fields.parent, selection, False)


def _invalid_selections(fields: FieldSet, parent: str, selection: SelectionSetNode) -> Iterator[CompositionError]:
    """What makes the field set no valid selection at all."""
    for node in selection.selections:
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition.name.value if node.type_condition else parent
            if not _overlap(fields.subgraph, parent, condition):
                yield fields.own_error("INVALID_FIELDS", f'"{parent}" can never be a "{condition}"')
            else:
                yield from _invalid_selections(fields, condition, node.selection_set)
        elif isinstance(node, FieldNode) and node.name.value != TYPENAME:
            yield from _invalid_field(fields, parent, node)


def _invalid_field(fields: FieldSet, parent: str, node: FieldNode) -> Iterator[CompositionError]:
    coordinate = f"{parent}.{node.name.value}"
    field = fields.subgraph.schema.field(coordinate)
    if field is None:
        yield fields.own_error("INVALID_FIELDS", f'there is no field "{coordinate}"')
        return
    if node.alias is not None:
        yield fields.own_error("INVALID_FIELDS", f'"{coordinate}" has an alias, which field sets may not have')
    target = fields.subgraph.types.get(named(field.type))
    kind = target.kind if target else Kind.SCALAR
    if fields.applied.name == "key" and kind in (Kind.INTERFACE, Kind.UNION):
        yield fields.error("KEY_FIELDS_SELECT_INVALID_TYPE", f'"{coordinate}" is of kind {kind.value}')
        return
    yield from _invalid_arguments(fields, coordinate, field, node)
    if (kind in COMPOSITE) != (node.selection_set is not None):
        reason = "needs a selection of its fields" if kind in COMPOSITE else "has no fields to select"
        yield fields.own_error("INVALID_FIELDS", f'"{coordinate}" {reason}')
    elif node.selection_set is not None:
        yield from _invalid_selections(fields, named(field.type), node.selection_set)


def _invalid_arguments(fields: FieldSet, coordinate: str, field: Field, node: FieldNode) -> Iterator[CompositionError]:
    given = {argument.name.value for argument in node.arguments or ()}
    for name in sorted(given - field.arguments.keys()):
        yield fields.own_error("INVALID_FIELDS", f'"{coordinate}" has no argument "{name}"')
    for argument in field.arguments.values():
        if argument.required and argument.name not in given:
            yield fields.own_error("INVALID_FIELDS", f'"{coordinate}" needs a value for "{argument.name}"')


def _overlap(subgraph: Subgraph, parent: str, condition: str) -> bool:
    own = subgraph.schema.runtime_types(parent)
    return any(name in own for name in subgraph.schema.runtime_types(condition)) or parent == condition


def _selection_mistakes(
    fields: FieldSet, parent: str, selection: SelectionSetNode, below_external: bool
) -> Iterator[CompositionError]:
    """What a valid selection still may not do in this directive."""
    for node in selection.selections:
        if node.directives:
            yield fields.own_error("DIRECTIVE_IN_FIELDS_ARG", "field sets may not have directives")
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition.name.value if node.type_condition else parent
            yield from _selection_mistakes(fields, condition, node.selection_set, below_external)
        elif isinstance(node, FieldNode) and node.name.value != TYPENAME:
            yield from _field_mistakes(fields, parent, node, below_external)


def _field_mistakes(fields: FieldSet, parent: str, node: FieldNode, below_external: bool) -> Iterator[CompositionError]:
    coordinate = f"{parent}.{node.name.value}"
    field = fields.subgraph.types[parent].fields[node.name.value]
    external = coordinate in fields.subgraph.external
    if field.arguments and fields.applied.name != "requires":
        yield fields.own_error("FIELDS_HAS_ARGS", f'"{coordinate}" has arguments')
    if node.selection_set is None:
        if fields.applied.name != "key" and not external and not below_external:
            reason = f'"{coordinate}" is not @external, so this subgraph resolves it anyway'
            yield fields.own_error("FIELDS_MISSING_EXTERNAL", reason)
    else:
        inherited = below_external or external or _is_external_in_objects(fields.subgraph, parent, field.name)
        yield from _selection_mistakes(fields, named(field.type), node.selection_set, inherited)


def _is_external_in_objects(subgraph: Subgraph, parent: str, name: str) -> bool:
    """Whether the field of an interface is @external in some object behind it."""
    if subgraph.types[parent].kind is not Kind.INTERFACE:
        return False
    return any(f"{owner}.{name}" in subgraph.external for owner in subgraph.schema.runtime_types(parent))
