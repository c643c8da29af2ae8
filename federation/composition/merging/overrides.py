"""`@override(from:, label:)`: which subgraph gives up which field (Federation 2.0, labels since 2.7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from federation.composition.merging.context import Merging
from federation.composition.merging.sources import FieldSources, abstracting_fields
from federation.composition.model import Directive, Kind

COLLISION = "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE"
_LABEL = re.compile(r"^[a-zA-Z][a-zA-Z0-9_\-:./]*$|^percent\((\d{1,2}(\.\d{1,8})?|100)\)$")


@dataclass(frozen=True, slots=True)
class FieldOverrides:
    """What overrides do to one field, by names of subgraphs.

    `unused` have given the field up, `used` too but still need it for keys or requirements; `labels` hold for both
    sides of an override in progress; `astray` name a subgraph that does not exist.
    """

    unused: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    astray: frozenset[str] = frozenset()

    @property
    def given_up(self) -> frozenset[str]:
        return self.unused | self.used


def field_overrides(merging: Merging, sources: FieldSources) -> FieldOverrides:
    """The effect of every override on one field; those that cannot hold are reported."""
    applied = {name: one for name, source in sources.fields.items() if (one := source.first("override"))}
    if not applied:
        return FieldOverrides()
    unused: set[str] = set()
    used: set[str] = set()
    labels: dict[str, str] = {}
    for target, override in applied.items():
        origin = str(override["from"])
        if not _holds(merging, sources, applied, target, origin):
            continue
        if sources.coordinate not in merging.subgraphs[origin].external:
            in_use = sources.coordinate in merging.subgraphs[origin].used
            (used if in_use else unused).add(origin)
        label = override["label"]
        if label and _LABEL.match(label):
            labels |= {target: label, origin: label}
        elif label:
            message = (
                f'label "{label}" of @override on "{sources.coordinate}" in subgraph "{target}" is neither a name that'
                ' starts with a letter nor "percent(N)" with N from 0 to 100'
            )
            merging.report.error("OVERRIDE_LABEL_INVALID", message, [target], sources.coordinate)
    astray = frozenset(name for name, override in applied.items() if override["from"] not in merging.subgraphs)
    return FieldOverrides(frozenset(unused), frozenset(used), labels, astray)


def _holds(merging: Merging, sources: FieldSources, applied: Mapping[str, Directive], target: str, origin: str) -> bool:
    """Whether the override is right, and its origin has the field to give."""
    coordinate = sources.coordinate
    mistake = _mistake(merging, sources, applied, target, origin)
    if mistake is not None:
        code, reason = mistake
        merging.report.error(
            code, f'@override on "{coordinate}" in subgraph "{target}": {reason}', [target], coordinate
        )
        return False
    if origin not in merging.subgraphs:
        message = f'@override on "{coordinate}" in subgraph "{target}" is from "{origin}", which does not exist'
        merging.report.hint("FROM_SUBGRAPH_DOES_NOT_EXIST", message)
        return False
    if origin not in sources.fields:
        message = f'@override on "{coordinate}" in subgraph "{target}" can go: "{origin}" has no such field any more'
        merging.report.hint("OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", message)
        return False
    return True


def _mistake(
    merging: Merging, sources: FieldSources, applied: Mapping[str, Directive], target: str, origin: str
) -> tuple[str, str] | None:
    owner = merging.subgraphs[target].types[sources.owner]
    if owner.kind is Kind.INTERFACE:
        return "OVERRIDE_ON_INTERFACE", "fields of interfaces cannot be overridden"
    if owner.has("interfaceObject"):
        return COLLISION, "fields of an @interfaceObject cannot be overridden"
    if origin == target:
        return "OVERRIDE_FROM_SELF_ERROR", "a subgraph cannot override its own field"
    if origin in applied:
        return "OVERRIDE_SOURCE_HAS_OVERRIDE", f'subgraph "{origin}" overrides the field as well; only one may'
    if origin in sources.others and abstracting_fields(merging, sources, origin):
        return COLLISION, f'subgraph "{origin}" has the field only through an @interfaceObject'
    return _collision(merging, sources, target, origin) if origin in sources.fields else None


def _collision(merging: Merging, sources: FieldSources, target: str, origin: str) -> tuple[str, str] | None:
    """Directives that make no sense on a field that moves."""
    for name in ("requires", "provides"):
        if sources.fields[origin].has(name):
            return COLLISION, f'the field has @{name} in subgraph "{origin}"'
    if sources.coordinate in merging.subgraphs[target].external:
        return COLLISION, "the field is @external there"
    return None
