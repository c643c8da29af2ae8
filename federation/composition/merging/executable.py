"""Directives for operations: clients may use those that every subgraph understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from federation.composition.merging.context import Merging, listed
from federation.composition.merging.elements import merged_description
from federation.composition.merging.references import merged_arguments
from federation.composition.model import DirectiveDefinition, Field

EXECUTABLE = frozenset(
    {"QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"}
    | {"VARIABLE_DEFINITION"}
)


def executable_definitions(merging: Merging) -> Iterator[DirectiveDefinition]:
    """Definitions with a place in operations that all subgraphs have in common, on the places they have in common."""
    names = dict.fromkeys(
        name
        for subgraph in merging.subgraphs.values()
        for name, definition in subgraph.schema.definitions.items()
        if EXECUTABLE.intersection(definition.locations)
    )
    for name in names:
        sources = {
            subgraph.name: subgraph.schema.definitions[name]
            for subgraph in merging.subgraphs.values()
            if name in subgraph.schema.definitions
        }
        missing = [subgraph for subgraph in merging.subgraphs if subgraph not in sources]
        locations = EXECUTABLE.intersection(*(source.locations for source in sources.values()))
        if missing:
            message = f"@{name} is left out, as it does not exist in {listed(missing)}"
            merging.report.hint("INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE", message)
        elif not locations:
            message = f"@{name} is left out, as no location is common to all subgraphs"
            merging.report.hint("NO_EXECUTABLE_DIRECTIVE_LOCATIONS_INTERSECTION", message)
        else:
            yield _merged(merging, name, sources, tuple(sorted(locations)))


def _merged(
    merging: Merging, name: str, sources: Mapping[str, DirectiveDefinition], locations: tuple[str, ...]
) -> DirectiveDefinition:
    as_fields = {subgraph: Field(name, arguments=source.arguments) for subgraph, source in sources.items()}
    arguments = {argument.name: argument for argument in merged_arguments(merging, f"@{name}", as_fields)}
    first = next(iter(sources.values()))
    return replace(
        first,
        description=merged_description(merging, f"@{name}", sources),
        arguments=arguments,
        locations=locations,
        repeatable=all(source.repeatable for source in sources.values()),
    )
