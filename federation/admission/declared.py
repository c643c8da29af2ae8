"""What the supergraph declares for admission: who may read what, and what things cost.

Sources: the specifications `authenticated`, `requiresScopes`, `policy` and `cost` (v0.1 each) of specs.apollo.dev.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLSchema,
    Node,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    get_named_type,
    value_from_ast_untyped,
)

from federation.admission.requests import Grants

_SPECIFICATIONS = {
    "authenticated": ("authenticated",),
    "requiresScopes": ("requiresScopes",),
    "policy": ("policy",),
    "cost": ("cost", "listSize"),
}


@dataclass(frozen=True, slots=True)
class Demand:
    """One condition of access: an asker who is known, or every scope (policy) of at least one of the alternatives."""

    kind: str
    alternatives: frozenset[frozenset[str]] = frozenset()

    def met_by(self, grants: Grants) -> bool:
        """Whether what was granted suffices. No alternative at all is never met."""
        if self.kind == "authenticated":
            return grants.authenticated
        held = grants.scopes if self.kind == "requiresScopes" else grants.policies
        return any(alternative <= held for alternative in self.alternatives)


Demands = frozenset[Demand]


@dataclass(frozen=True, slots=True)
class ListSize:
    """`@listSize`: where the length of a list is to be found."""

    assumed: int | None
    slicing: tuple[str, ...]
    sized: tuple[str, ...]
    require_one: bool


class Declared:
    """The directives of one supergraph that admission acts on, under the names that it links them by."""

    def __init__(self, document: DocumentNode, schema: GraphQLSchema) -> None:
        self._names = directive_names(document)
        self._schema = schema
        self._demands: dict[tuple[str, str], Demands] = {}

    def of_type(self, name: str) -> Demands:
        """What a type itself demands of whoever reads a field that answers it, or a fragment on it."""
        found = self._schema.type_map.get(name)
        return frozenset() if found is None else self._read(found.ast_node)

    def of_field(self, parent: GraphQLNamedType, name: str) -> Demands:
        """What a field and its type demand. On an interface: what any type behind it demands for that field, too,
        since the answer may come from any of them.
        """
        key = (parent.name, name)
        if key not in self._demands:
            self._demands[key] = frozenset(self._collect(parent, name))
        return self._demands[key]

    def cost(self, node: Node | None) -> float | None:
        """`@cost(weight:)` on a definition; None where there is none."""
        for arguments in self._applied(node, "cost"):
            return float(arguments.get("weight", 0))
        return None

    def list_size(self, node: Node | None) -> ListSize | None:
        """`@listSize` on a field definition."""
        for arguments in self._applied(node, "listSize"):
            return ListSize(
                assumed=arguments.get("assumedSize"),
                slicing=tuple(arguments.get("slicingArguments") or ()),
                sized=tuple(arguments.get("sizedFields") or ()),
                require_one=bool(arguments.get("requireOneSlicingArgument", True)),
            )
        return None

    def _collect(self, parent: GraphQLNamedType, name: str) -> Iterator[Demand]:
        field: Any = getattr(parent, "fields", {}).get(name)
        if field is None:  # __typename, __schema, __type
            return
        yield from self._read(field.ast_node)
        yield from self.of_type(get_named_type(field.type).name)
        if isinstance(parent, GraphQLInterfaceType):
            for kind in self._schema.get_possible_types(parent):
                yield from self._read(kind.ast_node)
                yield from self.of_field(kind, name)

    def _read(self, node: Node | None) -> Demands:
        return frozenset(self._conditions(node))

    def _conditions(self, node: Node | None) -> Iterator[Demand]:
        for _ in self._applied(node, "authenticated"):
            yield Demand("authenticated")
        for kind, argument in (("requiresScopes", "scopes"), ("policy", "policies")):
            for arguments in self._applied(node, kind):
                yield Demand(kind, frozenset(frozenset(names) for names in arguments.get(argument) or ()))

    def _applied(self, node: Any, directive: str) -> Iterator[dict[str, Any]]:
        wanted = self._names[directive]
        for item in getattr(node, "directives", None) or ():
            if item.name.value == wanted:
                yield {argument.name.value: value_from_ast_untyped(argument.value) for argument in item.arguments or ()}


def directive_names(document: DocumentNode) -> Mapping[str, str]:
    """The name that each directive goes by in this supergraph: as `@link` imports, prefixes or renames it
    (https://specs.apollo.dev/link/v1.0, "Name resolution").
    """
    names = {directive: directive for directives in _SPECIFICATIONS.values() for directive in directives}
    for link in _links(document):
        specification = str(link.get("url", "")).rstrip("/").rpartition("/v")[0].rpartition("/")[2]
        prefix = link.get("as") or specification
        imported = dict(_imports(link.get("import") or ()))
        for directive in _SPECIFICATIONS.get(specification, ()):
            default = prefix if directive == specification else f"{prefix}__{directive}"
            names[directive] = imported.get(directive, default)
    return names


def _links(document: DocumentNode) -> Iterator[dict[str, Any]]:
    for definition in document.definitions:
        if isinstance(definition, (SchemaDefinitionNode, SchemaExtensionNode)):
            for item in definition.directives or ():
                if item.name.value == "link":
                    yield {
                        argument.name.value: value_from_ast_untyped(argument.value) for argument in item.arguments or ()
                    }


def _imports(entries: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        name, alias = (entry.get("name"), entry.get("as")) if isinstance(entry, dict) else (entry, None)
        yield str(name).removeprefix("@"), str(alias or name).removeprefix("@")
