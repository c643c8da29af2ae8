"""Who resolves which field on what conditions, read off the merged schema's `join__field`s."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from federation.composition.facts import fields_of
from federation.composition.merging import Merged
from federation.composition.model import Directive, Field, Kind, Schema, Subgraph


@dataclass(frozen=True, slots=True)
class Resolution:
    """One field in one subgraph. `external`: only where a path provides it. Field sets are texts, empty for none."""

    type: str
    external: bool = False
    requires: str = ""
    provides: str = ""
    contexts: frozenset[str] = frozenset()
    overrides: str = ""
    overridden: str = ""

    def holds(self, labels: frozenset[str]) -> bool:
        """Whether the subgraph has the field while these override labels are on."""
        if self.overrides and self.overrides not in labels:
            return False
        return not (self.overridden and self.overridden in labels)


@dataclass(frozen=True, slots=True)
class Key:
    """A way into a subgraph: `owner` is the type that has the key there, perhaps an interface of the wanted one."""

    subgraph: str
    owner: str
    fields: str


@dataclass(frozen=True)
class Landscape:
    """The supergraph as its subgraphs make it up."""

    merged: Merged
    subgraphs: Sequence[Subgraph]
    by_name: Mapping[str, Subgraph] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {subgraph.name: subgraph for subgraph in self.subgraphs})

    @property
    def schema(self) -> Schema:
        return self.merged.schema

    @cached_property
    def resolutions(self) -> Mapping[tuple[str, str], Mapping[str, Resolution]]:
        """(subgraph, type) -> field -> how the subgraph resolves it there."""
        table: dict[tuple[str, str], dict[str, Resolution]] = {}
        for owner, merged in fields_of(self.schema):
            for subgraph, resolution in self._resolutions(owner.name, merged):
                table.setdefault((subgraph.name, owner.name), {})[merged.name] = resolution
        return table

    def _resolutions(self, owner: str, merged: Field) -> Iterator[tuple[Subgraph, Resolution]]:
        joins = {join["graph"]: join for join in merged.all("join__field")}
        for subgraph in self.subgraphs:
            join = joins.get(self.merged.graphs[subgraph.name])
            own = subgraph.schema.field(f"{owner}.{merged.name}")
            if own is not None and (join is not None or not joins):
                yield subgraph, _resolution(own, join)

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every override label."""
        every = (one for fields in self.resolutions.values() for one in fields.values())
        return frozenset(one.overrides for one in every if one.overrides)

    @cached_property
    def possible_types(self) -> Mapping[str, tuple[str, ...]]:
        """Object types of the supergraph that a value of each type may have."""
        return {name: self.schema.runtime_types(name) for name in self.schema.types}

    @cached_property
    def keys(self) -> Mapping[str, tuple[Key, ...]]:
        """For each object type, every key by which some subgraph can be entered with it."""
        table = {}
        for one in self.schema.types.values():
            if one.kind is Kind.OBJECT:
                owners = (one.name, *one.interfaces)
                table[one.name] = tuple(key for owner in owners for key in self._keys_of(owner))
        return table

    def _keys_of(self, owner: str) -> Iterator[Key]:
        for subgraph in self.subgraphs:
            source = subgraph.types.get(owner)
            for key in source.all("key") if source else ():
                if key["resolvable"] is not False:
                    yield Key(subgraph.name, owner, key["fields"])


def _resolution(own: Field, join: Directive | None) -> Resolution:
    if join is None:
        return Resolution(own.type)
    label = join["overrideLabel"] or ""
    contexts = frozenset(context["context"] for context in join["contextArguments"] or ())
    return Resolution(
        own.type,
        external=bool(join["external"] or (join["usedOverridden"] and not label)),
        requires=join["requires"] or "",
        provides=join["provides"] or "",
        contexts=contexts,
        overrides=label if join["override"] else "",
        overridden="" if join["override"] else label,
    )
