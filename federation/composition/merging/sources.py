"""Where the parts of a merged type come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from federation.composition.merging.context import Merging
from federation.composition.model import Field, Kind, Type


@dataclass(frozen=True, slots=True)
class FieldSources:
    """One field in every subgraph that has it, and the `others` that have its type, or an interface object for it."""

    owner: str
    name: str
    fields: Mapping[str, Field]
    others: tuple[str, ...]

    @property
    def coordinate(self) -> str:
        return f"{self.owner}.{self.name}"


def type_sources(merging: Merging, name: str) -> Mapping[str, Type]:
    """The type in every subgraph that has it, and for the same kind of type, in order."""
    sources = all_type_sources(merging, name)
    return {subgraph: source for subgraph, source in sources.items() if kind_in(source) is merging.kinds[name]}


def all_type_sources(merging: Merging, name: str) -> Mapping[str, Type]:
    """The type in every subgraph that has the name."""
    return {subgraph.name: subgraph.types[name] for subgraph in merging.subgraphs.values() if name in subgraph.types}


def kind_in(source: Type) -> Kind:
    """The kind that a subgraph's type has in the supergraph."""
    return Kind.INTERFACE if source.has("interfaceObject") else source.kind


def field_sources(merging: Merging, owner: str) -> Iterator[FieldSources]:
    """Every field of a merged object or interface, in order of first appearance."""
    sources = type_sources(merging, owner)
    concerned = [name for name in merging.subgraphs if name in sources or _abstracts_interface(merging, owner, name)]
    names = dict.fromkeys(field for source in sources.values() for field in source.fields)
    for name in names:
        fields = {subgraph: source.fields[name] for subgraph, source in sources.items() if name in source.fields}
        yield FieldSources(owner, name, fields, tuple(one for one in concerned if one not in fields))


def _abstracts_interface(merging: Merging, owner: str, subgraph: str) -> bool:
    return any(merging.subgraphs[subgraph].abstracts(name) for name in merging.interfaces.get(owner, ()))


def abstracting_fields(merging: Merging, sources: FieldSources, subgraph: str) -> dict[str, Field]:
    """Fields of interface objects, by coordinate, that stand for this field in a subgraph without its type."""
    schema = merging.subgraphs[subgraph].schema
    if merging.kinds[sources.owner] is not Kind.OBJECT or sources.owner in schema.types:
        return {}
    candidates = (schema.types.get(name) for name in merging.interfaces.get(sources.owner, ()))
    return {
        f"{candidate.name}.{sources.name}": candidate.fields[sources.name]
        for candidate in candidates
        if candidate is not None and candidate.has("interfaceObject") and sources.name in candidate.fields
    }
