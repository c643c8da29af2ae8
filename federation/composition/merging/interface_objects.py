"""Fields that an interface object adds to an interface belong to every object behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from federation.composition.merging.context import Merging, join
from federation.composition.merging.overrides import FieldOverrides
from federation.composition.merging.sharing import check_sharing
from federation.composition.merging.sources import FieldSources
from federation.composition.model import Argument, Directive, Field, Kind, Type


def with_abstracted_fields(merging: Merging, types: Mapping[str, Type]) -> dict[str, Type]:
    """All types; objects get the fields of their interfaces that interface objects provide."""
    return {name: _completed(merging, one, types) if one.kind is Kind.OBJECT else one for name, one in types.items()}


def _completed(merging: Merging, one: Type, types: Mapping[str, Type]) -> Type:
    fields = dict(one.fields)
    for interface in one.interfaces:
        for name, field in types[interface].fields.items():
            if not _provided(merging, interface, name):
                continue
            if name not in fields:
                check_sharing(merging, FieldSources(one.name, name, {}, tuple(merging.subgraphs)), FieldOverrides())
                fields[name] = _copy(field)
            elif _all_external(fields[name]):
                own = fields[name]
                fields[name] = replace(own, directives=_united(own.directives, _without_joins(field.directives)))
    return replace(one, fields=fields)


def _provided(merging: Merging, interface: str, field: str) -> bool:
    return any(
        subgraph.abstracts(interface) and field in subgraph.types[interface].fields
        for subgraph in merging.subgraphs.values()
    )


def _copy(field: Field) -> Field:
    arguments = {
        name: Argument(name, one.description, _without_joins(one.directives), type=one.type, default=one.default)
        for name, one in field.arguments.items()
    }
    return replace(field, arguments=arguments, directives=(join("field"), *_without_joins(field.directives)))


def _without_joins(directives: tuple[Directive, ...]) -> tuple[Directive, ...]:
    return tuple(directive for directive in directives if not directive.name.startswith("join__"))


def _united(own: tuple[Directive, ...], others: tuple[Directive, ...]) -> tuple[Directive, ...]:
    return (*own, *(directive for directive in others if directive not in own))


def _all_external(field: Field) -> bool:
    joins = [directive for directive in field.directives if directive.name == "join__field"]
    return bool(joins) and all(directive["external"] is True for directive in joins)
