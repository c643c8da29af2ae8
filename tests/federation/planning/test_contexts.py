"""@context and @fromContext: what an argument takes from an ancestor is read before the field that takes it."""

from __future__ import annotations

from tests.federation.testkit import plan, printed

SHOPS = {
    "a": """
        type Query { shop: Shop shops: [Shop!]! }
        type Shop @key(fields: "id") @context(name: "shop") { id: ID! currency: String! best: Product all: [Product!]! }
        type Product @key(fields: "id") {
          id: ID! title: String
          price(in: String @fromContext(field: "$shop { currency }"), tax: Boolean): Int! }
    """,
    "b": """
        type Product @key(fields: "id") { id: ID! stock: Int }
    """,
}


def test_a_contextual_field_is_asked_of_its_subgraph_again() -> None:
    assert plan(SHOPS, "{ shops { all { title price stock } } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                shops {
                  all {
                    title
                    id
                  }
                  currency
                }
              }
            }
            Parallel {
              Fetch 2 (service: a, after: 1) {
                $representations: shops.all as Product { id }
                $context1: currency of 1
                query($representations: [_Any!]!, $context1: String) {
                  _entities(representations: $representations) {
                    ... on Product {
                      price(in: $context1)
                    }
                  }
                }
              }
              Fetch 3 (service: b, after: 1) {
                $representations: shops.all as Product { id }
                query($representations: [_Any!]!) {
                  _entities(representations: $representations) {
                    ... on Product {
                      stock
                    }
                  }
                }
              }
            }
          }
        }
        """
    )


def test_the_clients_arguments_and_keys_are_kept() -> None:
    query = (
        """query($tax: Boolean = true) { shop { title: currency best { context1: price(tax: $tax) net: price } } }"""
    )
    assert plan(SHOPS, query) == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                shop {
                  title: currency
                  best {
                    id
                  }
                }
              }
            }
            Fetch 2 (service: a, after: 1) {
              $representations: shop.best as Product { id }
              $context1: currency: title of 1
              query($representations: [_Any!]!, $context1: String, $tax: Boolean = true) {
                _entities(representations: $representations) {
                  ... on Product {
                    context1: price(in: $context1, tax: $tax)
                    net: price(in: $context1)
                  }
                }
              }
            }
          }
        }
        """
    )


def test_variables_for_contexts_are_never_those_of_the_client() -> None:
    text = plan(SHOPS, "query($context1: Boolean) { shop { best { price(tax: $context1) } } }")
    assert "price(in: $_context1, tax: $context1)" in text


REGIONS = {
    "a": """
        type Query { place: Place area: Area }
        interface Area @context(name: "area") { id: ID! name: String }
        type Region implements Area @key(fields: "id") { id: ID! name: String town: Town }
        type Country implements Area @key(fields: "id") { id: ID! code: String name: String town: Town }
        union Place @context(name: "place") = Region | Country
        type Town @key(fields: "id") {
          id: ID!
          title(area: String @fromContext(field: "$area { name }")): String
          label(by: String @fromContext(field: "$place ... on Region { name } ... on Country { code }")): String }
    """,
}


def test_interfaces_and_unions_set_contexts_for_their_types() -> None:
    assert plan(REGIONS, "{ place { ... on Region { town { title } } ... on Country { town { label } } } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                place {
                  __typename
                  ... on Region {
                    name
                    town {
                      id
                    }
                  }
                  ... on Country {
                    code
                    town {
                      id
                    }
                  }
                }
              }
            }
            Fetch 2 (service: a, after: 1) {
              $r0: place.[Region].town as Town { id }
              $r1: place.[Country].town as Town { id }
              $context1: ... on Region name of 1
              $context2: ... on Country code of 1
              query($r0: [_Any!]!, $context1: String, $r1: [_Any!]!, $context2: String) {
                _e0: _entities(representations: $r0) {
                  ... on Town {
                    title(area: $context1)
                  }
                }
                _e1: _entities(representations: $r1) {
                  ... on Town {
                    label(by: $context2)
                  }
                }
              }
            }
          }
        }
        """
    )


def test_a_context_from_another_subgraph_is_waited_for() -> None:
    away = {
        "a": """
            type Query { shop: Shop }
            type Shop @key(fields: "id") @context(name: "shop") { id: ID! currency: String @external best: Product }
            type Product @key(fields: "id") { id: ID! price(in: String @fromContext(field: "$shop { currency }")): Int }
        """,
        "b": 'type Shop @key(fields: "id") { id: ID! currency: String }',
    }
    assert plan(away, "{ shop { best { price } } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                shop {
                  id
                  best {
                    id
                  }
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: shop as Shop { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Shop {
                    currency
                  }
                }
              }
            }
            Fetch 3 (service: a, after: 2) {
              $representations: shop.best as Product { id }
              $context1: currency of 1
              query($representations: [_Any!]!, $context1: String) {
                _entities(representations: $representations) {
                  ... on Product {
                    price(in: $context1)
                  }
                }
              }
            }
          }
        }
        """
    )
