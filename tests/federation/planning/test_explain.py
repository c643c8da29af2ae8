"""Every stage of planning can be printed."""

from __future__ import annotations

from graphql import parse

from federation.planning import explain
from tests.federation.testkit import printed, supergraph_of

SDL = {
    "a": 'type Query { posts: [Post] } type Post @key(fields: "id") { id: ID! }',
    "b": 'type Post @key(fields: "id") { id: ID! body: String }',
}


def test_each_stage_is_printed_under_its_title() -> None:
    stages = explain(parse("query Feed { posts { ... on Post { body } } }"), supergraph_of(SDL))
    assert str(stages) == printed(
        """
        # normalized operation
        query Feed {
          posts {
            body
          }
        }

        # cheapest paths
        tree of cost 2103
          step 1 A level 0
            posts -> Post
              id
          step 2 B level 1 after 1
            Post at posts by id
              body

        # fetch graph
        1 A turn 0
          at root
        2 B turn 0 after 1
          posts as Post { id }

        # fetch graph, optimized
        1 A turn 0
          at root
        2 B turn 0 after 1
          posts as Post { id }

        # plan
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                posts {
                  id
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: posts as Post { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Post {
                    body
                  }
                }
              }
            }
          }
        }
        """
    )
