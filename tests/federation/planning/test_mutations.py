"""Mutations: each root field once, in order."""

from __future__ import annotations

from tests.federation.testkit import plan, printed

SHOP = {
    "a": """
        type Query { x: Int }
        type Mutation {
          add(by: Int!): Int
          product(name: String!): Product
          category: Category @shareable }
        type Product @key(fields: "id") { id: ID! name: String }
        type Category @key(fields: "id") { id: ID! }
    """,
    "b": """
        type Mutation { multiply(by: Int!): Int category: Category @shareable }
        type Product @key(fields: "id") { id: ID! stock: Int }
        type Category @key(fields: "id") { id: ID! name: String }
    """,
}


def test_root_fields_of_several_subgraphs_keep_their_order() -> None:
    assert plan(SHOP, "mutation { one: add(by: 1) two: multiply(by: 2) three: add(by: 3) }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              mutation {
                one: add(by: 1)
              }
            }
            Fetch 2 (service: b, after: 1) {
              mutation {
                two: multiply(by: 2)
              }
            }
            Fetch 3 (service: a, after: 2) {
              mutation {
                three: add(by: 3)
              }
            }
          }
        }
        """
    )


def test_neighbours_in_one_subgraph_share_a_request() -> None:
    assert plan(SHOP, "mutation { one: add(by: 1) two: add(by: 2) last: multiply(by: 3) }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              mutation {
                one: add(by: 1)
                two: add(by: 2)
              }
            }
            Fetch 2 (service: b, after: 1) {
              mutation {
                last: multiply(by: 3)
              }
            }
          }
        }
        """
    )


def test_a_later_root_field_waits_for_all_of_an_earlier_one() -> None:
    assert plan(SHOP, 'mutation { product(name: "x") { name stock } add(by: 1) }') == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              mutation {
                product(name: "x") {
                  name
                  id
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: product as Product { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Product {
                    stock
                  }
                }
              }
            }
            Fetch 3 (service: a, after: 2) {
              mutation {
                add(by: 1)
              }
            }
          }
        }
        """
    )


def test_a_shared_root_field_is_called_in_one_subgraph_only() -> None:
    assert plan(SHOP, "mutation { category { id name } }") == printed(
        """
        QueryPlan {
          Fetch 1 (service: b) {
            mutation {
              category {
                id
                name
              }
            }
          }
        }
        """
    )
