"""Federation's directives in one page: what they are called, where they may stand, since when, and how they merge.

Three small languages live here too: the URLs of `@link` (https://specs.apollo.dev/link/v1.0), the names that a `@link`
brings into a schema, and field sets, the selections inside `@key(fields:)`, `@requires` and `@provides`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from graphql import GraphQLSyntaxError, OperationDefinitionNode, SelectionSetNode, Source, parse


class Version(NamedTuple):
    """`v2.9` of a specification; compares as its numbers do."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"v{self.major}.{self.minor}"


APOLLO = "https://specs.apollo.dev"
LINK = f"{APOLLO}/link"
JOIN = f"{APOLLO}/join"
FEDERATION = f"{APOLLO}/federation"

FEDERATION_1 = Version(1, 0)
FEDERATION_2 = Version(2, 0)
NEWEST_FEDERATION = Version(2, 14)

# What a Federation 1 schema is treated as once it has been rewritten.
FEDERATION_1_AS = Version(2, 4)

# Join version needed by the newest Federation version among the subgraphs.
JOIN_VERSIONS: tuple[tuple[Version, Version], ...] = (
    (Version(2, 8), Version(0, 5)),
    (Version(2, 7), Version(0, 4)),
    (FEDERATION_2, Version(0, 3)),
)


def join_version(federation: Version) -> Version:
    """The lowest join specification that can carry the features of this Federation version."""
    return next(join for since, join in JOIN_VERSIONS if federation >= since)


class Merge(Enum):
    """How one argument of a directive is merged when subgraphs disagree."""

    MAX = "max"
    UNION = "union"
    AND = "and"
    DNF_CONJUNCTION = "conjunction of alternatives"


@dataclass(frozen=True, slots=True)
class Feature:
    """A specification whose directives appear in the supergraph under a `@link` of its own."""

    name: str
    version: Version
    purpose: str | None = None
    scalars: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        return f"{APOLLO}/{self.name}"


TAG = Feature("tag", Version(0, 3))
INACCESSIBLE = Feature("inaccessible", Version(0, 2), "SECURITY")
AUTHENTICATED = Feature("authenticated", Version(0, 1), "SECURITY")
REQUIRES_SCOPES = Feature("requiresScopes", Version(0, 1), "SECURITY", ("Scope",))
POLICY = Feature("policy", Version(0, 1), "SECURITY", ("Policy",))
CONTEXT = Feature("context", Version(0, 1), "SECURITY")
COST = Feature("cost", Version(0, 1))

# Also the order of the links in a supergraph.
FEATURES: tuple[Feature, ...] = (TAG, INACCESSIBLE, AUTHENTICATED, REQUIRES_SCOPES, POLICY, CONTEXT, COST)


@dataclass(frozen=True, slots=True)
class DirectiveSpec:
    """One directive: `arguments` as SDL, `feature` set where it is merged into the supergraph."""

    name: str
    arguments: str
    locations: tuple[str, ...]
    repeatable: bool = False
    since: Version = FEDERATION_2
    feature: Feature | None = None
    merge: Mapping[str, Merge] | None = None

    def sdl(self, name: str | None = None, scalars: Mapping[str, str] | None = None) -> str:
        """Its definition, under another name and with other names for its scalars where a schema gives them."""
        arguments = re.sub(r"\b(FieldSet|ContextFieldValue|Scope|Policy)\b", _renaming(scalars or {}), self.arguments)
        head = f"directive @{name or self.name}{f'({arguments})' if arguments else ''}"
        return f"{head}{' repeatable' if self.repeatable else ''} on {' | '.join(self.locations)}"


def _renaming(scalars: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    return lambda match: scalars.get(match[0], match[0])


_FIELD = ("FIELD_DEFINITION",)
_OBJECT_OR_FIELD = ("OBJECT", "FIELD_DEFINITION")
_GUARDED = ("FIELD_DEFINITION", "OBJECT", "INTERFACE", "SCALAR", "ENUM")
_ANYWHERE = (
    *("FIELD_DEFINITION", "OBJECT", "INTERFACE", "UNION", "ARGUMENT_DEFINITION"),
    *("SCALAR", "ENUM", "ENUM_VALUE", "INPUT_OBJECT", "INPUT_FIELD_DEFINITION"),
)
_COSTED = ("ARGUMENT_DEFINITION", "ENUM", "FIELD_DEFINITION", "INPUT_FIELD_DEFINITION", "OBJECT", "SCALAR")

DIRECTIVES: Mapping[str, DirectiveSpec] = {
    spec.name: spec
    for spec in (
        DirectiveSpec("key", "fields: FieldSet!, resolvable: Boolean = true", ("OBJECT", "INTERFACE"), True),
        DirectiveSpec("requires", "fields: FieldSet!", _FIELD),
        DirectiveSpec("provides", "fields: FieldSet!", _FIELD),
        DirectiveSpec("external", "reason: String", _OBJECT_OR_FIELD),
        DirectiveSpec("extends", "", ("OBJECT", "INTERFACE")),
        DirectiveSpec("shareable", "", _OBJECT_OR_FIELD, True),
        DirectiveSpec("override", "from: String!, label: String", _FIELD),
        DirectiveSpec("composeDirective", "name: String", ("SCHEMA",), True, Version(2, 1)),
        DirectiveSpec("interfaceObject", "", ("OBJECT",), since=Version(2, 3)),
        DirectiveSpec("tag", "name: String!", (*_ANYWHERE, "SCHEMA"), True, feature=TAG),
        DirectiveSpec("inaccessible", "", _ANYWHERE, feature=INACCESSIBLE),
        DirectiveSpec("authenticated", "", _GUARDED, since=Version(2, 5), feature=AUTHENTICATED),
        DirectiveSpec(
            *("requiresScopes", "scopes: [[Scope!]!]!", _GUARDED),
            since=Version(2, 5),
            feature=REQUIRES_SCOPES,
            merge={"scopes": Merge.DNF_CONJUNCTION},
        ),
        DirectiveSpec(
            *("policy", "policies: [[Policy!]!]!", _GUARDED),
            since=Version(2, 6),
            feature=POLICY,
            merge={"policies": Merge.DNF_CONJUNCTION},
        ),
        DirectiveSpec(
            "context", "name: String!", ("INTERFACE", "OBJECT", "UNION"), True, since=Version(2, 8), feature=CONTEXT
        ),
        DirectiveSpec("fromContext", "field: ContextFieldValue", ("ARGUMENT_DEFINITION",), since=Version(2, 8)),
        DirectiveSpec("cost", "weight: Int!", _COSTED, since=Version(2, 9), feature=COST, merge={"weight": Merge.MAX}),
        DirectiveSpec(
            "listSize",
            "assumedSize: Int, slicingArguments: [String!], sizedFields: [String!],"
            " requireOneSlicingArgument: Boolean = true",
            _FIELD,
            since=Version(2, 9),
            feature=COST,
            merge={
                "assumedSize": Merge.MAX,
                "slicingArguments": Merge.UNION,
                "sizedFields": Merge.UNION,
                "requireOneSlicingArgument": Merge.AND,
            },
        ),
    )
}

FEDERATION_1_DIRECTIVES = frozenset({"key", "requires", "provides", "external", "tag", "extends"})

# Scalars of federation's own directives, with the directive that needs each.
SCALARS: Mapping[str, str] = {
    "FieldSet": "key",
    "ContextFieldValue": "fromContext",
    "Scope": "requiresScopes",
    "Policy": "policy",
}


def directive_available(name: str, version: Version) -> bool:
    """Whether this version of Federation knows the directive."""
    if version < FEDERATION_2:
        return name in FEDERATION_1_DIRECTIVES
    return version >= DIRECTIVES[name].since


@dataclass(frozen=True, slots=True)
class Link:
    """One `@link` of a schema. `imports` maps names as imported (`@` included for directives) to local names."""

    url: str
    identity: str
    name: str
    version: Version
    alias: str
    imports: Mapping[str, str]
    purpose: str | None = None

    def local_name(self, name: str) -> str:
        """What this schema calls the element: imported name, else `alias__name`; `@` in front of directives."""
        imported = self.imports.get(name)
        if imported is not None:
            return imported
        bare = name.removeprefix("@")
        at = "@" if name.startswith("@") else ""
        return f"@{self.alias}" if at and bare == self.name else f"{at}{self.alias}__{bare}"


_LINK_URL = re.compile(r"^(?P<identity>.*?/(?P<name>[A-Za-z_][\w-]*?))/v(?P<major>\d+)\.(?P<minor>\d+)/?$")


def parse_link_url(url: str) -> tuple[str, str, Version]:
    """Identity, name and version of a specification's URL.

    Raises ValueError when the URL does not end in `/NAME/vX.Y` (link specification, section "Versioning").
    """
    match = _LINK_URL.match(url)
    if match is None:
        raise ValueError(f"@link url {url!r} does not end in a name and a version, as in .../federation/v2.9")
    return match["identity"], match["name"], Version(int(match["major"]), int(match["minor"]))


def parse_field_set(text: str) -> SelectionSetNode:
    """The selections of a field set, with or without outer braces.

    Raises GraphQLSyntaxError when the text is no selection set.
    """
    stripped = text.strip()
    document = parse(stripped if stripped.startswith("{") else f"{{{text}}}", no_location=True)
    operation = document.definitions[0]
    alone = operation if len(document.definitions) == 1 else None
    if not isinstance(alone, OperationDefinitionNode) or not alone.selection_set.selections:
        raise GraphQLSyntaxError(Source(text), 0, "a field set is one selection set, and not empty")
    return alone.selection_set


def known_names(version: Version) -> Iterable[str]:
    """Every name that a `@link` to this version of Federation may import."""
    yield from (f"@{name}" for name in DIRECTIVES if directive_available(name, version))
    yield from (name for name, directive in SCALARS.items() if directive_available(directive, version))
