"""`@composeDirective`: custom directives that subgraphs want to see in the supergraph (Federation 2.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from federation.composition.merging.context import Report, by_text, listed
from federation.composition.model import DirectiveDefinition, Subgraph
from federation.spec import DIRECTIVES, Link

CODE = "DIRECTIVE_COMPOSITION_ERROR"


@dataclass(frozen=True, slots=True)
class Export:
    """One custom directive of one subgraph: `name` in its specification, `local` in the schemas."""

    subgraph: str
    link: Link
    name: str
    local: str


@dataclass(frozen=True, slots=True)
class Exports:
    """All that may be composed, and the definitions that go with it, by local name."""

    exports: tuple[Export, ...]
    definitions: Mapping[str, DirectiveDefinition]

    def by_subgraph(self, subgraph: str) -> frozenset[str]:
        return frozenset(export.local for export in self.exports if export.subgraph == subgraph)

    def links(self) -> Iterator[tuple[Link, list[tuple[str, str]]]]:
        """The newest link of each specification, with the pairs of names that it imports."""
        for identity in dict.fromkeys(export.link.identity for export in self.exports):
            own = [export for export in self.exports if export.link.identity == identity]
            newest = max(own, key=lambda export: export.link.version)
            yield newest.link, list(dict.fromkeys((export.name, export.local) for export in own))


def composed_directives(subgraphs: Sequence[Subgraph], report: Report) -> Exports:
    """What every `@composeDirective` asks for, as far as the subgraphs agree on it."""
    exports = [export for subgraph in subgraphs for export in _exports(subgraph, report)]
    unclear = [*_different_versions(exports, report), *_different_meanings(exports, report)]
    kept = tuple(export for export in exports if export not in unclear)
    definitions = {}
    for export in kept:
        definition = _definition(subgraphs, kept, export, report)
        if definition is not None:
            definitions[export.local] = definition
    return Exports(kept, definitions)


def _exports(subgraph: Subgraph, report: Report) -> Iterator[Export]:
    for applied in subgraph.schema.directives:
        if applied.name != "composeDirective":
            continue
        name = applied["name"]
        found, problem = _export(subgraph, name)
        if problem is not None:
            report.error(
                CODE, f'@composeDirective(name: "{name}") in subgraph "{subgraph.name}": {problem}', [subgraph.name]
            )
        elif found is not None:
            yield found


def _export(subgraph: Subgraph, name: object) -> tuple[Export | None, str | None]:
    """The export, or what is wrong with it; neither for a directive that is composed anyway."""
    if not isinstance(name, str) or not name.startswith("@"):
        return None, "the name of a directive starts with @"
    local = name[1:]
    own = next((spec for spec, called in subgraph.local_names.items() if called == local), None)
    if own is not None and DIRECTIVES[own].feature is not None and own not in ("cost", "listSize"):
        return None, None
    if own is not None:
        return None, "directives of federation are not composed"
    if local not in subgraph.schema.definitions:
        return None, "the subgraph defines no such directive"
    origin = next((one for link in subgraph.links if (one := _origin(link, name)) is not None), None)
    if origin is None:
        return None, "the directive belongs to no linked specification"
    link, imported = origin
    return Export(subgraph.name, link, imported, local), None


def _origin(link: Link, name: str) -> tuple[Link, str] | None:
    """The link that brings a directive in, and its name there."""
    imported = next((one for one, local in link.imports.items() if local == name), None)
    if imported is not None:
        return link, imported.removeprefix("@")
    local = name.removeprefix("@")
    if local == link.alias:
        return link, link.name
    prefix = f"{link.alias}__"
    return (link, local.removeprefix(prefix)) if local.startswith(prefix) else None


def _different_versions(exports: Sequence[Export], report: Report) -> Iterator[Export]:
    for identity in dict.fromkeys(export.link.identity for export in exports):
        own = [export for export in exports if export.link.identity == identity]
        if len({export.link.version.major for export in own}) > 1:
            says = by_text({export.subgraph: str(export.link.version) for export in own})
            report.error(
                CODE, f'"{identity}" is linked in different major versions: {says}', [one.subgraph for one in own]
            )
            yield from own


def _different_meanings(exports: Sequence[Export], report: Report) -> Iterator[Export]:
    for local in dict.fromkeys(export.local for export in exports):
        own = [export for export in exports if export.local == local]
        names = [one.subgraph for one in own]
        if len({export.name for export in own}) > 1:
            report.error(CODE, f"@{local} is not the same directive in {listed(names)}", names)
            yield from own
        if len({export.link.identity for export in own}) > 1:
            report.error(CODE, f"@{local} comes from different specifications in {listed(names)}", names)
            yield from own
    for name in dict.fromkeys(export.name for export in exports):
        own = [export for export in exports if export.name == name]
        if len({export.local for export in own}) > 1:
            says = by_text({export.subgraph: f'"@{export.local}"' for export in own})
            report.error(CODE, f"@{name} is composed under different names: {says}", [one.subgraph for one in own])
            yield from own


def _definition(
    subgraphs: Sequence[Subgraph], exports: Sequence[Export], export: Export, report: Report
) -> DirectiveDefinition | None:
    """The definition in the newest version of the specification."""
    identity = export.link.identity
    newest = max(one.link.version for one in exports if one.link.identity == identity)
    candidates = [
        subgraph
        for subgraph in subgraphs
        if any(link.identity == identity and link.version == newest for link in subgraph.links)
    ]
    for subgraph in reversed(candidates):
        if export.local in subgraph.schema.definitions:
            return subgraph.schema.definitions[export.local]
    names = [subgraph.name for subgraph in candidates]
    report.error(CODE, f'{listed(names)} link "{identity}" {newest} but do not define @{export.local}', names)
    return None
