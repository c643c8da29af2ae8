"""@key: several, composite, nested, not resolvable; and objects that have none."""

from __future__ import annotations

from tests.federation.testkit import plan, printed

SHELVES = {
    "one": """
        type Query { items: [Item] }
        type Item @key(fields: "a") { a: ID! }
    """,
    "two": """
        type Item @key(fields: "a") @key(fields: "b") { a: ID! b: ID! }
    """,
    "three": """
        type Item @key(fields: "b") @key(fields: "b shelf { id }") { b: ID! shelf: Shelf @shareable name: String }
        type Shelf { id: ID! @shareable }
    """,
    "four": """
        type Item @key(fields: "b shelf { id }") { b: ID! shelf: Shelf @shareable stock: Int }
        type Shelf { id: ID! @shareable }
    """,
}

CLOSED = {
    "a": """
        type Query { user: User }
        type User @key(fields: "id") { id: ID! }
    """,
    "b": """
        type Query { best: User }
        type User @key(fields: "id", resolvable: false) { id: ID! }
    """,
    "c": """
        type User @key(fields: "id") { id: ID! name: String }
    """,
}

KEYLESS = {
    "a": """
        type Query { products: [Product!]! }
        type Product @key(fields: "id") { id: ID! category: Category @shareable }
        type Category { name: String @shareable }
    """,
    "b": """
        type Product @key(fields: "id") { id: ID! category: Category @shareable }
        type Category { name: String @shareable details: String }
    """,
}

SHARED = {
    "names": """
        type Query { product: Product @shareable }
        type Product { id: ID! @shareable name: String }
    """,
    "prices": """
        type Query { product: Product @shareable }
        type Product { id: ID! @shareable price: Int }
    """,
}

JOIN_V01 = """
schema @core(feature: "https://specs.apollo.dev/core/v0.1") @core(feature: "https://specs.apollo.dev/join/v0.1") {
  query: Query
}
enum join__Graph {
  ACCOUNTS @join__graph(name: "accounts", url: "http://a")
  REVIEWS @join__graph(name: "reviews", url: "http://r")
}
type Query { me: User @join__field(graph: ACCOUNTS) }
type User @join__owner(graph: ACCOUNTS) @join__type(graph: ACCOUNTS, key: "id") @join__type(graph: REVIEWS, key: "id") {
  id: ID! @join__field(graph: ACCOUNTS)
  name: String @join__field(graph: ACCOUNTS)
  reviews: [Review] @join__field(graph: REVIEWS)
}
type Review { body: String author: User }
"""


def test_a_chain_of_keys_leads_through_the_subgraph_that_knows_both() -> None:
    assert plan(SHELVES, "{ items { name } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: one) {
              {
                items {
                  a
                }
              }
            }
            Fetch 2 (service: two, after: 1) {
              $representations: items as Item { a }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Item {
                    b
                  }
                }
              }
            }
            Fetch 3 (service: three, after: 2) {
              $representations: items as Item { b }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Item {
                    name
                  }
                }
              }
            }
          }
        }
        """
    )


def test_a_nested_key_is_read_where_it_is_known() -> None:
    assert plan(SHELVES, "{ items { stock name } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: one) {
              {
                items {
                  a
                }
              }
            }
            Fetch 2 (service: two, after: 1) {
              $representations: items as Item { a }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Item {
                    b
                  }
                }
              }
            }
            Fetch 3 (service: three, after: 2) {
              $representations: items as Item { b }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Item {
                    shelf {
                      id
                    }
                    name
                  }
                }
              }
            }
            Fetch 4 (service: four, after: 3) {
              $representations: items as Item { b shelf { id } }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Item {
                    stock
                  }
                }
              }
            }
          }
        }
        """
    )


def test_a_key_that_does_not_resolve_is_no_way_in() -> None:
    assert plan(CLOSED, "{ best { id name } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: b) {
              {
                best {
                  id
                }
              }
            }
            Fetch 2 (service: c, after: 1) {
              $representations: best as User { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on User {
                    name
                  }
                }
              }
            }
          }
        }
        """
    )


def test_an_object_without_key_is_reached_again_through_its_parent() -> None:
    assert plan(KEYLESS, "{ products { category { name details } } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                products {
                  category {
                    name
                  }
                  id
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: products as Product { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Product {
                    category {
                      details
                    }
                  }
                }
              }
            }
          }
        }
        """
    )


def test_a_shared_root_field_is_put_together_from_several_subgraphs() -> None:
    assert plan(SHARED, "{ product { id name price } }") == printed(
        """
        QueryPlan {
          Parallel {
            Fetch 1 (service: names) {
              {
                product {
                  id
                  name
                }
              }
            }
            Fetch 2 (service: prices) {
              {
                product {
                  price
                }
              }
            }
          }
        }
        """
    )


def test_join_v01_names_owners() -> None:
    assert plan(JOIN_V01, "{ me { name reviews { body author { name } } } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: accounts) {
              {
                me {
                  name
                  id
                }
              }
            }
            Fetch 2 (service: reviews, after: 1) {
              $representations: me as User { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on User {
                    reviews {
                      body
                      author {
                        id
                      }
                    }
                  }
                }
              }
            }
            Fetch 3 (service: accounts, after: 2) {
              $representations: me.reviews.author as User { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on User {
                    name
                  }
                }
              }
            }
          }
        }
        """
    )
