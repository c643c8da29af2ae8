"""Second step: one schema out of many. Each kind of type has its rule, in a file of its name.

`features` and `composed` settle which directives there are; `kinds` what each type is; then types merge one by one
(`types`, `fields`, `inputs`), enums last (`enums`), since their rule depends on where they are used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from federation.composition.merging.composed import composed_directives
from federation.composition.merging.context import Hint, Merging, Report
from federation.composition.merging.elements import merged_description, merged_directives
from federation.composition.merging.enums import with_values
from federation.composition.merging.executable import executable_definitions
from federation.composition.merging.features import Features, links, used_features
from federation.composition.merging.interface_objects import with_abstracted_fields
from federation.composition.merging.kinds import (
    merged_interfaces,
    merged_kinds,
    merged_members,
    report_kinds,
    report_misfits,
)
from federation.composition.merging.machinery import graph_enum, graph_names, machinery
from federation.composition.merging.types import merged_type
from federation.composition.model import ROOTS, Element, Kind, Schema, Subgraph
from federation.errors import CompositionError

__all__ = ["Hint", "Merged", "merge"]


@dataclass(frozen=True, slots=True)
class Merged:
    """The supergraph with its join directives, as far as it could be merged, and `graphs`: subgraph -> enum value."""

    schema: Schema
    features: Features
    graphs: Mapping[str, str]
    errors: tuple[CompositionError, ...]
    hints: tuple[Hint, ...]


def merge(subgraphs: Sequence[Subgraph]) -> Merged:
    """The supergraph of these subgraphs, which come in order of their names."""
    report = Report()
    features = used_features(subgraphs, report)
    exports = composed_directives(subgraphs, report)
    graphs = graph_names([subgraph.name for subgraph in subgraphs])
    if report.errors:
        return Merged(Schema({}), features, graphs, tuple(report.errors), tuple(report.hints))
    interfaces = merged_interfaces(subgraphs)
    merging = Merging(
        {subgraph.name: subgraph for subgraph in subgraphs},
        graphs,
        merged_kinds(subgraphs),
        interfaces,
        merged_members(subgraphs),
        features.names,
        {subgraph.name: exports.by_subgraph(subgraph.name) for subgraph in subgraphs},
        report,
    )
    report_misfits(merging)
    if report.errors:
        return Merged(Schema({}), features, graphs, tuple(report.errors), tuple(report.hints))
    report_kinds(merging)
    types = {name: merged_type(merging, name) for name in merging.kinds}
    types = {name: one for name, one in types.items() if one.fields or one.kind is not Kind.OBJECT}
    definitions = {**{one.name: one for one in executable_definitions(merging)}, **exports.definitions}
    types = with_abstracted_fields(merging, with_values(merging, types, definitions.values()))
    if ROOTS["query"] not in types:
        report.error("NO_QUERIES", "no subgraph has a query root type, so there is nothing to ask")
    schema = _whole(merging, features, Schema(types, definitions, tuple(links(features, exports))))
    return Merged(schema, features, graphs, tuple(report.errors), tuple(report.hints))


def _whole(merging: Merging, features: Features, merged: Schema) -> Schema:
    """The merged schema with what gives its directives a meaning, and those of the schema itself."""
    own = machinery(features)
    sources = {
        name: Element("schema", subgraph.schema.description, subgraph.schema.directives)
        for name, subgraph in merging.subgraphs.items()
    }
    graph = graph_enum(list(merging.subgraphs.values()), merging.graphs)
    return Schema(
        {**merged.types, **own.types, graph.name: graph},
        {**merged.definitions, **own.definitions},
        (*merged.directives, *merged_directives(merging, "schema", sources)),
        merged_description(merging, "schema", sources),
    )
