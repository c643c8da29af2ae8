"""@interfaceObject: an interface that is an object in some subgraph, which knows no types."""

from __future__ import annotations

import pytest

from federation.errors import PlanError
from tests.federation.testkit import plan, printed

ACCOUNTS = {
    "accounts": """
        type Query { users: [Account!] user: User }
        interface Account @key(fields: "id") { id: ID! name: String }
        type User implements Account @key(fields: "id") { id: ID! name: String age: Int }
        type Admin implements Account @key(fields: "id") { id: ID! name: String isMain: Boolean! }
    """,
    "visits": """
        type Query { visitors: [Account!] }
        type Account @key(fields: "id") @interfaceObject {
          id: ID! name: String @external visits: Int greeting: String @requires(fields: "name") }
    """,
    "mail": """
        type User @key(fields: "id") { id: ID! email: String }
    """,
}

CLOSED = """
schema @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }
enum join__Graph { A @join__graph(name: "a", url: "http://a") B @join__graph(name: "b", url: "http://b") }
interface Node
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id", resolvable: false, isInterfaceObject: true)
{
  id: ID!
  field: String @join__field(graph: B)
}
type Query @join__type(graph: A) @join__type(graph: B) {
  a: Node @join__field(graph: A)
  b: Node @join__field(graph: B) }
"""


def test_an_interface_jumps_to_its_object_as_a_whole() -> None:
    assert plan(ACCOUNTS, "{ users { name visits } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: accounts) {
              {
                users {
                  name
                  id
                }
              }
            }
            Fetch 2 (service: visits, after: 1) {
              $representations: users as Account { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Account {
                    visits
                  }
                }
              }
            }
          }
        }
        """
    )


def test_an_object_jumps_to_it_under_the_interfaces_name() -> None:
    assert plan(ACCOUNTS, "{ user { age visits email } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: accounts) {
              {
                user {
                  age
                  id
                }
              }
            }
            Parallel {
              Fetch 2 (service: visits, after: 1) {
                $representations: user as Account { id }
                query($representations: [_Any!]!) {
                  _entities(representations: $representations) {
                    ... on Account {
                      visits
                    }
                  }
                }
              }
              Fetch 3 (service: mail, after: 1) {
                $representations: user as User { id }
                query($representations: [_Any!]!) {
                  _entities(representations: $representations) {
                    ... on User {
                      email
                    }
                  }
                }
              }
            }
          }
        }
        """
    )


def test_typename_is_asked_where_types_are_known() -> None:
    assert plan(ACCOUNTS, "{ visitors { __typename visits } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: visits) {
              {
                visitors {
                  id
                  visits
                }
              }
            }
            Fetch 2 (service: accounts, after: 1) {
              $representations: visitors as Account { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Account {
                    __typename
                  }
                }
              }
            }
          }
        }
        """
    )


def test_nothing_else_is_asked_when_nobody_wants_the_type() -> None:
    assert plan(ACCOUNTS, "{ visitors { id visits } }") == printed(
        """
        QueryPlan {
          Fetch 1 (service: visits) {
            {
              visitors {
                id
                visits
              }
            }
          }
        }
        """
    )


def test_a_fragment_goes_through_the_interface_to_the_type() -> None:
    assert plan(ACCOUNTS, "{ visitors { ... on User { email visits } } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: visits) {
              {
                visitors {
                  id
                  visits
                }
              }
            }
            Fetch 2 (service: accounts, after: 1) {
              $representations: visitors as Account { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Account {
                    __typename
                    ... on User {
                      id
                    }
                  }
                }
              }
            }
            Fetch 3 (service: mail, after: 2) {
              $representations: visitors[User] as User { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on User {
                    email
                  }
                }
              }
            }
          }
        }
        """
    )


def test_what_an_interface_object_requires_is_read_of_the_interface() -> None:
    assert plan(ACCOUNTS, "{ visitors { greeting } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: visits) {
              {
                visitors {
                  id
                }
              }
            }
            Fetch 2 (service: accounts, after: 1) {
              $representations: visitors as Account { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Account {
                    name
                  }
                }
              }
            }
            Fetch 3 (service: visits, after: 2) {
              $representations: visitors as Account { id name }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Account {
                    greeting
                  }
                }
              }
            }
          }
        }
        """
    )


def test_without_a_resolvable_key_there_is_no_way_in() -> None:
    with pytest.raises(PlanError) as refused:
        plan(CLOSED, "{ a { field } }")
    assert refused.value.code == "QUERY_PLANNING_FAILED"
    assert refused.value.message == "No subgraph can be reached that resolves a.field"


def test_but_its_own_root_field_is_read() -> None:
    assert plan(CLOSED, "{ b { id field } }") == printed(
        """
        QueryPlan {
          Fetch 1 (service: b) {
            {
              b {
                id
                field
              }
            }
          }
        }
        """
    )
