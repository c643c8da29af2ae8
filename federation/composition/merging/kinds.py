"""What each name of the supergraph stands for, before any of it is merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from federation.composition.merging.context import Merging, by_text, listed
from federation.composition.merging.sources import all_type_sources, kind_in
from federation.composition.model import Kind, Subgraph, Type


def merged_kinds(subgraphs: Sequence[Subgraph]) -> dict[str, Kind]:
    """Every type with its kind: the first subgraph's, where they disagree."""
    kinds: dict[str, Kind] = {}
    for subgraph in subgraphs:
        for name, source in subgraph.types.items():
            kinds.setdefault(name, kind_in(source))
    return kinds


def merged_interfaces(subgraphs: Sequence[Subgraph]) -> dict[str, tuple[str, ...]]:
    """Which interfaces each type implements in some subgraph."""
    return _united({name: one.interfaces for name, one in subgraph.types.items()} for subgraph in subgraphs)


def merged_members(subgraphs: Sequence[Subgraph]) -> dict[str, tuple[str, ...]]:
    """Which members each union has in some subgraph."""
    return _united(
        {name: one.members for name, one in subgraph.types.items() if one.kind is Kind.UNION} for subgraph in subgraphs
    )


def _united(parts: Iterable[Mapping[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    united: dict[str, tuple[str, ...]] = {}
    for part in parts:
        for name, entries in part.items():
            united[name] = tuple(dict.fromkeys((*united.get(name, ()), *entries)))
    return united


def report_misfits(merging: Merging) -> None:
    """Members of unions that are no objects in the supergraph, and implemented types that are no interfaces."""
    for union, members in merging.members.items():
        for member in members:
            if merging.kinds[member] is not Kind.OBJECT:
                message = f'"{member}" is a member of union "{union}", but no object in the supergraph'
                merging.report.error("INVALID_GRAPHQL", message, coordinate=union)
    for name, interfaces in merging.interfaces.items():
        for interface in interfaces:
            if merging.kinds[interface] is not Kind.INTERFACE:
                message = f'"{name}" implements "{interface}", which is no interface in the supergraph'
                merging.report.error("INVALID_GRAPHQL", message, coordinate=name)


def report_kinds(merging: Merging) -> None:
    """Names that are not the same kind of type everywhere, and interface objects without an interface."""
    for name in merging.kinds:
        sources = all_type_sources(merging, name)
        if len({kind_in(source) for source in sources.values()}) > 1:
            says = by_text({subgraph: _kind_text(source) for subgraph, source in sources.items()})
            merging.report.error("TYPE_KIND_MISMATCH", f'"{name}" is {says}', list(sources), name)
        elif all(source.has("interfaceObject") for source in sources.values()):
            message = f'"{name}" is an @interfaceObject in {listed(sources)}, but an interface nowhere'
            merging.report.error("INTERFACE_OBJECT_USAGE_ERROR", message, list(sources), name)


def _kind_text(source: Type) -> str:
    return "an interface object" if source.has("interfaceObject") else f"of kind {source.kind.value}"
