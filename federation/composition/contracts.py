"""Contracts: a part of the graph for some of its clients, chosen by tags.

What a contract leaves out becomes @inaccessible: it stays in the supergraph for keys and requirements, but clients do
not see it. So every rule of @inaccessible judges the contract too, and a field that is let in while its type is not is
an error, not a hole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from federation.composition.merging import Merged
from federation.composition.model import COMPOSITE, ROOTS, Directive, Element, Field, Schema, Subgraph, Type, named

INACCESSIBLE = Directive("inaccessible")
Part = TypeVar("Part", bound=Element)


@dataclass(frozen=True, slots=True)
class Contract:
    """Tags that let in and tags that keep out; the latter win.

    With no `include` everything is let in. Otherwise a field must have one of these tags, or be in a type that has
    one; enums, scalars and inputs follow the fields that use them.
    """

    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()


def hidden_by(contract: Contract, merged: Merged) -> frozenset[str]:
    """Coordinates of everything that the contract leaves out of the merged schema."""
    name = merged.features.names.get("tag", "tag")
    view = _View(contract, merged.schema, name)
    machinery = ("join__", "link__", "context__", "policy__", "requiresScopes__")
    types = [one for one in merged.schema.types.values() if not one.name.startswith(machinery)]
    hidden = {coordinate for one in types for coordinate in view.hidden_in(one)}
    seen = set(_reachable(merged.schema, hidden))
    return frozenset(hidden | {one.name for one in types if one.name not in seen})


@dataclass(frozen=True, slots=True)
class _View:
    contract: Contract
    schema: Schema
    tag: str

    def _tags(self, element: Element) -> frozenset[str]:
        return frozenset(applied["name"] for applied in element.all(self.tag))

    def _excluded(self, element: Element) -> bool:
        return bool(self._tags(element) & self.contract.exclude)

    def _let_in(self, owner: Type, field: Field) -> bool:
        included = self.contract.include
        return not included or bool((self._tags(owner) | self._tags(field)) & included)

    def hidden_in(self, one: Type) -> Iterator[str]:
        """Coordinates of the type, its fields, arguments and values that are left out."""
        if self._excluded(one):
            yield one.name
        for field in one.fields.values():
            if self._excluded(field) or not self._let_in(one, field):
                yield f"{one.name}.{field.name}"
            for argument in field.arguments.values():
                if self._excluded(argument):
                    yield f"{one.name}.{field.name}({argument.name}:)"
        for part in (*one.inputs.values(), *one.values.values()):
            if self._excluded(part):
                yield f"{one.name}.{part.name}"


def _reachable(schema: Schema, hidden: set[str]) -> Iterator[str]:
    """Types that clients can get at through what is not hidden."""
    waiting = [name for name in ROOTS.values() if name in schema.types and name not in hidden]
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        yield name
        for other in _neighbours(schema, schema.types[name], hidden):
            if other in schema.types and other not in seen and other not in hidden:
                seen.add(other)
                waiting.append(other)


def _neighbours(schema: Schema, one: Type, hidden: set[str]) -> Iterator[str]:
    yield from one.interfaces
    if one.kind in COMPOSITE:
        yield from (name for name in schema.runtime_types(one.name) if _has_visible_field(schema, name, hidden))
    for field in one.fields.values():
        if f"{one.name}.{field.name}" not in hidden:
            yield named(field.type)
            for argument in field.arguments.values():
                if f"{one.name}.{field.name}({argument.name}:)" not in hidden:
                    yield named(argument.type)
    for entry in one.inputs.values():
        if f"{one.name}.{entry.name}" not in hidden:
            yield named(entry.type)


def _has_visible_field(schema: Schema, name: str, hidden: set[str]) -> bool:
    return any(f"{name}.{field}" not in hidden for field in schema.types[name].fields)


def with_hidden(subgraph: Subgraph, hidden: frozenset[str], directive: str) -> Subgraph:
    """The subgraph with @inaccessible, called `directive`, on what is hidden, wherever it says how a thing looks."""
    types = {name: _hide_in(subgraph, one, hidden) for name, one in subgraph.types.items()}
    names = {**subgraph.local_names, "inaccessible": directive}
    return replace(subgraph, schema=replace(subgraph.schema, types=types), local_names=names)


def _hide_in(subgraph: Subgraph, one: Type, hidden: frozenset[str]) -> Type:
    return replace(
        one,
        directives=_hidden_directives(one, one.name in hidden),
        fields={name: _hide_field(subgraph, one, field, hidden) for name, field in one.fields.items()},
        inputs=_hide_parts(one, one.inputs, hidden),
        values=_hide_parts(one, one.values, hidden),
    )


def _hide_parts(one: Type, parts: Mapping[str, Part], hidden: frozenset[str]) -> dict[str, Part]:
    return {
        name: replace(part, directives=_hidden_directives(part, f"{one.name}.{name}" in hidden))
        for name, part in parts.items()
    }


def _hide_field(subgraph: Subgraph, one: Type, field: Field, hidden: frozenset[str]) -> Field:
    coordinate = f"{one.name}.{field.name}"
    if coordinate in subgraph.external:
        return field
    arguments = {
        name: replace(argument, directives=_hidden_directives(argument, f"{coordinate}({name}:)" in hidden))
        for name, argument in field.arguments.items()
    }
    return replace(field, arguments=arguments, directives=_hidden_directives(field, coordinate in hidden))


def _hidden_directives(element: Element, hide: bool) -> tuple[Directive, ...]:
    return (*element.directives, INACCESSIBLE) if hide and not element.has("inaccessible") else element.directives
