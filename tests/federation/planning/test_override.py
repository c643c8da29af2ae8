"""@override: from subgraphs that exist or not, of interface members, with labels."""

from __future__ import annotations

from tests.federation.testkit import plan, printed

POSTS = {
    "a": """
        type Query { feed: [Post] @shareable aFeed: [Post] }
        type Post @key(fields: "id") {
          id: ID! createdAt: String score: Int @override(from: "ghost") }
    """,
    "b": """
        type Query { feed: [Post] @shareable }
        type Post @key(fields: "id") { id: ID! createdAt: String @override(from: "a") }
    """,
}

FEED = {
    "a": """
        type Query { feed: [Post] }
        interface Post { id: ID! createdAt: String }
        type Image implements Post @key(fields: "id") { id: ID! createdAt: String }
        type Text implements Post @key(fields: "id") { id: ID! createdAt: String }
    """,
    "b": """
        type Image @key(fields: "id") { id: ID! createdAt: String @override(from: "a") }
    """,
}

LABELLED = """
schema @link(url: "https://specs.apollo.dev/join/v0.4", for: EXECUTION) { query: Query }
enum join__Graph { A @join__graph(name: "a", url: "http://a") B @join__graph(name: "b", url: "http://b") }
type Query @join__type(graph: A) @join__type(graph: B) { posts: [Post] @join__field(graph: A) }
type Post @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
  id: ID!
  body: String @join__field(graph: A, usedOverridden: true, overrideLabel: "percent(5)")
    @join__field(graph: B, override: "a", overrideLabel: "percent(5)")
}
"""


def test_the_new_owner_resolves_the_field() -> None:
    assert plan(POSTS, "{ aFeed { createdAt score } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                aFeed {
                  id
                  score
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: aFeed as Post { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Post {
                    createdAt
                  }
                }
              }
            }
          }
        }
        """
    )


def test_a_shared_root_is_entered_where_the_new_owner_is() -> None:
    assert plan(POSTS, "{ feed { createdAt } }") == printed(
        """
        QueryPlan {
          Fetch 1 (service: b) {
            {
              feed {
                createdAt
              }
            }
          }
        }
        """
    )


def test_only_the_type_whose_field_moved_is_fetched_elsewhere() -> None:
    assert plan(FEED, "{ feed { id createdAt } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                feed {
                  id
                  __typename
                  ... on Text {
                    createdAt
                  }
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: feed[Image] as Image { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Image {
                    createdAt
                  }
                }
              }
            }
          }
        }
        """
    )


def test_without_its_label_an_override_is_not_in_force() -> None:
    assert plan(LABELLED, "{ posts { body } }") == printed(
        """
        QueryPlan {
          Fetch 1 (service: a) {
            {
              posts {
                body
              }
            }
          }
        }
        """
    )


def test_with_its_label_it_is() -> None:
    assert plan(LABELLED, "{ posts { body } }", override_labels=frozenset({"percent(5)"})) == printed(
        """
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
