"""Which directives reach the supergraph, under which names, and the `@link`s that say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from federation.composition.facts import fields_of
from federation.composition.merging.composed import Exports
from federation.composition.merging.context import Report, by_text
from federation.composition.model import Directive, Element, EnumName, Schema, Subgraph
from federation.spec import DIRECTIVES, FEATURES, JOIN, LINK, Feature, Version, join_version


@dataclass(frozen=True, slots=True)
class Features:
    """`names`: what each of federation's merged directives is called in the supergraph, for those that are used."""

    names: Mapping[str, str]
    join: Version

    @property
    def used(self) -> Sequence[Feature]:
        return [feature for feature in FEATURES if any(DIRECTIVES[name].feature is feature for name in self.names)]

    def all_names(self) -> Iterator[tuple[str, str]]:
        """The directives of every used feature: those that nobody applies have their default names."""
        for feature in self.used:
            for name, spec in DIRECTIVES.items():
                if spec.feature is feature:
                    yield name, self.names.get(name, default_name(feature, name))


def default_name(feature: Feature, directive: str) -> str:
    """What a directive is called that no `@link` imports."""
    return directive if directive == feature.name else f"{feature.name}__{directive}"


def used_features(subgraphs: Sequence[Subgraph], report: Report) -> Features:
    """Federation's merged directives that some subgraph applies. They must have one name in all subgraphs."""
    names: dict[str, str] = {}
    for name, spec in DIRECTIVES.items():
        if spec.feature is None:
            continue
        called = {
            subgraph.name: f'"@{subgraph.local_names[name]}"' for subgraph in subgraphs if name in _applied(subgraph)
        }
        if len(set(called.values())) > 1:
            message = f"@{name} is imported under different names: {by_text(called)}"
            report.error("LINK_IMPORT_NAME_MISMATCH", message, list(called))
        if called:
            names[name] = next(iter(called.values())).strip('"@')
    newest = max(subgraph.version for subgraph in subgraphs)
    return Features(names, join_version(newest))


def _applied(subgraph: Subgraph) -> frozenset[str]:
    return frozenset(applied.name for element in elements(subgraph.schema) for applied in element.directives)


def elements(schema: Schema) -> Iterator[Element]:
    """Everything in a schema that can have a directive, the schema itself first."""
    yield Element("schema", schema.description, schema.directives)
    for _, field in fields_of(schema):
        yield field
        yield from field.arguments.values()
    for one in schema.types.values():
        yield one
        yield from one.inputs.values()
        yield from one.values.values()


def links(features: Features, exports: Exports) -> Iterator[Directive]:
    """The `@link`s of the supergraph: link and join themselves, federation's features, the subgraphs' own."""
    yield Directive("link", {"url": f"{LINK}/{Version(1, 0)}"})
    yield Directive("link", {"url": f"{JOIN}/{features.join}", "for": EnumName("EXECUTION")})
    for feature in features.used:
        own = ((name, local) for name, local in features.names.items() if DIRECTIVES[name].feature is feature)
        renamed = [(name, local) for name, local in own if local != default_name(feature, name)]
        yield _link(f"{feature.identity}/{feature.version}", feature.purpose, renamed)
    for link, names in exports.links():
        yield _link(link.url, None, names)


def _link(url: str, purpose: str | None, names: Iterable[tuple[str, str]]) -> Directive:
    arguments: dict[str, object] = {"url": url}
    if purpose:
        arguments["for"] = EnumName(purpose)
    imports = [f"@{name}" if name == local else {"name": f"@{name}", "as": f"@{local}"} for name, local in names]
    if imports:
        arguments["import"] = imports
    return Directive("link", arguments)
