"""The subgraph for npm's compatibility suite answers, so that a change of the runtime shows without npm."""

from __future__ import annotations

from kit.viewer import GUEST
from resolvers.context import Context
from tests.interop.compatibility.products import subgraph

ASKED = """
query($keys: [_Any!]!) {
  _entities(representations: $keys) { ... on Product { package } ... on User { name averageProductsCreatedPerYear } }
}
"""


async def test_it_answers_entities_by_each_of_their_keys() -> None:
    keys = [
        {"__typename": "Product", "id": "apollo-federation"},
        {"__typename": "Product", "sku": "federation", "variation": {"id": "OSS"}},
        {"__typename": "Product", "id": "nothing"},
        {"__typename": "User", "email": "a@b.c", "totalProductsCreated": 100, "yearsOfEmployment": 10},
    ]
    answer = await subgraph.answer(ASKED, {"keys": keys}, Context(GUEST))
    assert answer.data == {
        "_entities": [
            {"package": "@apollo/federation"},
            {"package": "@apollo/federation"},
            None,
            {"name": "Jane Smith", "averageProductsCreatedPerYear": 10},
        ]
    }
