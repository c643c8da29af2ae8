"""Is the schema valid GraphQL (October 2021, section 3)? graphql-core judges, with federation's definitions added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from graphql import (
    ConstDirectiveNode,
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLDirective,
    GraphQLError,
    GraphQLSchema,
    TypeDefinitionNode,
    Undefined,
    Visitor,
    build_ast_schema,
    print_ast,
    validate_schema,
    value_from_ast,
    visit,
)
from graphql.validation.validate import validate_sdl

from federation.composition.parsing.document import SchemaNodes, folded, known_definitions
from federation.errors import CompositionError
from federation.spec import DIRECTIVES, FEDERATION_1, SCALARS, Version

NO_QUERY = "Query root type must be provided."

LINK_DEFINITIONS = """
directive @{link}(url: String, as: String, for: {purpose}, import: [{imported}]) repeatable on SCHEMA
scalar {imported}
enum {purpose} {{ SECURITY EXECUTION }}
"""


def federation_definitions(
    version: Version, link: str, names: Mapping[str, str], scalars: Mapping[str, str]
) -> Sequence[DefinitionNode]:
    """Definitions of every directive that the schema may use without defining it, under its local names."""
    needed = [scalars[name] for name, directive in SCALARS.items() if directive in names and name in scalars]
    parts = [DIRECTIVES[name].sdl(local, scalars) for name, local in names.items()]
    parts += [f"scalar {name}" for name in dict.fromkeys(needed)]
    if version != FEDERATION_1:
        parts.append(LINK_DEFINITIONS.format(link=link, purpose=f"{link}__Purpose", imported=f"{link}__Import"))
    return [node for part in parts for node in known_definitions(part)]


def whole_document(nodes: SchemaNodes, additions: Sequence[DefinitionNode]) -> DocumentNode:
    """The schema as graphql-core wants it: one definition per name, federation's where the author wrote none."""
    types = [node for parts in nodes.types.values() for node in folded(parts)]
    theirs = {_identity(node) for node in (*types, *nodes.definitions)}
    missing = [node for node in additions if _identity(node) not in theirs]
    own: list[DefinitionNode] = [*nodes.definitions, *types, *nodes.others]
    own.extend(cast(DefinitionNode, node) for node in nodes.schema)
    return DocumentNode(definitions=(*own, *missing))


def _identity(node: DefinitionNode) -> tuple[bool, str]:
    """Types and directives have each their own names."""
    name = node.name.value if isinstance(node, TypeDefinitionNode | DirectiveDefinitionNode) else ""
    return isinstance(node, DirectiveDefinitionNode), name


def invalid_graphql(document: DocumentNode, subgraph: str) -> list[CompositionError]:
    """Every way in which the document is no valid schema. A subgraph without queries is none of them."""
    problems: Iterable[GraphQLError] = validate_sdl(document)
    if not problems:
        schema = build_ast_schema(document, assume_valid_sdl=True)
        problems = [error for error in validate_schema(schema) if error.message != NO_QUERY]
        problems.extend(_wrong_values(document, schema))
    return [
        CompositionError("INVALID_GRAPHQL", f"[{subgraph}] {error.message}", subgraphs=(subgraph,))
        for error in problems
    ]


def _wrong_values(document: DocumentNode, schema: GraphQLSchema) -> Iterator[GraphQLError]:
    """Arguments of directives that do not have their declared types, at which graphql-core does not look."""
    finder = _DirectiveFinder()
    visit(document, finder)
    for applied in finder.applied:
        definition = schema.get_directive(applied.name.value)
        if definition is not None:
            yield from _wrong_arguments(applied, definition)


def _wrong_arguments(applied: ConstDirectiveNode, definition: GraphQLDirective) -> Iterator[GraphQLError]:
    for argument in applied.arguments or ():
        declared = definition.args.get(argument.name.value)
        if declared is not None and value_from_ast(argument.value, declared.type) is Undefined:
            yield GraphQLError(
                f'Argument "{argument.name.value}" of @{applied.name.value} is {print_ast(argument.value)},'
                f' which is not a "{declared.type}".'
            )


class _DirectiveFinder(Visitor):
    """Collects every application of a directive."""

    def __init__(self) -> None:
        super().__init__()
        self.applied: list[ConstDirectiveNode] = []

    def enter_directive(self, node: ConstDirectiveNode, *_: object) -> None:
        self.applied.append(node)
