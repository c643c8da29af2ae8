"""Types, each kind by its own rule: unions and outputs widen, inputs narrow, enums follow their use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from federation.composition.merging.access import implementations, inherited_type_guards
from federation.composition.merging.context import Merging, join, listed
from federation.composition.merging.elements import merged_description, merged_directives
from federation.composition.merging.fields import merged_fields
from federation.composition.merging.inputs import merged_inputs
from federation.composition.merging.sources import type_sources
from federation.composition.model import ROOTS, Directive, EnumName, Kind, Type


def merged_type(merging: Merging, name: str) -> Type:
    """One type of the supergraph. The values of an enum are left for later: they depend on where it is used."""
    kind = merging.kinds[name]
    sources = type_sources(merging, name)
    _check_extensions(merging, name, sources)
    _check_interface(merging, name, sources)
    directives = merged_directives(merging, name, sources, inherited_type_guards(merging, name))
    merged = Type(
        name,
        merged_description(merging, name, sources),
        (*_joins(merging, sources), *directives),
        kind=kind,
        interfaces=merging.interfaces.get(name, ()),
        members=merging.members.get(name, ()),
    )
    if kind in (Kind.OBJECT, Kind.INTERFACE):
        return replace(merged, fields=merged_fields(merging, name))
    if kind is Kind.INPUT:
        return replace(merged, inputs=merged_inputs(merging, name, sources))
    if kind is Kind.UNION:
        _hint_members(merging, name, sources)
    return merged


def _joins(merging: Merging, sources: Mapping[str, Type]) -> Iterator[Directive]:
    for subgraph, source in sources.items():
        graph = merging.graphs[subgraph]
        yield from (join("implements", graph=graph, interface=interface) for interface in source.interfaces)
    for subgraph, source in sources.items():
        yield from _type_joins(merging.graphs[subgraph], source)
    for member in dict.fromkeys(member for source in sources.values() for member in source.members):
        for subgraph, source in sources.items():
            if member in source.members:
                yield join("unionMember", graph=merging.graphs[subgraph], member=member)


def _type_joins(graph: EnumName, source: Type) -> Iterator[Directive]:
    """One `join__type` per key, or one without."""
    abstracts = True if source.has("interfaceObject") else None
    keys = list(source.all("key"))
    for key in keys:
        extension = True if key.extension or source.has("extends") else None
        fields, resolvable = key["fields"], key["resolvable"]
        yield join(
            "type", graph=graph, key=fields, extension=extension, resolvable=resolvable, isInterfaceObject=abstracts
        )
    if not keys:
        yield join("type", graph=graph, isInterfaceObject=abstracts)


def _check_extensions(merging: Merging, name: str, sources: Mapping[str, Type]) -> None:
    """An `extend type` needs a `type` somewhere; root types are given."""
    if name in ROOTS.values() or any(source.defined for source in sources.values()):
        return
    for subgraph in sources:
        message = f'[{subgraph}] "{name}" is extended, but no subgraph defines it'
        merging.report.error("EXTENSION_WITH_NO_BASE", message, [subgraph], name)


def _check_interface(merging: Merging, name: str, sources: Mapping[str, Type]) -> None:
    """A subgraph that resolves an interface by key must know all its objects; an interface object, none."""
    if merging.kinds[name] is not Kind.INTERFACE:
        return
    known = list(implementations(merging, name))
    for subgraph, source in sources.items():
        types = merging.subgraphs[subgraph].types
        if source.has("interfaceObject"):
            if clashing := [one for one in known if one in types]:
                message = (
                    f'"{name}" is an @interfaceObject in subgraph "{subgraph}", which therefore cannot define'
                    f" its implementations {', '.join(clashing)}"
                )
                merging.report.error("INTERFACE_OBJECT_USAGE_ERROR", message, [subgraph], name)
        elif any(key["resolvable"] is not False for key in source.all("key")):
            own = merging.subgraphs[subgraph].schema.runtime_types(name)
            if missing := [one for one in known if one not in own]:
                message = (
                    f'interface "{name}" has a resolvable @key in subgraph "{subgraph}", which therefore must define'
                    f" all its implementations, but {', '.join(missing)} are missing"
                )
                merging.report.error("INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE", message, [subgraph], name)


def _hint_members(merging: Merging, name: str, sources: Mapping[str, Type]) -> None:
    for member in merging.members[name]:
        missing = [subgraph for subgraph, source in sources.items() if member not in source.members]
        if missing:
            message = f'union "{name}" has member "{member}", though not in {listed(missing)}'
            merging.report.hint("INCONSISTENT_UNION_MEMBER", message)
