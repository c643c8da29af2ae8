"""`@authenticated`, `@requiresScopes` and `@policy` reach interfaces from what stands behind them.

They are written on objects and their fields only. Who asks through an interface must hold what any object behind it
asks for, so the supergraph's interface carries all of them; a field of an interface object guards the field of each
object type that it stands for.
"""

from __future__ import annotations

from collections.abc import Iterator

from federation.composition.merging.context import Merging
from federation.composition.merging.elements import GUARDS
from federation.composition.merging.sources import FieldSources
from federation.composition.model import Directive, Element, Kind, Subgraph


def inherited_type_guards(merging: Merging, name: str) -> Iterator[Directive]:
    """What an interface takes over from the object types that implement it."""
    if merging.kinds[name] is not Kind.INTERFACE:
        return
    for subgraph in merging.subgraphs.values():
        for implementation in implementations(merging, name):
            if implementation in subgraph.types:
                yield from _guards(subgraph.types[implementation])


def inherited_guards(merging: Merging, sources: FieldSources) -> Iterator[Directive]:
    """What a field takes over: an interface's from its objects, and both from interface objects beside them."""
    owner, name = sources.owner, sources.name
    for subgraph in merging.subgraphs.values():
        if merging.kinds[owner] is Kind.OBJECT:
            yield from _of_interface_objects(merging, subgraph, owner, owner, name)
            continue
        for implementation in implementations(merging, owner):
            yield from _of_field(subgraph, implementation, name)
            yield from _of_interface_objects(merging, subgraph, owner, implementation, name)


def implementations(merging: Merging, interface: str) -> Iterator[str]:
    """Object types of the supergraph that implement the interface."""
    for name, interfaces in merging.interfaces.items():
        if interface in interfaces and merging.kinds[name] is Kind.OBJECT:
            yield name


def _of_interface_objects(
    merging: Merging, subgraph: Subgraph, owner: str, implementation: str, field: str
) -> Iterator[Directive]:
    for interface in merging.interfaces.get(implementation, ()):
        if interface != owner and subgraph.abstracts(interface):
            yield from _of_field(subgraph, interface, field)


def _of_field(subgraph: Subgraph, owner: str, name: str) -> Iterator[Directive]:
    field = subgraph.schema.field(f"{owner}.{name}")
    if field is not None and f"{owner}.{name}" not in subgraph.external:
        yield from _guards(field)


def _guards(element: Element) -> Iterator[Directive]:
    return (directive for directive in element.directives if directive.name in GUARDS)
