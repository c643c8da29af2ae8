"""First step: a subgraph's SDL becomes plain data in the words of Federation 2.

`links` finds out which Federation this is and what its directives are called here; `document` folds extensions into
their types; `validity` asks graphql-core whether it is GraphQL; `reading` makes the model; `federation1` rewrites the
schemas that link nothing, which takes all subgraphs at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphql import GraphQLError, parse

from federation.composition.model import ROOTS, Subgraph, directive_of
from federation.composition.parsing.document import SchemaNodes, sorted_nodes
from federation.composition.parsing.links import (
    FEDERATION_1_SCALARS,
    federation_version,
    link_directive_name,
    local_names,
    read_links,
    scalar_names,
)
from federation.composition.parsing.reading import Names, read_schema, root_renames, with_query_type
from federation.composition.parsing.validity import federation_definitions, invalid_graphql, whole_document
from federation.errors import CompositionError
from federation.spec import FEDERATION_1


@dataclass(frozen=True, slots=True)
class SubgraphSource:
    """One subgraph as it comes: its name in the supergraph, its address and its SDL."""

    name: str
    url: str
    sdl: str


def parse_subgraph(source: SubgraphSource) -> tuple[Subgraph | None, list[CompositionError]]:
    """The subgraph's model, and everything wrong with its SDL; no model where that is no valid schema."""
    try:
        document = parse(source.sdl)
    except GraphQLError as error:
        message = f"[{source.name}] {error.message}"
        return None, [CompositionError("INVALID_GRAPHQL", message, subgraphs=(source.name,))]
    links, errors = read_links(document, source.name)
    if errors:
        return None, errors
    nodes = sorted_nodes(document)
    names, scalars, version = local_names(links), scalar_names(links), federation_version(links)
    link = link_directive_name([directive_of(node, node.name.value) for node in nodes.directives])
    whole = whole_document(nodes, federation_definitions(version, link, names, scalars))
    errors = invalid_graphql(whole, source.name)
    if errors:
        return None, errors
    machinery = (link, f"{link}__Import", f"{link}__Purpose", *FEDERATION_1_SCALARS)
    hidden = frozenset((*names.values(), *scalars.values(), *machinery))
    canonical = {local: name for name, local in names.items()}
    reading = Names(canonical, root_renames(nodes.roots), external_types=version != FEDERATION_1)
    schema = with_query_type(read_schema(nodes, reading, hidden))
    return Subgraph(source.name, source.url, version, schema, links, names), _root_mistakes(nodes, source.name)


def _root_mistakes(nodes: SchemaNodes, subgraph: str) -> list[CompositionError]:
    """Types that have the default name of a root type without being it."""
    return [
        CompositionError(
            f"ROOT_{operation.upper()}_USED",
            f'[{subgraph}] type "{ROOTS[operation]}" is not the {operation} root type, "{name}" is:'
            " federation renames the latter, so the name must be free",
            subgraphs=(subgraph,),
            coordinate=ROOTS[operation],
        )
        for operation, name in nodes.roots.items()
        if name != ROOTS[operation] and ROOTS[operation] in nodes.types
    ]
