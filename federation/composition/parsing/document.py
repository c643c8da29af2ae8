"""A subgraph's document made whole: extensions folded into their types, federation's own definitions apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

from graphql import (
    ConstDirectiveNode,
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    UnionTypeDefinitionNode,
    parse,
)

from federation.composition.model import ROOTS

TypeNode = TypeDefinitionNode | TypeExtensionNode

DEFINITIONS: Mapping[str, type[TypeDefinitionNode]] = {
    "scalar": ScalarTypeDefinitionNode,
    "object": ObjectTypeDefinitionNode,
    "interface": InterfaceTypeDefinitionNode,
    "union": UnionTypeDefinitionNode,
    "enum": EnumTypeDefinitionNode,
    "input_object": InputObjectTypeDefinitionNode,
}

FEDERATION_TYPES = frozenset({"_Any", "_Entity", "_Service"})
FEDERATION_FIELDS = frozenset({"_entities", "_service"})


@dataclass(frozen=True, slots=True)
class SchemaNodes:
    """The nodes of one schema, sorted. `types` keeps the definition and the extensions of each type together."""

    types: Mapping[str, Sequence[TypeNode]]
    definitions: Sequence[DirectiveDefinitionNode]
    schema: Sequence[SchemaDefinitionNode | SchemaExtensionNode]
    others: Sequence[DefinitionNode]

    @property
    def directives(self) -> Iterator[ConstDirectiveNode]:
        """Applications on the schema itself."""
        for node in self.schema:
            yield from node.directives or ()

    @property
    def roots(self) -> Mapping[str, str]:
        """Operation -> name of its root type, as declared or by default name."""
        declared = {
            operation.operation.value: operation.type.name.value
            for node in self.schema
            for operation in node.operation_types or ()
        }
        if any(isinstance(node, SchemaDefinitionNode) for node in self.schema):
            return declared
        default = {operation: name for operation, name in ROOTS.items() if name in self.types}
        return default | declared


@lru_cache(maxsize=512)
def known_definitions(sdl: str) -> tuple[DefinitionNode, ...]:
    """Definitions that come again and again in the same words: those of the specifications."""
    return tuple(parse(sdl, no_location=True).definitions)


def sorted_nodes(document: DocumentNode) -> SchemaNodes:
    """The nodes of a document by what they are, without the machinery that a subgraph library may have printed."""
    types: dict[str, list[TypeNode]] = {}
    definitions: list[DirectiveDefinitionNode] = []
    schema: list[SchemaDefinitionNode | SchemaExtensionNode] = []
    others: list[DefinitionNode] = []
    for node in document.definitions:
        if isinstance(node, TypeDefinitionNode | TypeExtensionNode):
            types.setdefault(node.name.value, []).append(node)
        elif isinstance(node, DirectiveDefinitionNode):
            definitions.append(node)
        elif isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            schema.append(node)
        else:
            others.append(node)
    kept = {name: nodes for name, nodes in types.items() if name not in FEDERATION_TYPES}
    unfinished = SchemaNodes(kept, definitions, schema, others)
    query = unfinished.roots.get("query", "")
    return SchemaNodes(dict(_without_federation_fields(kept, query)), definitions, schema, others)


def _without_federation_fields(
    types: Mapping[str, Sequence[TypeNode]], query: str
) -> Iterator[tuple[str, Sequence[TypeNode]]]:
    """All types; `_entities` and `_service` are taken off the query type, which goes when nothing else is left."""
    for name, nodes in types.items():
        if name != query:
            yield name, nodes
            continue
        stripped = [_stripped(node) for node in nodes]
        was_empty = not any(_fields(node) for node in nodes)
        if was_empty or any(_fields(node) for node in stripped):
            yield name, stripped


def _fields(node: TypeNode) -> Sequence[FieldDefinitionNode]:
    return getattr(node, "fields", None) or ()


def _stripped(node: TypeNode) -> TypeNode:
    kept = tuple(entry for entry in _fields(node) if entry.name.value not in FEDERATION_FIELDS)
    return node if len(kept) == len(_fields(node)) else replace(cast(Any, node), fields=kept)


def folded(nodes: Sequence[TypeNode]) -> Iterator[TypeDefinitionNode]:
    """One definition of the type, holding what its extensions add.

    Definitions too many, and extensions of another kind, are left for validation to complain of.
    """
    first = next((node for node in nodes if isinstance(node, TypeDefinitionNode)), nodes[0])
    fitting = [node for node in nodes if node is first or (is_extension(node) and kind_of(node) == kind_of(first))]
    yield _definition(first, fitting)
    yield from (_definition(node, [node]) for node in nodes if node not in fitting)


def _definition(first: TypeNode, nodes: Sequence[TypeNode]) -> TypeDefinitionNode:
    parts = {
        part: tuple(entry for node in nodes for entry in getattr(node, part) or ())
        for part in ("directives", "interfaces", "fields", "types", "values")
        if hasattr(first, part)
    }
    description = getattr(first, "description", None)
    definition: type[Any] = DEFINITIONS[kind_of(first)]
    return cast(TypeDefinitionNode, definition(loc=first.loc, name=first.name, description=description, **parts))


def kind_of(node: TypeNode) -> str:
    """`object`, `interface`, `input_object`, ... for a definition or an extension."""
    return node.kind.partition("_type_")[0]


def is_extension(node: TypeNode) -> bool:
    return isinstance(node, TypeExtensionNode)
