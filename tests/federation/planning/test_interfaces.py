"""Interfaces and unions: expanded only where they must be, members that differ by subgraph."""

from __future__ import annotations

from tests.federation.testkit import plan, printed

MEDIA = {
    "books": """
        type Query { media: [Media] book: Book }
        interface Media { id: ID! title: String }
        type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
        type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }
    """,
    "reviews": """
        interface Media { id: ID! stars: Int }
        type Book implements Media @key(fields: "id") { id: ID! stars: Int }
        type Film implements Media @key(fields: "id") { id: ID! stars: Int }
    """,
}

MEMBERS = {
    "a": """
        type Query { media: Media @shareable onlyA: Media }
        union Media = Book | Song
        type Book @shareable { title: String! }
        type Song @shareable { title: String! }
    """,
    "b": """
        type Query { media: Media @shareable }
        union Media = Book | Movie
        type Book @shareable { title: String! }
        type Movie @shareable { title: String! }
    """,
}

CLASH = """
schema @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }
enum join__Graph { A @join__graph(name: "a", url: "http://a") }
type Query @join__type(graph: A) { node: Node }
interface Node @join__type(graph: A) { id: ID }
type Cat implements Node @join__type(graph: A) @join__implements(graph: A, interface: "Node") {
  id: ID @join__field(graph: A, type: "ID!")
  tag: Int
}
type Dog implements Node @join__type(graph: A) @join__implements(graph: A, interface: "Node") {
  id: ID
  tag: Int
}
"""


def test_an_interface_field_is_read_of_the_interface() -> None:
    assert plan(MEDIA, "{ media { id title } }") == printed(
        """
        QueryPlan {
          Fetch 1 (service: books) {
            {
              media {
                id
                title
              }
            }
          }
        }
        """
    )


def test_members_are_expanded_where_fields_come_from_elsewhere() -> None:
    assert plan(MEDIA, "{ media { title stars } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: books) {
              {
                media {
                  title
                  __typename
                  ... on Book {
                    id
                  }
                  ... on Film {
                    id
                  }
                }
              }
            }
            Fetch 2 (service: reviews, after: 1) {
              $representations: media[Book] as Book { id }
              $representations: media[Film] as Film { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Book {
                    stars
                  }
                  ... on Film {
                    stars
                  }
                }
              }
            }
          }
        }
        """
    )


def test_a_fragment_fetches_for_its_type_only() -> None:
    assert plan(MEDIA, "{ media { ... on Book { pages stars } } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: books) {
              {
                media {
                  __typename
                  ... on Book {
                    pages
                    id
                  }
                }
              }
            }
            Fetch 2 (service: reviews, after: 1) {
              $representations: media[Book] as Book { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Book {
                    stars
                  }
                }
              }
            }
          }
        }
        """
    )


def test_fragments_on_the_objects_own_type_are_no_condition() -> None:
    assert plan(MEDIA, "{ book { ... on Media { title ... on Book { pages } } } }") == printed(
        """
        QueryPlan {
          Fetch 1 (service: books) {
            {
              book {
                title
                pages
              }
            }
          }
        }
        """
    )


def test_members_that_a_subgraph_does_not_know_are_left_out() -> None:
    assert plan(MEMBERS, "{ onlyA { __typename ... on Song { title } ... on Movie { title } } }") == printed(
        """
        QueryPlan {
          Fetch 1 (service: a) {
            {
              onlyA {
                __typename
                ... on Song {
                  title
                }
              }
            }
          }
        }
        """
    )


def test_a_member_is_read_where_it_is_known() -> None:
    assert plan(MEMBERS, "{ media { ... on Movie { title } } }") == printed(
        """
        QueryPlan {
          Fetch 1 (service: b) {
            {
              media {
                __typename
                ... on Movie {
                  title
                }
              }
            }
          }
        }
        """
    )


def test_fields_whose_types_clash_are_asked_for_under_other_names() -> None:
    assert plan(CLASH, "{ node { ... on Cat { id tag } ... on Dog { id tag } } }") == printed(
        """
        QueryPlan {
          Fetch 1 (service: a) {
            {
              node {
                __typename
                ... on Cat {
                  id
                  tag
                }
                ... on Dog {
                  _Dog_id: id
                  tag
                }
              }
            }
          }
        }
        """
    )
