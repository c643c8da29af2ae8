"""A schema as plain data, the same shape for a subgraph and for the supergraph.

Types are texts as in SDL (`[ID!]!`), values are Python's, with `EnumName` for what stands without quotes. Directives
carry the names of the specification (`key`), whatever a subgraph calls them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any

from graphql import ConstDirectiveNode, EnumValueNode, ListValueNode, ObjectValueNode, ValueNode, value_from_ast_untyped

from federation.spec import Link, Version

Value = Any


class EnumName(str):
    """A value that SDL writes without quotes."""

    __slots__ = ()


class Absent(Enum):
    """The default of an argument that has none; `null` is a default like any other."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


class Kind(StrEnum):
    """The six kinds of type, named as in SDL."""

    SCALAR = "scalar"
    OBJECT = "type"
    INTERFACE = "interface"
    UNION = "union"
    ENUM = "enum"
    INPUT = "input"


COMPOSITE = frozenset({Kind.OBJECT, Kind.INTERFACE, Kind.UNION})


@dataclass(frozen=True, slots=True)
class Directive:
    """One application of a directive. `extension`: written on an `extend type`."""

    name: str
    arguments: Mapping[str, Value] = field(default_factory=dict)
    extension: bool = False

    def __getitem__(self, argument: str) -> Value:
        return self.arguments.get(argument)


@dataclass(frozen=True, slots=True)
class Element:
    """What everything in a schema has."""

    name: str
    description: str | None = None
    directives: tuple[Directive, ...] = ()

    def has(self, directive: str) -> bool:
        return any(applied.name == directive for applied in self.directives)

    def all(self, directive: str) -> Iterator[Directive]:
        return (applied for applied in self.directives if applied.name == directive)

    def first(self, directive: str) -> Directive | None:
        return next(self.all(directive), None)


@dataclass(frozen=True, slots=True)
class Argument(Element):
    """An argument, or a field of an input object."""

    type: str = ""
    default: Value = ABSENT

    @property
    def required(self) -> bool:
        return self.type.endswith("!") and self.default is ABSENT


@dataclass(frozen=True, slots=True)
class Field(Element):
    """A field of an object or an interface. `extension`: written in an `extend type`."""

    type: str = ""
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    extension: bool = False


@dataclass(frozen=True, slots=True)
class Type(Element):
    """A type of any kind; what a kind does not have is empty.

    `defined` and `extended` tell whether the subgraph has a `type`, an `extend type`, or both.
    """

    kind: Kind = Kind.OBJECT
    interfaces: tuple[str, ...] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)
    inputs: Mapping[str, Argument] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    values: Mapping[str, Element] = field(default_factory=dict)
    defined: bool = True
    extended: bool = False


@dataclass(frozen=True, slots=True)
class DirectiveDefinition(Element):
    """A directive that a schema defines."""

    arguments: Mapping[str, Argument] = field(default_factory=dict)
    locations: tuple[str, ...] = ()
    repeatable: bool = False


ROOTS: Mapping[str, str] = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}


@dataclass(frozen=True, slots=True)
class Schema:
    """Types and definitions of directives, by name. Root types have their default names."""

    types: Mapping[str, Type]
    definitions: Mapping[str, DirectiveDefinition] = field(default_factory=dict)
    directives: tuple[Directive, ...] = ()
    description: str | None = None

    def field(self, coordinate: str) -> Field | None:
        """The field `Type.name`, if there is one."""
        type_name, _, name = coordinate.partition(".")
        owner = self.types.get(type_name)
        return owner.fields.get(name) if owner else None

    def runtime_types(self, name: str) -> tuple[str, ...]:
        """The object types that a value of this type may have, in order of the schema."""
        owner = self.types.get(name)
        if owner is None or owner.kind not in COMPOSITE:
            return ()
        if owner.kind is Kind.OBJECT:
            return (name,)
        if owner.kind is Kind.UNION:
            return owner.members
        return tuple(
            other.name for other in self.types.values() if other.kind is Kind.OBJECT and name in other.interfaces
        )


@dataclass(frozen=True, slots=True)
class Subgraph:
    """One subgraph's schema in the words of Federation 2; `version` is what its author linked, 1.0 for none.

    The last four are sets of field coordinates (facts.py fills them): `external` are resolved elsewhere, `provided` on
    some paths here too, `shareable` may be resolved elsewhere as well, `used` are named by a key, a requirement, a
    provision, a context or an interface.
    """

    name: str
    url: str
    version: Version
    schema: Schema
    links: tuple[Link, ...] = ()
    local_names: Mapping[str, str] = field(default_factory=dict)
    external: frozenset[str] = frozenset()
    provided: frozenset[str] = frozenset()
    shareable: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()

    def resolves(self, coordinate: str) -> bool:
        """Whether the subgraph answers the field, on some path at least."""
        return coordinate not in self.external or coordinate in self.provided

    def abstracts(self, name: str) -> bool:
        """Whether the subgraph has the type as an @interfaceObject."""
        return name in self.types and self.types[name].has("interfaceObject")

    @property
    def types(self) -> Mapping[str, Type]:
        return self.schema.types


def value_of(node: ValueNode) -> Value:
    """A constant as Python's value."""
    if isinstance(node, EnumValueNode):
        return EnumName(node.value)
    if isinstance(node, ListValueNode):
        return [value_of(item) for item in node.values]
    if isinstance(node, ObjectValueNode):
        return {entry.name.value: value_of(entry.value) for entry in node.fields}
    return value_from_ast_untyped(node)


def directive_of(node: ConstDirectiveNode, name: str) -> Directive:
    """An application as data, under the given name."""
    return Directive(name, {argument.name.value: value_of(argument.value) for argument in node.arguments or ()})


def named(type_text: str) -> str:
    """The name inside lists and non-nulls."""
    return type_text.strip("[]!")


def nullable(type_text: str) -> str:
    """The type without its outer `!`."""
    return type_text.removesuffix("!")


def is_list(type_text: str) -> bool:
    return type_text.startswith("[")


def item(type_text: str) -> str:
    """The type of a list's items."""
    return nullable(type_text)[1:-1]


def same(left: Value, right: Value) -> bool:
    """Equality of constants: `true` is not `1`, and a name is not a text."""
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    return bool(left == right)
