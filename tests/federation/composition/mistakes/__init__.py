"""Planted mistakes: subgraphs that must not compose, with the codes that @apollo/composition 2.14.4 gives them.

A subgraph that links nothing itself gets a link to Federation 2.9 with everything imported, unless it starts with the
comment `# federation 1`.
"""

from __future__ import annotations

from dataclasses import dataclass

from federation.composition import SubgraphSource

IMPORTS = (
    "@key @shareable @external @requires @provides @override @inaccessible @tag @extends @interfaceObject"
    " @composeDirective @authenticated @requiresScopes @policy @context @fromContext @cost @listSize"
)


def linked(version: str = "v2.9", imports: str = IMPORTS) -> str:
    """The line that makes a schema one of Federation 2."""
    names = ", ".join(f'"{name}"' for name in imports.split())
    return f'extend schema @link(url: "https://specs.apollo.dev/federation/{version}", import: [{names}])\n'


LINKED = linked()


@dataclass(frozen=True, slots=True)
class Mistake:
    """Subgraphs named a, b, c in order, and the set of codes that composing them gives."""

    name: str
    codes: frozenset[str]
    schemas: tuple[str, ...]

    @property
    def sources(self) -> list[SubgraphSource]:
        return [
            SubgraphSource(name, f"http://{name}.invalid", _with_link(sdl))
            for name, sdl in zip("abcdef", self.schemas, strict=False)
        ]


def _with_link(sdl: str) -> str:
    own = "@link" in sdl or sdl.lstrip().startswith("# federation 1")
    return sdl if own else LINKED + sdl


def mistake(name: str, codes: str, *schemas: str) -> Mistake:
    """One row of a table; several codes are separated by spaces."""
    return Mistake(name, frozenset(codes.split()), schemas)
