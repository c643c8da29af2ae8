"""What clients write: variables, conditions, fragments, aliases."""

from __future__ import annotations

from tests.federation.testkit import plan, printed

SHOP = {
    "a": """
        type Query { products(first: Int = 3, where: Where): [Product] }
        input Where { name: String tags: [String!] }
        type Product @key(fields: "id") { id: ID! }
    """,
    "b": """
        type Product @key(fields: "id") { id: ID! price(currency: String!): Int stock: Int }
    """,
}


def test_each_fetch_has_only_the_variables_that_it_uses() -> None:
    assert plan(
        SHOP,
        """
        query Find($n: Int!, $name: String, $c: String!) {
          products(first: $n, where: {name: $name, tags: ["a"]}) { price(currency: $c) }
        }
    """,
    ) == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              query($n: Int!, $name: String) {
                products(first: $n, where: { name: $name, tags: ["a"] }) {
                  id
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: products as Product { id }
              query($representations: [_Any!]!, $c: String!) {
                _entities(representations: $representations) {
                  ... on Product {
                    price(currency: $c)
                  }
                }
              }
            }
          }
        }
        """
    )


def test_conditions_are_settled_by_flags() -> None:
    assert plan(
        SHOP,
        """
        query($a: Boolean!, $b: Boolean = true) {
          products { id stock @include(if: $a) dear: price(currency: "USD") @skip(if: $b) }
        }
    """,
        flags={"a": False},
    ) == printed(
        """
        QueryPlan {
          Fetch 1 (service: a) {
            {
              products {
                id
              }
            }
          }
        }
        """
    )


def test_conditions_let_through_what_they_may() -> None:
    assert plan(
        SHOP, "query($a: Boolean!) { products { ... @include(if: $a) { stock } } }", flags={"a": True}
    ) == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                products {
                  id
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: products as Product { id }
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
        """
    )


def test_an_object_of_which_nothing_is_left_is_asked_whether_it_is_there() -> None:
    assert plan(SHOP, "query($a: Boolean!) { products { stock @include(if: $a) } }", flags={"a": False}) == printed(
        """
        QueryPlan {
          Fetch 1 (service: a) {
            {
              products {
                __typename
              }
            }
          }
        }
        """
    )


def test_the_name_of_the_root_type_needs_no_fetch() -> None:
    assert plan(SHOP, "{ __typename }") == printed(
        """
        QueryPlan {
        }
        """
    )


LANGUAGES = {
    name: sdl + " directive @lang(to: String!) on FIELD directive @trace(note: String) repeatable on FIELD"
    for name, sdl in SHOP.items()
}


def test_directives_on_fields_go_to_the_subgraph_of_the_field() -> None:
    query = """query($to: String!, $no: Boolean = false) {
      products @trace @trace(note: "x") { id @skip(if: $no) price(currency: "CNY") @lang(to: $to) @include(if: true) }
    }"""
    assert plan(LANGUAGES, query) == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                products @trace @trace(note: "x") {
                  id
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: products as Product { id }
              query($representations: [_Any!]!, $to: String!) {
                _entities(representations: $representations) {
                  ... on Product {
                    price(currency: "CNY") @lang(to: $to)
                  }
                }
              }
            }
          }
        }
        """
    )


def test_a_key_is_never_taken_from_a_field_with_a_directive() -> None:
    """What a directive makes of a value is for the client alone."""
    assert plan(LANGUAGES, '{ products { id @lang(to: "en") stock } }') == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                products {
                  id @lang(to: "en")
                  _0_id: id
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: products as Product { id: _0_id }
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
        """
    )


def test_directives_of_merged_fields_come_together() -> None:
    query = '{ products { stock @lang(to: "en") ... { stock @trace @lang(to: "zh") } } }'
    assert 'stock @trace @lang(to: "en")' in plan(LANGUAGES, query)
