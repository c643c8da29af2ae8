"""What every merging function needs to know, and where it leaves what it found wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from federation.composition.model import Directive, EnumName, Kind, Subgraph, is_list, item, nullable
from federation.errors import CompositionError


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that composes but is probably not meant; codes are those of @apollo/composition."""

    code: str
    message: str


@dataclass(slots=True)
class Report:
    """Errors and hints found so far."""

    errors: list[CompositionError] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)

    def error(self, code: str, message: str, subgraphs: Sequence[str] = (), coordinate: str | None = None) -> None:
        self.errors.append(CompositionError(code, message, subgraphs=subgraphs, coordinate=coordinate))

    def hint(self, code: str, message: str) -> None:
        self.hints.append(Hint(code, message))


@dataclass(frozen=True, slots=True)
class Override:
    """One `@override` that holds: `source` gives the field up (`used`: but still needs it), for `label` if given."""

    target: str
    source: str
    label: str | None
    used: bool


@dataclass(frozen=True, slots=True)
class Merging:
    """The subgraphs by name in the order of the supergraph, and what is settled before any type is merged.

    `graphs` are the values of `join__Graph`; `kinds`, `interfaces` and `members` describe the merged types;
    `composed` are the custom directives that each subgraph exports; `overrides` goes by field coordinate.
    """

    subgraphs: Mapping[str, Subgraph]
    graphs: Mapping[str, EnumName]
    kinds: Mapping[str, Kind]
    interfaces: Mapping[str, tuple[str, ...]]
    members: Mapping[str, tuple[str, ...]]
    directive_names: Mapping[str, str]
    composed: Mapping[str, frozenset[str]]
    report: Report

    def is_subtype(self, sub: str, sup: str) -> bool:
        """Whether every value of `sub` is one of `sup` in the supergraph (October 2021, IsValidImplementation)."""
        if sub == sup:
            return True
        if sub.endswith("!"):
            return self.is_subtype(nullable(sub), nullable(sup))
        if sup.endswith("!"):
            return False
        if is_list(sub) or is_list(sup):
            return is_list(sub) and is_list(sup) and self.is_subtype(item(sub), item(sup))
        return sup in self.interfaces.get(sub, ()) or sub in self.members.get(sup, ())


def join(name: str, **arguments: object) -> Directive:
    """A directive of the join specification, without the arguments that say nothing."""
    return Directive(f"join__{name}", {key: value for key, value in arguments.items() if value is not None})


def listed(subgraphs: Iterable[str]) -> str:
    """`subgraph "a"`, `subgraphs "a" and "b"`, ..."""
    names = [f'"{name}"' for name in subgraphs]
    if len(names) == 1:
        return f"subgraph {names[0]}"
    return f"subgraphs {', '.join(names[:-1])} and {names[-1]}"


def by_text(texts: Mapping[str, str]) -> str:
    """`X in subgraph "a" but Y in subgraph "b"`, for what each subgraph says."""
    groups: dict[str, list[str]] = {}
    for subgraph, text in texts.items():
        groups.setdefault(text, []).append(subgraph)
    return " but ".join(f"{text} in {listed(names)}" for text, names in groups.items())
