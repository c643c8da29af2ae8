"""Mutations: a null that rises to the top ends them, as graphql-core ends them; any other does not."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLError, execute_sync, parse

from federation.errors import SubgraphError
from federation.execution.transport import RequestContext, SubgraphRequest, SubgraphResponse
from tests.federation.emulator import Row
from tests.federation.testkit import answer, answer_from, subgraphs_of, supergraph_of

BANK = {
    "a": """
        type Query { x: Int }
        type Mutation { first: Int! open: Account! soft: Account third: Int! }
        type Account @key(fields: "id") { id: ID! owner: String! }
    """,
    "b": """
        type Mutation { second: Int }
        type Account @key(fields: "id") { id: ID! balance: Int! }
    """,
}


def bank(*failing: str) -> tuple[list[Row], list[str]]:
    """Rows behind both subgraphs, where some fields fail, and the root fields that were called."""
    called: list[str] = []

    def field(name: str, value: Any) -> Any:
        def resolve(given: Row, arguments: Row) -> Any:
            if name in ROOTS:
                called.append(name)
            if name in failing:
                raise GraphQLError(f"{name} fails")
            return value

        return resolve

    account: Row = {"__typename": "Account", "id": "1", "owner": field("owner", "x"), "balance": field("balance", 5)}
    values = {"first": 1, "second": 2, "third": 3, "open": account, "soft": account}
    mutation: Row = {"__typename": "Mutation"} | {name: field(name, value) for name, value in values.items()}
    return [{"__typename": "Query", "x": 1}, mutation, account], called


ROOTS = ("first", "second", "third", "open", "soft")
CASES = {
    "a null that rises to the top": ("mutation { first second third }", "first"),
    "a null that a root field takes": ("mutation { second first third }", "second"),
    "a null below a root field that must not be null": ("mutation { open { id owner } second }", "owner"),
    "the same from another subgraph": ("mutation { open { id balance } second third }", "balance"),
    "a null below a root field that may be null": ("mutation { soft { balance owner } second first }", "balance"),
    "a null in the middle": ("mutation { second first two: second third }", "first"),
    "no null": ("mutation { __typename first second open { balance } }", ""),
}


def in_one_piece(query: str, failing: str) -> tuple[Any, list[str], list[Any]]:
    """Data, fields called and paths of errors, by graphql-core."""
    rows, called = bank(failing)

    def resolve(row: Row, info: Any) -> Any:
        value = row[info.field_name]
        return value({}, {}) if callable(value) else value

    schema = supergraph_of(BANK).api_schema
    result = execute_sync(schema, parse(query), rows[1], field_resolver=resolve)
    return result.data, called, [error.path for error in result.errors or ()]


@pytest.mark.parametrize("case", CASES)
async def test_the_same_root_fields_are_called_as_by_graphql_core(case: str) -> None:
    query, failing = CASES[case]
    rows, called = bank(failing)
    result, _ = await answer_from(BANK, rows, query)
    found = result.data, called, [error["path"] for error in result.errors]
    assert found == in_one_piece(query, failing)


class Unreachable:
    async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        raise SubgraphError("SUBGRAPH_UNREACHABLE", "Subgraph a cannot be reached", "a")


async def test_a_subgraph_that_cannot_be_reached_ends_a_mutation_alike() -> None:
    rows, called = bank()
    transports: dict[str, Any] = {**subgraphs_of(BANK, rows), "a": Unreachable()}
    result = await answer(supergraph_of(BANK), transports, "mutation { first second }")
    assert (result.data, called) == (None, [])
    assert [(error["path"], error["extensions"]["code"]) for error in result.errors] == [
        (["first"], "SUBGRAPH_UNREACHABLE")
    ]
