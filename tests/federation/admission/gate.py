"""An Admission over a small mall, and the ways tests ask it."""

from __future__ import annotations

from typing import Any

from graphql import build_schema, parse, print_ast

from federation.admission import Admission, Admitted, DocumentStore, Grants, GraphQLRequest, Limits, MemoryStore
from federation.errors import AdmissionError, AdmissionErrors

DIRECTIVES = """ directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM directive
@requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM directive
@policy(policies: [[String!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM directive @cost(weight:
Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR directive
@listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!],
  requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
"""


def admission(sdl: str, limits: Limits | None = None, store: DocumentStore | None = None, **options: Any) -> Admission:
    text = DIRECTIVES + sdl
    return Admission(
        build_schema(text),
        parse(text),
        limits=limits or Limits(),
        store=store or MemoryStore(),
        introspection=options.get("introspection", True),
        suggestions=options.get("suggestions", False),
    )


async def admitted(gate: Admission, query: str, grants: Grants | None = None, **variables: Any) -> Admitted:
    return await gate.admit(GraphQLRequest(query, variables=variables), grants or Grants())


async def refused(gate: Admission, request: GraphQLRequest | str, **variables: Any) -> list[dict[str, Any]]:
    """The errors that the operation is refused with."""
    asked = GraphQLRequest(request, variables=variables) if isinstance(request, str) else request
    try:
        await gate.admit(asked, Grants())
    except AdmissionErrors as refusal:
        return [error.rendered() for error in refusal.errors]
    except AdmissionError as error:
        return [error.rendered()]
    raise AssertionError("it was let in")


async def code(gate: Admission, request: GraphQLRequest | str, **variables: Any) -> str:
    """The one code that the operation is refused with."""
    (found,) = {error["extensions"]["code"] for error in await refused(gate, request, **variables)}
    return str(found)


def text_of(found: Admitted) -> str:
    """What is left for the subgraphs, on one line."""
    assert found.left.document is not None
    return " ".join(print_ast(found.left.document).split())
