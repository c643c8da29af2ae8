"""Types, arguments and defaults, wherever they stand: union for what comes out, intersection for what goes in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from federation.composition.merging.context import Merging, by_text, listed
from federation.composition.merging.elements import merged_description, merged_directives
from federation.composition.model import ABSENT, Argument, Field, Value, same
from federation.composition.printing import value_text


def merged_output_type(merging: Merging, coordinate: str, types: Mapping[str, str]) -> str:
    """The widest of the types that subgraphs give a field: nullable if one is, the interface if one names it."""
    merged = next(iter(types.values()))
    for other in types.values():
        if merging.is_subtype(merged, other):
            merged = other
        elif not merging.is_subtype(other, merged):
            _incompatible(merging, "FIELD_TYPE_MISMATCH", coordinate, types)
            return merged
    _inconsistent(merging, "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE", coordinate, types)
    return merged


def merged_input_type(merging: Merging, coordinate: str, types: Mapping[str, str], *, argument: bool) -> str:
    """The narrowest: what every subgraph accepts."""
    merged = next(iter(types.values()))
    for other in types.values():
        if merging.is_subtype(other, merged):
            merged = other
        elif not merging.is_subtype(merged, other):
            code = "FIELD_ARGUMENT_TYPE_MISMATCH" if argument else "FIELD_TYPE_MISMATCH"
            _incompatible(merging, code, coordinate, types)
            return merged
    code = "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE" if argument else "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE"
    _inconsistent(merging, code, coordinate, types)
    return merged


def _incompatible(merging: Merging, code: str, coordinate: str, types: Mapping[str, str]) -> None:
    says = by_text({name: f'type "{text}"' for name, text in types.items()})
    merging.report.error(code, f'types of "{coordinate}" do not fit together: {says}', list(types), coordinate)


def _inconsistent(merging: Merging, code: str, coordinate: str, types: Mapping[str, str]) -> None:
    if len(set(types.values())) > 1:
        says = by_text({name: f'type "{text}"' for name, text in types.items()})
        merging.report.hint(code, f'types of "{coordinate}" differ but fit together: {says}')


def merged_arguments(merging: Merging, coordinate: str, fields: Mapping[str, Field]) -> Iterator[Argument]:
    """Arguments of a field that every subgraph resolving it has; contextual ones are the router's, not the client's."""
    names = dict.fromkeys(name for field in fields.values() for name in field.arguments)
    for name in names:
        sources = {subgraph: field.arguments[name] for subgraph, field in fields.items() if name in field.arguments}
        here = f"{coordinate}({name}:)"
        if any(source.has("fromContext") for source in sources.values()):
            _check_contextual(merging, here, sources)
        elif len(sources) < len(fields):
            missing = [subgraph for subgraph in fields if subgraph not in sources]
            _report_absence(merging, here, sources, missing)
        else:
            yield merged_argument(merging, here, sources)


def merged_argument(
    merging: Merging, coordinate: str, sources: Mapping[str, Argument], *, argument: bool = True
) -> Argument:
    """One argument or input field that stays in the supergraph."""
    types = {subgraph: source.type for subgraph, source in sources.items()}
    return Argument(
        next(iter(sources.values())).name,
        merged_description(merging, coordinate, sources),
        merged_directives(merging, coordinate, sources),
        type=merged_input_type(merging, coordinate, types, argument=argument),
        default=_merged_default(merging, coordinate, sources, argument),
    )


def _merged_default(merging: Merging, coordinate: str, sources: Mapping[str, Argument], argument: bool) -> Value:
    defaults = [source.default for source in sources.values()]
    present = [default for default in defaults if default is not ABSENT]
    if not present:
        return ABSENT
    texts = {
        name: "no default" if source.default is ABSENT else f"default {value_text(source.default)}"
        for name, source in sources.items()
    }
    if not all(same(present[0], default) for default in present):
        code = "FIELD_ARGUMENT_DEFAULT_MISMATCH" if argument else "INPUT_FIELD_DEFAULT_MISMATCH"
        merging.report.error(
            code, f'"{coordinate}" has different defaults: {by_text(texts)}', list(sources), coordinate
        )
        return present[0]
    if len(present) < len(defaults):
        message = f'"{coordinate}" has a default in some subgraphs only, so it gets none: {by_text(texts)}'
        merging.report.hint("INCONSISTENT_DEFAULT_VALUE_PRESENCE", message)
        return ABSENT
    return present[0]


def _report_absence(merging: Merging, coordinate: str, sources: Mapping[str, Argument], missing: list[str]) -> None:
    required = [subgraph for subgraph, source in sources.items() if source.required]
    if required:
        message = f'"{coordinate}" is required in {listed(required)} but does not exist in {listed(missing)}'
        merging.report.error("REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH", message, required, coordinate)
    else:
        message = f'"{coordinate}" is left out, as it does not exist in {listed(missing)}'
        merging.report.hint("INCONSISTENT_ARGUMENT_PRESENCE", message)


def _check_contextual(merging: Merging, coordinate: str, sources: Mapping[str, Argument]) -> None:
    code = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS"
    for subgraph, source in sources.items():
        if source.has("fromContext"):
            continue
        if source.required:
            message = f'"{coordinate}" has @fromContext elsewhere but is required of clients in subgraph "{subgraph}"'
            merging.report.error(code, message, [subgraph], coordinate)
        else:
            message = f'"{coordinate}" is left out, as it has @fromContext in another subgraph than "{subgraph}"'
            merging.report.hint(code, message)
