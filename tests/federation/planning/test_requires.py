"""@requires: chains, arguments, circles, and through abstract types."""

from __future__ import annotations

from tests.federation.testkit import plan, printed

SHIPPING = {
    "products": """
        type Query { products: [Product] product(id: ID!): Product }
        type Product @key(fields: "id") { id: ID! price: Int }
    """,
    "inventory": """
        type Product @key(fields: "id") { id: ID! price: Int @external weight: Int @external
          ship: Int @requires(fields: "price weight") shipTo(zip: String!): String @requires(fields: "price") }
    """,
    "warehouse": """
        type Product @key(fields: "id") { id: ID! weight: Int }
    """,
    "billing": """
        type Query { cart: Product }
        type Product @key(fields: "id") { id: ID! ship: Int @external total: Int @requires(fields: "ship") }
    """,
}

CURRENCIES = {
    "shop": """
        type Query { products: [Product] }
        type Product @key(fields: "upc") { upc: ID! price(currency: String!): Int }
    """,
    "delivery": r"""
        type Product @key(fields: "upc") { upc: ID! price(currency: String!): Int @external
          inDollars: Int @requires(fields: "price(currency: \"USD\")")
          inEuros: Int @requires(fields: "price(currency: \"EUR\")") }
    """,
}

CIRCULAR = {
    "a": """
        type Query { feed: [Post] }
        type Post @key(fields: "id") { id: ID! byNovice: Boolean @external
          byExpert: Boolean @requires(fields: "byNovice") }
        type Author @key(fields: "id") { id: ID! years: Int }
    """,
    "b": """
        type Post @key(fields: "id") { id: ID! byNovice: Boolean @requires(fields: "author { years }") author: Author }
        type Author @key(fields: "id") { id: ID! years: Int @external }
    """,
}

PLACES = {
    "people": """
        type Query { people: [Person] }
        type Person @key(fields: "id") { id: ID! home: Place @shareable }
        interface Place { id: ID! }
        type Flat implements Place { id: ID! floor: Int }
        type House implements Place { id: ID! garden: Boolean }
    """,
    "post": """
        type Person @key(fields: "id") { id: ID! home: Place @external
          label: String @requires(fields: "home { id ... on Flat { floor } }") }
        interface Place { id: ID! }
        type Flat implements Place { id: ID! @external floor: Int @external }
    """,
}


def test_what_a_field_requires_is_read_first() -> None:
    assert plan(SHIPPING, "{ products { ship } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: products) {
              {
                products {
                  id
                  price
                }
              }
            }
            Fetch 2 (service: warehouse, after: 1) {
              $representations: products as Product { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Product {
                    weight
                  }
                }
              }
            }
            Fetch 3 (service: inventory, after: 2) {
              $representations: products as Product { id price weight }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Product {
                    ship
                  }
                }
              }
            }
          }
        }
        """
    )


def test_requirements_that_require_form_a_chain() -> None:
    assert plan(SHIPPING, "{ cart { total } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: billing) {
              {
                cart {
                  id
                }
              }
            }
            Parallel {
              Fetch 2 (service: products, after: 1) {
                $representations: cart as Product { id }
                query($representations: [_Any!]!) {
                  _entities(representations: $representations) {
                    ... on Product {
                      price
                    }
                  }
                }
              }
              Fetch 3 (service: warehouse, after: 1) {
                $representations: cart as Product { id }
                query($representations: [_Any!]!) {
                  _entities(representations: $representations) {
                    ... on Product {
                      weight
                    }
                  }
                }
              }
            }
            Fetch 4 (service: inventory, after: 2, 3) {
              $representations: cart as Product { id price weight }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Product {
                    ship
                  }
                }
              }
            }
            Fetch 5 (service: billing, after: 4) {
              $representations: cart as Product { id ship }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Product {
                    total
                  }
                }
              }
            }
          }
        }
        """
    )


def test_a_required_field_that_is_asked_for_is_read_once() -> None:
    assert plan(SHIPPING, 'query($zip: String!) { product(id: "p1") { price shipTo(zip: $zip) } }') == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: products) {
              {
                product(id: "p1") {
                  price
                  id
                }
              }
            }
            Fetch 2 (service: inventory, after: 1) {
              $representations: product as Product { id price }
              query($representations: [_Any!]!, $zip: String!) {
                _entities(representations: $representations) {
                  ... on Product {
                    shipTo(zip: $zip)
                  }
                }
              }
            }
          }
        }
        """
    )


def test_equal_fields_with_other_arguments_have_aliases_and_representations_of_their_own() -> None:
    assert plan(CURRENCIES, '{ products { price(currency: "CNY") inDollars inEuros } }') == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: shop) {
              {
                products {
                  price(currency: "CNY")
                  upc
                  _0_price: price(currency: "USD")
                  _1_price: price(currency: "EUR")
                }
              }
            }
            Fetch 2 (service: delivery, after: 1) {
              $r0: products as Product { upc price: _0_price }
              $r1: products as Product { upc price: _1_price }
              query($r0: [_Any!]!, $r1: [_Any!]!) {
                _e0: _entities(representations: $r0) {
                  ... on Product {
                    inDollars
                  }
                }
                _e1: _entities(representations: $r1) {
                  ... on Product {
                    inEuros
                  }
                }
              }
            }
          }
        }
        """
    )


def test_a_circle_of_requirements_is_unrolled() -> None:
    assert plan(CIRCULAR, "{ feed { byExpert } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                feed {
                  id
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: feed as Post { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Post {
                    author {
                      id
                    }
                  }
                }
              }
            }
            Fetch 3 (service: a, after: 2) {
              $representations: feed.author as Author { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Author {
                    years
                  }
                }
              }
            }
            Fetch 4 (service: b, after: 3) {
              $representations: feed as Post { id author { years } }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Post {
                    byNovice
                  }
                }
              }
            }
            Fetch 5 (service: a, after: 4) {
              $representations: feed as Post { id byNovice }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Post {
                    byExpert
                  }
                }
              }
            }
          }
        }
        """
    )


def test_fragments_in_requirements_are_sent_with_the_type() -> None:
    assert plan(PLACES, "{ people { label } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: people) {
              {
                people {
                  id
                  home {
                    id
                    __typename
                    ... on Flat {
                      floor
                    }
                  }
                }
              }
            }
            Fetch 2 (service: post, after: 1) {
              $representations: people as Person { id home { id ... on Flat floor __typename } }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Person {
                    label
                  }
                }
              }
            }
          }
        }
        """
    )
