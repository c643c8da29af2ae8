"""A supergraph as plain data: which subgraph owns which type and field, and on what terms.

Names follow the join specification (https://specs.apollo.dev/join): a *join* says how a type or field stands in one
subgraph. Subgraphs are named by their value of `enum join__Graph`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["object", "interface", "union", "enum", "scalar", "input"]


@dataclass(frozen=True, slots=True)
class SubgraphInfo:
    """A subgraph: its name as its owner gave it, and its address."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class KeyJoin:
    """A key by which entities of a type are found in a subgraph; `fields` is a field set."""

    fields: str
    resolvable: bool = True


@dataclass(frozen=True, slots=True)
class ContextArgument:
    """An argument that the gateway fills in: `selection` is read from the nearest ancestor that sets `context`."""

    name: str
    type: str
    context: str
    selection: str


@dataclass(frozen=True, slots=True)
class FieldJoin:
    """How a field stands in one subgraph.

    `type` is the named type there. `external` fields are not resolved there, unless provided. A field that is
    `overridden` is resolved elsewhere now. With `label`, an overriding field is used only while the label is active,
    and the overridden one only while it is not.
    """

    type: str
    type_text: str
    requires: str | None = None
    provides: str | None = None
    external: bool = False
    overridden: bool = False
    label: str | None = None
    overrides: str | None = None
    context_arguments: tuple[ContextArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object or interface type; `type` is the named type, `type_text` keeps lists and non-nulls."""

    name: str
    type: str
    type_text: str
    joins: Mapping[str, FieldJoin]


@dataclass(frozen=True, slots=True)
class TypeJoin:
    """How a type stands in one subgraph. `contexts` are the names that it sets there (`@context`)."""

    keys: tuple[KeyJoin, ...] = ()
    interface_object: bool = False
    implements: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    contexts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Type:
    """A type of the supergraph; `implements` and `members` as its definition has them, over all subgraphs."""

    name: str
    kind: Kind
    fields: Mapping[str, Field] = field(default_factory=dict)
    joins: Mapping[str, TypeJoin] = field(default_factory=dict)
    implements: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()

    @property
    def is_abstract(self) -> bool:
        return self.kind in ("interface", "union")
