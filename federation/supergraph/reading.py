"""Supergraph SDL -> plain data. One reader for every join version: what a version lacks is simply absent.

join v0.1 has `@join__owner` and says nothing of value types and interfaces: there a type without `@join__type` stands
in every subgraph, and a field without `@join__field` belongs to the owner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from graphql import (
    ConstDirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    NamedTypeNode,
    OperationType,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    TypeNode,
    print_ast,
    value_from_ast_untyped,
)

from federation.supergraph.model import ContextArgument, Field, FieldJoin, KeyJoin, Kind, SubgraphInfo, Type, TypeJoin

KINDS: Mapping[str, Kind] = {
    "object_type_definition": "object",
    "interface_type_definition": "interface",
    "union_type_definition": "union",
    "enum_type_definition": "enum",
    "scalar_type_definition": "scalar",
    "input_object_type_definition": "input",
}
MACHINERY = ("join__", "link__", "core__")


def applied(node: Any, name: str) -> Iterator[dict[str, Any]]:
    """The arguments of each `@name` on a definition."""
    directives: Iterable[ConstDirectiveNode] = node.directives or ()
    for directive in directives:
        if directive.name.value == name:
            yield {
                argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments or ()
            }


def named(node: TypeNode) -> str:
    while not isinstance(node, NamedTypeNode):
        node = node.type  # type: ignore[attr-defined]
    return node.name.value


def read_subgraphs(document: DocumentNode) -> dict[str, SubgraphInfo]:
    """Graph enum value -> name and address."""
    for definition in document.definitions:
        if isinstance(definition, EnumTypeDefinitionNode) and definition.name.value == "join__Graph":
            return {
                value.name.value: SubgraphInfo(graph.get("name", value.name.value), graph.get("url") or "")
                for value in definition.values or ()
                for graph in applied(value, "join__graph")
            }
    return {}


def read_root_types(document: DocumentNode) -> dict[OperationType, str]:
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode):
            return {item.operation: item.type.name.value for item in definition.operation_types}
    names = {d.name.value for d in document.definitions if isinstance(d, TypeDefinitionNode)}
    return {kind: kind.value.title() for kind in OperationType if kind.value.title() in names}


def read_types(document: DocumentNode, graphs: tuple[str, ...]) -> dict[str, Type]:
    definitions = (d for d in document.definitions if isinstance(d, TypeDefinitionNode) and d.kind in KINDS)
    return {
        definition.name.value: read_type(definition, graphs)
        for definition in definitions
        if not definition.name.value.startswith(MACHINERY)
    }


def read_type(definition: TypeDefinitionNode, graphs: tuple[str, ...]) -> Type:
    node: Any = definition
    joins = {graph: type_join(node, graph) for graph in graphs_of_type(node, graphs)}
    owner = next((owner["graph"] for owner in applied(node, "join__owner")), None)
    kind = KINDS[node.kind]
    fields = getattr(node, "fields", None) or () if kind in ("object", "interface") else ()
    return Type(
        name=node.name.value,
        kind=kind,
        fields={item.name.value: read_field(item, joins, owner) for item in fields},
        joins=joins,
        implements=frozenset(item.name.value for item in getattr(node, "interfaces", None) or ()),
        members=frozenset(item.name.value for item in getattr(node, "types", None) or ()),
    )


def graphs_of_type(node: Any, graphs: tuple[str, ...]) -> tuple[str, ...]:
    joined = tuple(dict.fromkeys(join["graph"] for join in applied(node, "join__type")))
    return joined or graphs


def type_join(node: Any, graph: str) -> TypeJoin:
    joins = [join for join in applied(node, "join__type") if join["graph"] == graph]
    return TypeJoin(
        keys=tuple(KeyJoin(join["key"], join.get("resolvable", True)) for join in joins if join.get("key")),
        interface_object=any(join.get("isInterfaceObject", False) for join in joins),
        implements=per_graph(node, graph, "join__implements", "interface", getattr(node, "interfaces", None)),
        members=per_graph(node, graph, "join__unionMember", "member", getattr(node, "types", None)),
        contexts=frozenset(context["name"] for context in applied(node, "context")),
    )


def per_graph(node: Any, graph: str, directive: str, argument: str, everywhere: Any) -> frozenset[str]:
    """What a directive says of one graph; without any, what the definition says holds in every graph (v0.1, v0.2)."""
    entries = list(applied(node, directive))
    if not entries:
        return frozenset(item.name.value for item in everywhere or ())
    return frozenset(entry[argument] for entry in entries if entry["graph"] == graph)


def read_field(node: FieldDefinitionNode, joins: Mapping[str, TypeJoin], owner: str | None) -> Field:
    kind, text = named(node.type), print_ast(node.type)
    entries = list(applied(node, "join__field"))
    found = {entry["graph"]: field_join(entry, kind, text) for entry in entries if entry.get("graph")}
    if not entries:
        found = {graph: FieldJoin(kind, text) for graph in ([owner] if owner else joins)}
    if owner:
        keyed = (graph for graph, join in joins.items() if is_key(node.name.value, join))
        found = {graph: FieldJoin(kind, text) for graph in keyed} | found
    return Field(node.name.value, kind, text, found)


def is_key(name: str, join: TypeJoin) -> bool:
    return any(name in key.fields.replace("{", " ").replace("}", " ").split() for key in join.keys)


def field_join(entry: Mapping[str, Any], kind: str, text: str) -> FieldJoin:
    own = cast("str", entry.get("type") or text)
    return FieldJoin(
        type=own.replace("[", "").replace("]", "").replace("!", "").strip() or kind,
        type_text=own,
        requires=entry.get("requires"),
        provides=entry.get("provides"),
        external=bool(entry.get("external")),
        overridden=bool(entry.get("usedOverridden")) and not entry.get("overrideLabel"),
        label=entry.get("overrideLabel"),
        overrides=entry.get("override"),
        context_arguments=tuple(
            ContextArgument(argument["name"], argument["type"], argument["context"], argument["selection"])
            for argument in entry.get("contextArguments") or ()
        ),
    )
