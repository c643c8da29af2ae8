"""The composed schema: read from SDL of any join version (0.1 to 0.5), kept as plain data.

`reading` turns definitions into `model` types, `api` makes the schema that clients see.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationType, parse

from federation.errors import FederationError
from federation.supergraph.api import api_schema
from federation.supergraph.model import (
    ContextArgument,
    Field,
    FieldJoin,
    KeyJoin,
    SubgraphInfo,
    Type,
    TypeJoin,
)
from federation.supergraph.reading import read_root_types, read_subgraphs, read_types

__all__ = [
    "ContextArgument",
    "Field",
    "FieldJoin",
    "KeyJoin",
    "SubgraphInfo",
    "Supergraph",
    "SupergraphError",
    "Type",
    "TypeJoin",
]


class SupergraphError(FederationError):
    """A text that is no supergraph."""

    default_code = "INVALID_SUPERGRAPH"


@dataclass(frozen=True, eq=False)
class Supergraph:
    """Everything that the planner knows of the subgraphs.

    `subgraphs` maps values of `join__Graph` to their names and addresses; `roots` maps operation types to type names.
    `derived` is for what others make of a supergraph and want to live as long as it does.
    """

    sdl: str
    document: DocumentNode
    subgraphs: Mapping[str, SubgraphInfo]
    types: Mapping[str, Type]
    roots: Mapping[OperationType, str]
    derived: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def parse(cls, sdl: str) -> Supergraph:
        """Read a supergraph; raises SupergraphError (INVALID_SUPERGRAPH)."""
        try:
            document = parse(sdl, no_location=True)
        except GraphQLError as error:
            raise SupergraphError(None, f"Not GraphQL: {error.message}") from None
        subgraphs = read_subgraphs(document)
        if not subgraphs:
            raise SupergraphError(None, "Not a supergraph: it names no subgraph (@join__graph)")
        return cls(sdl, document, subgraphs, read_types(document, tuple(subgraphs)), read_root_types(document))

    @cached_property
    def api_schema(self) -> GraphQLSchema:
        """What clients see: nothing of `join__`, `link__`, or @inaccessible.

        Applied directives that the gateway acts on (@authenticated, @requiresScopes, @policy, @cost, @listSize, @tag)
        stay on each `ast_node`.
        """
        return api_schema(self.document)

    @cached_property
    def possible_types(self) -> Mapping[str, frozenset[str]]:
        """Object types that a type stands for, over all subgraphs."""
        possible: dict[str, set[str]] = {name: set(kind.members) for name, kind in self.types.items()}
        for name, kind in self.types.items():
            if kind.kind == "object":
                possible[name].add(name)
                for interface in kind.implements:
                    possible.setdefault(interface, set()).add(name)
        return {name: frozenset(objects) for name, objects in possible.items()}

    @cached_property
    def hidden_types(self) -> frozenset[str]:
        """Types that clients do not see."""
        return frozenset(self.types) - frozenset(self.api_schema.type_map)

    @cached_property
    def varying_fields(self) -> Mapping[str, frozenset[str]]:
        """Fields of each interface whose type is a stricter one in some object type. Interface objects are left out:
        where the types are not known, it would cost a request to learn them.
        """
        interfaces = (kind for kind in self.types.values() if kind.kind == "interface")
        known = (kind for kind in interfaces if not any(join.interface_object for join in kind.joins.values()))
        return {
            kind.name: frozenset(
                one.name
                for one in kind.fields.values()
                for name in self.possible_types[kind.name]
                if one.name in self.types[name].fields and self.types[name].fields[one.name].type_text != one.type_text
            )
            for kind in known
        }

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every override label that a plan may depend on."""
        fields = (one for kind in self.types.values() for one in kind.fields.values())
        joins = (join for one in fields for join in one.joins.values())
        return frozenset(join.label for join in joins if join.label)
