"""A field resolved by several subgraphs must be shareable in each of them (Federation 2, "value types")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from federation.composition.merging.context import Merging
from federation.composition.merging.overrides import FieldOverrides
from federation.composition.merging.sources import FieldSources, abstracting_fields
from federation.composition.model import ROOTS


@dataclass(frozen=True, slots=True)
class _Resolver:
    subgraph: str
    coordinate: str
    shareable: bool


def check_sharing(merging: Merging, sources: FieldSources, overrides: FieldOverrides) -> None:
    """Reports a field with several resolvers of which one at least does not expect any other."""
    if sources.owner == ROOTS["subscription"]:
        _check_subscription(merging, sources)
    resolvers = list(_resolvers(merging, sources, overrides))
    selfish = [one for one in resolvers if not one.shareable]
    if not selfish or len(resolvers) < 2:
        return
    all_names = ", ".join(_described(one, sources) for one in resolvers)
    some_names = ", ".join(_described(one, sources) for one in selfish)
    message = (
        f'"{sources.coordinate}" is resolved by several subgraphs ({all_names}) but not @shareable in {some_names}'
    )
    if any(one.subgraph in overrides.astray for one in selfish):
        message += "; its @override names a subgraph that does not exist, which may be a misspelling"
    names = [one.subgraph for one in resolvers]
    merging.report.error("INVALID_FIELD_SHARING", message, names, sources.coordinate)


def _resolvers(merging: Merging, sources: FieldSources, overrides: FieldOverrides) -> Iterator[_Resolver]:
    for name, subgraph in merging.subgraphs.items():
        if name in overrides.given_up:
            continue
        here = [sources.coordinate] if name in sources.fields else abstracting_fields(merging, sources, name)
        for coordinate in here:
            if subgraph.resolves(coordinate):
                yield _Resolver(name, coordinate, coordinate in subgraph.shareable)


def _described(resolver: _Resolver, sources: FieldSources) -> str:
    through = "" if resolver.coordinate == sources.coordinate else f" through @interfaceObject {resolver.coordinate}"
    return f'"{resolver.subgraph}"{through}'


def _check_subscription(merging: Merging, sources: FieldSources) -> None:
    """Events come from one place, so a field of the subscription root cannot be shared at all."""
    for subgraph, field in sources.fields.items():
        if field.has("shareable"):
            message = (
                f'"{sources.coordinate}" in subgraph "{subgraph}": fields of the subscription root cannot be @shareable'
            )
            merging.report.error("INVALID_FIELD_SHARING", message, [subgraph], sources.coordinate)
