"""Keys of interfaces hold for what implements them, and interface objects have keys (Federation 2.3)."""

from __future__ import annotations

from collections.abc import Iterator

from federation.composition.fieldsets import normalized
from federation.composition.model import Directive, Kind, Subgraph, Type
from federation.errors import CompositionError


def interface_keys_are_implemented(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Every implementation has each key of its interface, resolvable if the interface's is."""
    for interface in subgraph.types.values():
        if interface.kind is not Kind.INTERFACE:
            continue
        types = [subgraph.types[name] for name in subgraph.schema.runtime_types(interface.name)]
        for key in interface.all("key"):
            missing = [one.name for one in types if not _has_key(one, key)]
            if missing:
                message = (
                    f'[{subgraph.name}] @key(fields: "{key["fields"]}") of interface "{interface.name}" is missing, or'
                    f" not resolvable, on {', '.join(missing)}"
                )
                yield CompositionError(
                    "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
                    message,
                    subgraphs=(subgraph.name,),
                    coordinate=interface.name,
                )


def _has_key(one: Type, wanted: Directive) -> bool:
    text = normalized(str(wanted["fields"]))
    matching = next((key for key in one.all("key") if normalized(str(key["fields"])) == text), None)
    if matching is None:
        return False
    return wanted["resolvable"] is False or matching["resolvable"] is not False


def interface_objects_are_entities(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Without a key nobody could go from the interface to the object that stands for it."""
    for one in subgraph.types.values():
        if one.has("interfaceObject") and not one.has("key"):
            message = f'[{subgraph.name}] "{one.name}" is an @interfaceObject without @key'
            yield CompositionError(
                "INTERFACE_OBJECT_USAGE_ERROR", message, subgraphs=(subgraph.name,), coordinate=one.name
            )
