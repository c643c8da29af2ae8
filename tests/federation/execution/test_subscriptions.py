"""Subscriptions: the root field from its subgraph, the rest of each event as for any operation."""

from __future__ import annotations

from graphql import parse

from federation import planning
from federation.execution import execute
from federation.execution.transport import RequestContext, SubgraphResponse
from tests.federation.testkit import printed, subgraphs_of, supergraph_of

SDL = {
    "orders": """
        type Query { orders: [Order] }
        type Subscription { paid: Order }
        type Order @key(fields: "id") { id: ID! total: Int }
    """,
    "shipping": """
        type Order @key(fields: "id") { id: ID! parcel: String }
    """,
}
ROWS = [{"__typename": "Order", "id": "o1", "total": 5, "parcel": "p1"}]
QUERY = parse("subscription { paid { total parcel } }")


def test_the_first_fetch_is_the_subscription() -> None:
    assert str(planning.plan(QUERY, supergraph_of(SDL))) == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: orders) {
              subscription {
                paid {
                  total
                  id
                }
              }
            }
            Fetch 2 (service: shipping, after: 1) {
              $representations: paid as Order { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Order {
                    parcel
                  }
                }
              }
            }
          }
        }
        """
    )


async def test_the_entities_of_an_event_are_resolved() -> None:
    subgraphs = subgraphs_of(SDL, ROWS)
    plan = planning.plan(QUERY, supergraph_of(SDL))
    event = SubgraphResponse({"paid": {"total": 5, "id": "o1"}})
    result = await execute(plan, {}, subgraphs, RequestContext(), event=event)
    assert (result.data, result.errors) == ({"paid": {"total": 5, "parcel": "p1"}}, [])
    assert [len(subgraph.requests) for subgraph in subgraphs.values()] == [0, 1]
