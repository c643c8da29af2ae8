"""Enums: values that come out are united, values that go in are intersected, and who does both must agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from federation.composition.merging.context import Merging, join, listed
from federation.composition.merging.elements import merged_description, merged_directives
from federation.composition.merging.sources import type_sources
from federation.composition.model import DirectiveDefinition, Element, Kind, Type, named


@dataclass(frozen=True, slots=True)
class Uses:
    """One place where an enum goes in, and one where it comes out."""

    input: str | None
    output: str | None


def with_values(
    merging: Merging, types: Mapping[str, Type], definitions: Iterable[DirectiveDefinition]
) -> dict[str, Type]:
    """All types, the enums among them with their values. Arguments of directives are inputs too."""
    inputs = dict(_input_uses(types))
    for definition in definitions:
        inputs |= {named(one.type): f"@{definition.name}({one.name}:)" for one in definition.arguments.values()}
    outputs = dict(_output_uses(types))
    return {
        name: _with_values(merging, merged, Uses(inputs.get(name), outputs.get(name)))
        if merged.kind is Kind.ENUM
        else merged
        for name, merged in types.items()
    }


def _input_uses(types: Mapping[str, Type]) -> Iterator[tuple[str, str]]:
    for owner in types.values():
        for field in owner.inputs.values():
            yield named(field.type), f"{owner.name}.{field.name}"
        for out in owner.fields.values():
            for argument in out.arguments.values():
                yield named(argument.type), f"{owner.name}.{out.name}({argument.name}:)"


def _output_uses(types: Mapping[str, Type]) -> Iterator[tuple[str, str]]:
    for owner in types.values():
        for field in owner.fields.values():
            yield named(field.type), f"{owner.name}.{field.name}"


def _with_values(merging: Merging, enum: Type, uses: Uses) -> Type:
    sources = type_sources(merging, enum.name)
    kept = {}
    for name in dict.fromkeys(value for source in sources.values() for value in source.values):
        value = _merged_value(merging, enum.name, name, sources)
        missing = [subgraph for subgraph, source in sources.items() if name not in source.values]
        hidden = value.has(merging.directive_names.get("inaccessible", ""))
        if not missing or hidden or _stays(merging, enum.name, name, uses, missing):
            kept[name] = value
    if not kept:
        message = f'enum "{enum.name}" has no value that is in all of {listed(sources)}'
        merging.report.error("EMPTY_MERGED_ENUM_TYPE", message, list(sources), enum.name)
    return replace(enum, values=kept)


def _merged_value(merging: Merging, enum: str, name: str, sources: Mapping[str, Type]) -> Element:
    values = {subgraph: source.values[name] for subgraph, source in sources.items() if name in source.values}
    coordinate = f"{enum}.{name}"
    joins = (join("enumValue", graph=merging.graphs[subgraph]) for subgraph in values)
    return Element(
        name,
        merged_description(merging, coordinate, values),
        (*joins, *merged_directives(merging, coordinate, values)),
    )


def _stays(merging: Merging, enum: str, name: str, uses: Uses, missing: list[str]) -> bool:
    """Whether a value that some subgraphs do not know is in the supergraph."""
    coordinate = f"{enum}.{name}"
    if uses.input is None:
        message = f'"{coordinate}" is in the supergraph, though not in {listed(missing)}'
        merging.report.hint("INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", message)
        return True
    if uses.output is None:
        message = f'"{coordinate}" is left out, as it does not exist in {listed(missing)}'
        merging.report.hint("INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM", message)
        return False
    message = (
        f'"{coordinate}" does not exist in {listed(missing)}, but "{enum}" both goes in (as in "{uses.input}")'
        f' and comes out (as in "{uses.output}"), so all subgraphs must have the same values'
    )
    merging.report.error("ENUM_VALUE_MISMATCH", message, missing, coordinate)
    return True
