"""Syntax nodes into the plain model: specification's names for directives, default names for root types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    FieldDefinitionNode,
    InputValueDefinitionNode,
    StringValueNode,
    print_ast,
)

from federation.composition.model import (
    ABSENT,
    ROOTS,
    Argument,
    Directive,
    DirectiveDefinition,
    Element,
    Field,
    Kind,
    Schema,
    Type,
    directive_of,
    value_of,
)
from federation.composition.parsing.document import SchemaNodes, TypeNode, is_extension, kind_of
from federation.spec import DIRECTIVES

KINDS: Mapping[str, Kind] = {
    "scalar": Kind.SCALAR,
    "object": Kind.OBJECT,
    "interface": Kind.INTERFACE,
    "union": Kind.UNION,
    "enum": Kind.ENUM,
    "input_object": Kind.INPUT,
}


@dataclass(frozen=True, slots=True)
class Names:
    """How one schema's names become the model's: `directives` local -> specification's, `types` for root types.

    `external_types`: whether @external on a type means its fields; in Federation 1 it meant nothing.
    """

    directives: Mapping[str, str]
    types: Mapping[str, str]
    external_types: bool = True

    def type(self, name: str) -> str:
        return self.types.get(name, name)

    def type_text(self, node: Any) -> str:
        text = print_ast(node)
        name = text.strip("[]!")
        return text.replace(name, self.type(name)) if name in self.types else text

    def directive(self, local: str) -> str | None:
        """The specification's name; the own name of a custom directive; None where it only looks like federation's."""
        canonical = self.directives.get(local)
        return canonical or (None if local in DIRECTIVES else local)


def root_renames(roots: Mapping[str, str]) -> Mapping[str, str]:
    """Root types that do not have their default names -> those names."""
    return {name: ROOTS[operation] for operation, name in roots.items() if name != ROOTS[operation]}


def read_schema(nodes: SchemaNodes, names: Names, hidden: frozenset[str]) -> Schema:
    """The whole schema but the types and directives of federation itself (`hidden`, by local name)."""
    types = {names.type(name): read_type(parts, names) for name, parts in nodes.types.items() if name not in hidden}
    definitions = (_definition(node, names) for node in nodes.definitions if node.name.value not in hidden)
    described = (getattr(node, "description", None) for node in nodes.schema)
    description = next((_text(text) for text in described if text), None)
    return Schema(
        types,
        {read.name: read for read in definitions},
        tuple(_directives(nodes.directives, names)),
        description,
    )


def with_query_type(schema: Schema) -> Schema:
    """Every subgraph has a query type, if only for the `_service` that the model leaves out."""
    query = ROOTS["query"]
    return schema if query in schema.types else replace(schema, types={**schema.types, query: Type(query)})


def read_type(nodes: Sequence[TypeNode], names: Names) -> Type:
    """One type from its definition and extensions."""
    first = next((node for node in nodes if not is_extension(node)), nodes[0])
    kind = KINDS[kind_of(first)]
    parts = [node for node in nodes if kind_of(node) == kind_of(first)]
    directives = tuple(directive for node in parts for directive in _type_directives(node, names))
    members = (member.name.value for node in parts for member in getattr(node, "types", None) or ())
    interfaces = (entry.name.value for node in parts for entry in getattr(node, "interfaces", None) or ())
    return Type(
        names.type(first.name.value),
        _text(getattr(first, "description", None)),
        directives,
        kind=kind,
        interfaces=tuple(dict.fromkeys(interfaces)),
        fields={field.name: field for field in _fields(kind, parts, directives, names)},
        inputs={value.name: value for value in _inputs(kind, parts, names)},
        members=tuple(dict.fromkeys(members)),
        values={value.name: value for value in _values(parts, names)},
        defined=any(not is_extension(node) for node in parts),
        extended=any(is_extension(node) for node in parts),
    )


def _type_directives(node: TypeNode, names: Names) -> Iterator[Directive]:
    for applied in _directives(node.directives or (), names):
        yield replace(applied, extension=True) if is_extension(node) else applied


def _fields(kind: Kind, nodes: Sequence[TypeNode], directives: Sequence[Directive], names: Names) -> Iterator[Field]:
    """Fields of an object or interface. What a type's @external and @shareable say is written on each field."""
    if kind not in (Kind.OBJECT, Kind.INTERFACE):
        return
    external = tuple(applied for applied in directives if applied.name == "external" and names.external_types)
    for node in nodes:
        own = (applied for applied in _directives(node.directives or (), names) if applied.name == "shareable")
        inherited = (*external[:1], *tuple(own)[:1])
        for entry in getattr(node, "fields", None) or ():
            field = _field(entry, names, is_extension(node))
            missing = tuple(applied for applied in inherited if not field.has(applied.name))
            yield replace(field, directives=(*field.directives, *missing))


def _field(node: FieldDefinitionNode, names: Names, extension: bool) -> Field:
    return Field(
        node.name.value,
        _text(node.description),
        tuple(_directives(node.directives or (), names)),
        type=names.type_text(node.type),
        arguments={read.name: read for read in (_argument(entry, names) for entry in node.arguments or ())},
        extension=extension,
    )


def _argument(node: InputValueDefinitionNode, names: Names) -> Argument:
    return Argument(
        node.name.value,
        _text(node.description),
        tuple(_directives(node.directives or (), names)),
        type=names.type_text(node.type),
        default=ABSENT if node.default_value is None else value_of(node.default_value),
    )


def _inputs(kind: Kind, nodes: Sequence[TypeNode], names: Names) -> Iterator[Argument]:
    if kind is Kind.INPUT:
        for node in nodes:
            yield from (_argument(entry, names) for entry in getattr(node, "fields", None) or ())


def _values(nodes: Sequence[TypeNode], names: Names) -> Iterator[Element]:
    for node in nodes:
        for entry in getattr(node, "values", None) or ():
            yield Element(entry.name.value, _text(entry.description), tuple(_directives(entry.directives or (), names)))


def _definition(node: DirectiveDefinitionNode, names: Names) -> DirectiveDefinition:
    return DirectiveDefinition(
        node.name.value,
        _text(node.description),
        arguments={read.name: read for read in (_argument(entry, names) for entry in node.arguments or ())},
        locations=tuple(location.value for location in node.locations),
        repeatable=node.repeatable,
    )


def _directives(nodes: Iterable[ConstDirectiveNode], names: Names) -> Iterator[Directive]:
    for node in nodes:
        name = names.directive(node.name.value)
        if name is not None:
            yield directive_of(node, name)


def _text(node: StringValueNode | None) -> str | None:
    return None if node is None else node.value
