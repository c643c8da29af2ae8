"""What the passes and the choice of the cheapest tree achieve together."""

from __future__ import annotations

from graphql import parse

from federation.planning import QueryPlan
from federation.planning import plan as planned
from tests.federation.testkit import plan, printed, supergraph_of

CHAIN = {
    "a": """
        type Query { one: One two: Two many: [One] }
        type One @key(fields: "id") { id: ID! }
        type Two @key(fields: "id") { id: ID! }
    """,
    "b": """
        type One @key(fields: "id") { id: ID! x: Int y: Int next: Two }
        type Two @key(fields: "id") { id: ID! x: Int }
    """,
    "c": """
        type Two @key(fields: "id") { id: ID! z: Int v: Int }
    """,
    "d": """
        type Two @key(fields: "id") { id: ID! z: Int @external w: Int @requires(fields: "z") }
    """,
}

CHOICE = {
    "a": """
        type Query { list: [Thing] @shareable }
        type Thing { id: ID! @shareable }
    """,
    "b": """
        type Query { list: [Thing] @shareable }
        type Thing { id: ID! @shareable size: Int @shareable }
    """,
    "c": """
        type Query { list: [Thing] @shareable }
        type Thing { id: ID! @shareable size: Int @shareable weight: Int }
    """,
}


def plan_of(query: str) -> QueryPlan:
    return planned(parse(query), supergraph_of(CHAIN))


def test_entities_of_one_level_and_subgraph_share_a_request() -> None:
    assert plan(CHAIN, "{ one { x } two { x } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                one {
                  id
                }
                two {
                  id
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $r0: one as One { id }
              $r1: two as Two { id }
              query($r0: [_Any!]!, $r1: [_Any!]!) {
                _e0: _entities(representations: $r0) {
                  ... on One {
                    x
                  }
                }
                _e1: _entities(representations: $r1) {
                  ... on Two {
                    x
                  }
                }
              }
            }
          }
        }
        """
    )


def test_the_same_fields_of_the_same_type_share_one_call() -> None:
    assert plan(CHAIN, "{ one { x y } many { x y } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                one {
                  id
                }
                many {
                  id
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: one as One { id }
              $representations: many as One { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on One {
                    x
                    y
                  }
                }
              }
            }
          }
        }
        """
    )


def test_other_fields_have_a_call_of_their_own() -> None:
    assert plan(CHAIN, "{ one { x } many { y } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                one {
                  id
                }
                many {
                  id
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $r0: one as One { id }
              $r1: many as One { id }
              query($r0: [_Any!]!, $r1: [_Any!]!) {
                _e0: _entities(representations: $r0) {
                  ... on One {
                    x
                  }
                }
                _e1: _entities(representations: $r1) {
                  ... on One {
                    y
                  }
                }
              }
            }
          }
        }
        """
    )


def test_what_nothing_waits_for_comes_along_with_the_same_of_others() -> None:
    assert plan(CHAIN, "{ one { next { x z } } two { x z } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                one {
                  id
                }
                two {
                  id
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $r0: one as One { id }
              $r1: two as Two { id }
              query($r0: [_Any!]!, $r1: [_Any!]!) {
                _e0: _entities(representations: $r0) {
                  ... on One {
                    next {
                      x
                      id
                    }
                  }
                }
                _e1: _entities(representations: $r1) {
                  ... on Two {
                    x
                  }
                }
              }
            }
            Fetch 3 (service: c, after: 2) {
              $representations: one.next as Two { id }
              $representations: two as Two { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Two {
                    z
                  }
                }
              }
            }
          }
        }
        """
    )


def test_no_chain_grows_for_the_sake_of_fewer_requests() -> None:
    assert [(fetch.service, fetch.after) for fetch in plan_of("{ one { next { z } } two { z w } }").fetches] == [
        ("a", ()),
        ("b", (1,)),
        ("c", (1,)),
        ("c", (2,)),
        ("d", (3,)),
    ]


def test_what_reads_other_fields_does_not_come_along() -> None:
    assert [(fetch.service, fetch.after) for fetch in plan_of("{ one { next { z } } two { v } }").fetches] == [
        ("a", ()),
        ("b", (1,)),
        ("c", (1,)),
        ("c", (2,)),
    ]


def test_a_field_that_requires_nothing_is_read_together_with_one_that_does() -> None:
    graph = {
        "a": """
            type Query { items: [Item] }
            type Item @key(fields: "id") { id: ID! }
        """,
        "b": """
            type Item @key(fields: "id") { id: ID! stocked: Boolean weight: Int @external
              postage: Int @requires(fields: "weight") }
        """,
        "c": """
            type Item @key(fields: "id") { id: ID! weight: Int }
        """,
    }
    assert plan(graph, "{ items { stocked postage } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                items {
                  id
                }
              }
            }
            Fetch 2 (service: c, after: 1) {
              $representations: items as Item { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Item {
                    weight
                  }
                }
              }
            }
            Fetch 3 (service: b, after: 2) {
              $representations: items as Item { id weight }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Item {
                    postage
                    stocked
                  }
                }
              }
            }
          }
        }
        """
    )


def test_one_subgraph_that_has_all_is_preferred_to_several_that_have_parts() -> None:
    assert plan(CHOICE, "{ list { id size weight } }") == printed(
        """
        QueryPlan {
          Fetch 1 (service: c) {
            {
              list {
                weight
                size
                id
              }
            }
          }
        }
        """
    )
