"""Which specifications a schema links, and what it calls their elements (https://specs.apollo.dev/link/v1.0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from graphql import DocumentNode, SchemaDefinitionNode, SchemaExtensionNode

from federation.composition.model import Directive, Value, directive_of
from federation.errors import CompositionError
from federation.spec import (
    DIRECTIVES,
    FEATURES,
    FEDERATION,
    FEDERATION_1,
    FEDERATION_1_DIRECTIVES,
    LINK,
    NEWEST_FEDERATION,
    SCALARS,
    Link,
    Version,
    directive_available,
    known_names,
    parse_link_url,
)

# Spellings of the field set scalar by servers of Federation 1.
FEDERATION_1_SCALARS = ("_FieldSet", "FieldSet")


def read_links(document: DocumentNode, subgraph: str) -> tuple[tuple[Link, ...], list[CompositionError]]:
    """Every `@link` of the schema, with the mistakes found in them."""
    applications = [
        directive_of(node, node.name.value)
        for definition in document.definitions
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode)
        for node in definition.directives or ()
    ]
    own_name = link_directive_name(applications)
    links: list[Link] = []
    errors: list[CompositionError] = []
    for application in applications:
        if application.name != own_name:
            continue
        try:
            link = _read_link(application)
        except CompositionError as error:
            errors.append(CompositionError(error.code, f"[{subgraph}] {error.message}", subgraphs=(subgraph,)))
        else:
            errors.extend(_mistakes(link, links, subgraph))
            links.append(link)
    return tuple(links), errors


def link_directive_name(applications: Sequence[Directive]) -> str:
    """What the schema calls `@link`: the name under which it links the link specification itself, else `link`."""
    for applied in applications:
        url = applied["url"]
        if isinstance(url, str) and url.startswith(f"{LINK}/v") and (applied["as"] or "link") == applied.name:
            return applied.name
    return "link"


def _read_link(applied: Directive) -> Link:
    url = applied["url"]
    if not isinstance(url, str):
        raise CompositionError("INVALID_LINK_DIRECTIVE_USAGE", 'a @link must have a "url" that is a string')
    try:
        identity, name, version = parse_link_url(url)
    except ValueError as error:
        raise CompositionError("INVALID_LINK_IDENTIFIER", str(error)) from None
    imports = dict(_imports(applied["import"] or [], url))
    return Link(url, identity, name, version, applied["as"] or name, imports, applied["for"])


def _imports(entries: Value, url: str) -> Iterator[tuple[str, str]]:
    """Names as imported and as called here, from `"@key"` or `{name: "@key", as: "@primaryKey"}`."""
    for entry in entries if isinstance(entries, list) else [entries]:
        name = entry.get("name") if isinstance(entry, dict) else entry
        local = entry.get("as", name) if isinstance(entry, dict) else entry
        if not isinstance(name, str) or not isinstance(local, str):
            raise CompositionError(
                "INVALID_LINK_DIRECTIVE_USAGE",
                f'an import of @link(url: "{url}") is a name or an object of "name" and "as", not {entry}',
            )
        if name.startswith("@") != local.startswith("@"):
            raise CompositionError(
                "INVALID_LINK_DIRECTIVE_USAGE",
                f'import "{name}" of @link(url: "{url}") cannot be named "{local}":'
                " both names of a directive start with @, those of a type do not",
            )
        yield name, local


def _mistakes(link: Link, earlier: Sequence[Link], subgraph: str) -> Iterator[CompositionError]:
    def error(code: str, message: str) -> CompositionError:
        return CompositionError(code, f"[{subgraph}] {message}", subgraphs=(subgraph,))

    if any(other.identity == link.identity for other in earlier):
        yield error("INVALID_LINK_DIRECTIVE_USAGE", f'"{link.identity}" is linked twice')
    if link.identity == LINK and link.version != Version(1, 0):
        yield error("UNKNOWN_LINK_VERSION", f'there is no version {link.version} of "{LINK}"')
    if link.identity != FEDERATION:
        return
    if not Version(2, 0) <= link.version <= NEWEST_FEDERATION:
        message = f"Federation {link.version} is not known: versions v2.0 to {NEWEST_FEDERATION} are"
        yield error("UNKNOWN_FEDERATION_LINK_VERSION", message)
        return
    known = set(known_names(link.version))
    for name in link.imports:
        if name not in known:
            hint = " (a directive is imported with its @)" if f"@{name}" in known else ""
            message = f'"{name}" cannot be imported: Federation {link.version} has nothing of that name{hint}'
            yield error("INVALID_LINK_DIRECTIVE_USAGE", message)


def federation_version(links: Sequence[Link]) -> Version:
    """The Federation version that the author linked; 1.0 where none is."""
    return next((link.version for link in links if link.identity == FEDERATION), FEDERATION_1)


def local_names(links: Sequence[Link]) -> Mapping[str, str]:
    """What this schema calls each federation directive that it can use: specification's name -> local name."""
    version = federation_version(links)
    if version == FEDERATION_1:
        return {name: name for name in DIRECTIVES if name in FEDERATION_1_DIRECTIVES}
    federation = next(link for link in links if link.identity == FEDERATION)
    names = {
        name: federation.local_name(f"@{name}").removeprefix("@")
        for name in DIRECTIVES
        if directive_available(name, version)
    }
    for feature in FEATURES:
        link = next((link for link in links if link.identity == feature.identity), None)
        if link is not None:
            own = (name for name, spec in DIRECTIVES.items() if spec.feature is feature)
            names |= {name: link.local_name(f"@{name}").removeprefix("@") for name in own}
    return names


def scalar_names(links: Sequence[Link]) -> Mapping[str, str]:
    """The same for the scalars of federation's directives."""
    federation = next((link for link in links if link.identity == FEDERATION), None)
    if federation is None:
        return {"FieldSet": FEDERATION_1_SCALARS[0]}
    names = {name: federation.local_name(name) for name in SCALARS}
    for feature in FEATURES:
        link = next((link for link in links if link.identity == feature.identity), None)
        if link is not None:
            names |= {scalar: link.local_name(scalar) for scalar in feature.scalars}
    return names
