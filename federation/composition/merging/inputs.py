"""Input objects: only what every subgraph accepts can be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from federation.composition.merging.context import Merging, join, listed
from federation.composition.merging.references import merged_argument
from federation.composition.model import Argument, Directive, Type


def merged_inputs(merging: Merging, owner: str, sources: Mapping[str, Type]) -> dict[str, Argument]:
    """The fields that all subgraphs with this input object have; the others are left out or, if required, wrong."""
    kept = {}
    for name in dict.fromkeys(name for source in sources.values() for name in source.inputs):
        fields = {subgraph: source.inputs[name] for subgraph, source in sources.items() if name in source.inputs}
        coordinate = f"{owner}.{name}"
        merged = merged_argument(merging, coordinate, fields, argument=False)
        if len(fields) == len(sources) or merged.has(merging.directive_names.get("inaccessible", "")):
            joins = _joins(merging, fields, [subgraph for subgraph in sources if subgraph not in fields])
            kept[name] = replace(merged, directives=(*joins, *merged.directives))
        else:
            _report_absence(merging, coordinate, fields, sources)
    if not kept:
        message = f'input "{owner}" has no field that is in all of {listed(sources)}'
        merging.report.error("EMPTY_MERGED_INPUT_TYPE", message, list(sources), owner)
    return kept


def _joins(merging: Merging, fields: Mapping[str, Argument], missing: list[str]) -> Iterator[Directive]:
    same_type = len({field.type for field in fields.values()}) == 1
    if same_type and not missing:
        return
    for subgraph, field in fields.items():
        yield join("field", graph=merging.graphs[subgraph], type=None if same_type else field.type)


def _report_absence(
    merging: Merging, coordinate: str, fields: Mapping[str, Argument], sources: Mapping[str, Type]
) -> None:
    missing = [subgraph for subgraph in sources if subgraph not in fields]
    required = [subgraph for subgraph, field in fields.items() if field.required]
    if required:
        message = f'"{coordinate}" is required in {listed(required)} but does not exist in {listed(missing)}'
        merging.report.error("REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH", message, required, coordinate)
    else:
        message = f'"{coordinate}" is left out, as it does not exist in {listed(missing)}'
        merging.report.hint("INCONSISTENT_INPUT_OBJECT_FIELD", message)
