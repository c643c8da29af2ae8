"""Fields of objects and interfaces: the union of what the subgraphs have, and who resolves which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from federation.composition.contexts import parse_context_selection
from federation.composition.merging.access import inherited_guards
from federation.composition.merging.context import Merging, join, listed
from federation.composition.merging.elements import is_merged, merged_description, merged_directives
from federation.composition.merging.externals import check_external_fields
from federation.composition.merging.overrides import FieldOverrides, field_overrides
from federation.composition.merging.references import merged_arguments, merged_output_type
from federation.composition.merging.sharing import check_sharing
from federation.composition.merging.sources import FieldSources, abstracting_fields, field_sources
from federation.composition.model import Directive, Field, Kind


def merged_fields(merging: Merging, owner: str) -> dict[str, Field]:
    """All fields of one merged type, each with the `join__field`s that say where it comes from."""
    return {sources.name: _merged_field(merging, sources) for sources in field_sources(merging, owner)}


def _merged_field(merging: Merging, sources: FieldSources) -> Field:
    overrides = field_overrides(merging, sources)
    if merging.kinds[sources.owner] is Kind.OBJECT:
        check_sharing(merging, sources, overrides)
    if _nobody_resolves(merging, sources):
        message = f'"{sources.coordinate}" is @external in every subgraph that has it: {listed(sources.fields)}'
        merging.report.error("EXTERNAL_MISSING_ON_BASE", message, list(sources.fields), sources.coordinate)
        return next(iter(sources.fields.values()))
    own = dict(_own_fields(merging, sources))
    types = {subgraph: field.type for subgraph, field in (own or sources.fields).items()}
    merged = Field(
        sources.name,
        merged_description(merging, sources.coordinate, own),
        merged_directives(merging, sources.coordinate, own, inherited_guards(merging, sources)),
        type=merged_output_type(merging, sources.coordinate, types),
        arguments={argument.name: argument for argument in merged_arguments(merging, sources.coordinate, own)},
    )
    same_type = len(set(types.values())) == 1
    check_external_fields(merging, sources, merged, same_type)
    joins = tuple(_joins(merging, sources, same_type, overrides))
    return replace(merged, directives=(*joins, *merged.directives))


def _nobody_resolves(merging: Merging, sources: FieldSources) -> bool:
    if any(not _is_external(merging, subgraph, sources.coordinate) for subgraph in sources.fields):
        return False
    return all(
        _is_external(merging, subgraph, coordinate)
        for subgraph in merging.subgraphs
        if subgraph not in sources.fields
        for coordinate in abstracting_fields(merging, sources, subgraph)
    )


def _is_external(merging: Merging, subgraph: str, coordinate: str) -> bool:
    return coordinate in merging.subgraphs[subgraph].external


def _own_fields(merging: Merging, sources: FieldSources) -> Iterator[tuple[str, Field]]:
    """The field where it is not external. What an external one says is said elsewhere, so it may say nothing more."""
    for subgraph, field in sources.fields.items():
        if not _is_external(merging, subgraph, sources.coordinate):
            yield subgraph, field
            continue
        for directive in field.directives:
            if is_merged(merging, subgraph, directive.name):
                message = (
                    f'"{sources.coordinate}" is @external in subgraph "{subgraph}" and cannot have @{directive.name}'
                )
                code = "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL"
                merging.report.error(code, message, [subgraph], sources.coordinate)


def _joins(merging: Merging, sources: FieldSources, same_type: bool, overrides: FieldOverrides) -> Iterator[Directive]:
    """One `join__field` per subgraph, or none where every subgraph that has the type resolves the field."""
    if same_type and _is_plain(merging, sources, overrides):
        return
    for subgraph, field in sources.fields.items():
        label = overrides.labels.get(subgraph)
        if subgraph in overrides.unused and label is None:
            continue
        yield join(
            "field",
            graph=merging.graphs[subgraph],
            requires=_argument(field, "requires", "fields"),
            provides=_argument(field, "provides", "fields"),
            override=_argument(field, "override", "from"),
            type=None if same_type else field.type,
            external=True if _is_external(merging, subgraph, sources.coordinate) else None,
            usedOverridden=True if subgraph in overrides.used else None,
            overrideLabel=label,
            contextArguments=_context_arguments(subgraph, field) or None,
        )


def _is_plain(merging: Merging, sources: FieldSources, overrides: FieldOverrides) -> bool:
    if overrides.used or overrides.labels:
        return False
    for subgraph, field in sources.fields.items():
        if subgraph in overrides.unused:
            return False
        if _is_external(merging, subgraph, sources.coordinate) or field.has("requires") or field.has("provides"):
            return False
        if any(argument.has("fromContext") for argument in field.arguments.values()):
            return False
    return not any(sources.owner in merging.subgraphs[subgraph].types for subgraph in sources.others)


def _argument(field: Field, directive: str, argument: str) -> object:
    applied = field.first(directive)
    return applied[argument] if applied else None


def _context_arguments(subgraph: str, field: Field) -> list[dict[str, str]]:
    entries = []
    for argument in field.arguments.values():
        applied = argument.first("fromContext")
        if applied is not None:
            context, selection = parse_context_selection(applied["field"])
            name = f"{subgraph}__{context}"
            entry = {"context": name, "name": argument.name, "type": argument.type, "selection": selection or ""}
            entries.append(entry)
    return entries
