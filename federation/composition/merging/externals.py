"""An @external field is a copy of one that another subgraph resolves: it must look like the original."""

from __future__ import annotations

from federation.composition.merging.context import Merging, by_text
from federation.composition.merging.sources import FieldSources
from federation.composition.model import ABSENT, Argument, Field, same
from federation.composition.printing import value_text


def check_external_fields(merging: Merging, sources: FieldSources, merged: Field, same_type: bool) -> None:
    """Reports external copies whose type or arguments do not fit the merged field."""
    copies = {
        name: field for name, field in sources.fields.items() if sources.coordinate in merging.subgraphs[name].external
    }
    if any(not _type_fits(merging, field.type, merged.type, same_type) for field in copies.values()):
        says = by_text({name: f'type "{field.type}"' for name, field in sources.fields.items()})
        message = f'type of "{sources.coordinate}" where it is @external does not fit: {says}'
        merging.report.error("EXTERNAL_TYPE_MISMATCH", message, list(copies), sources.coordinate)
    for argument in merged.arguments.values():
        _check_argument(merging, sources, copies, argument)


def _type_fits(merging: Merging, copy: str, merged: str, same_type: bool) -> bool:
    return copy == merged or (not same_type and merging.is_subtype(copy, merged))


def _check_argument(merging: Merging, sources: FieldSources, copies: dict[str, Field], merged: Argument) -> None:
    coordinate = f"{sources.coordinate}({merged.name}:)"
    found = {name: field.arguments[merged.name] for name, field in copies.items() if merged.name in field.arguments}
    if missing := [name for name in copies if name not in found]:
        message = f'"{coordinate}" is missing where "{sources.coordinate}" is @external'
        merging.report.error("EXTERNAL_ARGUMENT_MISSING", message, missing, coordinate)
    wrong = {name: one.type for name, one in found.items() if not merging.is_subtype(merged.type, one.type)}
    if wrong:
        message = f'"{coordinate}" has type "{merged.type}" but {by_text(wrong)}, where the field is @external'
        merging.report.error("EXTERNAL_ARGUMENT_TYPE_MISMATCH", message, list(wrong), coordinate)
    other = {name: _default(one) for name, one in found.items() if not same(one.default, merged.default)}
    if other:
        message = f'"{coordinate}" has {_default(merged)} but {by_text(other)}, where the field is @external'
        merging.report.error("EXTERNAL_ARGUMENT_DEFAULT_MISMATCH", message, list(other), coordinate)


def _default(argument: Argument) -> str:
    return "no default" if argument.default is ABSENT else f"default {value_text(argument.default)}"
