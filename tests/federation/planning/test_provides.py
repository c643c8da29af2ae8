"""@provides: fields that are external but for this path."""

from __future__ import annotations

from tests.federation.testkit import plan, printed

USERS = {
    "a": """
        type Query { user: User provided: User @provides(fields: "name address { city }") }
        type User @key(fields: "id") { id: ID! name: String @external address: Address @external }
        type Address { city: String @shareable }
    """,
    "b": """
        type User @key(fields: "id") { id: ID! name: String @shareable address: Address @shareable age: Int }
        type Address { city: String @shareable zip: String }
    """,
}

PETS = {
    "a": """
        type Query { pets: [Pet] @provides(fields: "... on Cat { name } ... on Dog { name }")
          dogs: [Pet] @provides(fields: "... on Dog { name }") }
        union Pet = Cat | Dog
        type Cat @key(fields: "id") { id: ID! name: String @external }
        type Dog @key(fields: "id") { id: ID! name: String @external }
    """,
    "b": """
        type Cat @key(fields: "id") { id: ID! name: String @shareable }
        type Dog @key(fields: "id") { id: ID! name: String @shareable }
    """,
}

BOOKS = {
    "a": """
        type Query { book: Book @provides(fields: "animals { ... on Dog { name } }") }
        type Book { id: ID! animals: [Animal] }
        interface Animal { id: ID! }
        type Dog implements Animal @key(fields: "id") { id: ID! name: String @external }
        type Cat implements Animal @key(fields: "id") { id: ID! }
    """,
    "b": """
        type Dog @key(fields: "id") { id: ID! name: String @shareable }
        type Cat @key(fields: "id") { id: ID! name: String }
    """,
}


def test_a_provided_field_needs_no_jump() -> None:
    assert plan(USERS, "{ provided { name address { city } } }") == printed(
        """
        QueryPlan {
          Fetch 1 (service: a) {
            {
              provided {
                name
                address {
                  city
                }
              }
            }
          }
        }
        """
    )


def test_the_same_field_on_another_path_does() -> None:
    assert plan(USERS, "{ user { name address { city } } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                user {
                  id
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: user as User { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on User {
                    name
                    address {
                      city
                    }
                  }
                }
              }
            }
          }
        }
        """
    )


def test_what_is_not_provided_is_fetched() -> None:
    assert plan(USERS, "{ provided { name age address { city zip } } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                provided {
                  name
                  id
                  address {
                    city
                  }
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: provided as User { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on User {
                    age
                    address {
                      zip
                    }
                  }
                }
              }
            }
          }
        }
        """
    )


def test_members_of_a_union_are_provided_one_by_one() -> None:
    assert plan(
        PETS,
        """
        { pets { ... on Cat { name } ... on Dog { name } } dogs { ... on Cat { name } ... on Dog { name } } }
    """,
    ) == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                pets {
                  __typename
                  ... on Cat {
                    name
                  }
                  ... on Dog {
                    name
                  }
                }
                dogs {
                  __typename
                  ... on Cat {
                    id
                  }
                  ... on Dog {
                    name
                  }
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: dogs[Cat] as Cat { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Cat {
                    name
                  }
                }
              }
            }
          }
        }
        """
    )


def test_a_field_provided_for_one_type_is_fetched_for_the_others() -> None:
    assert plan(BOOKS, "{ book { animals { id ... on Dog { name } ... on Cat { name } } } }") == printed(
        """
        QueryPlan {
          Sequence {
            Fetch 1 (service: a) {
              {
                book {
                  animals {
                    id
                    __typename
                    ... on Dog {
                      name
                    }
                  }
                }
              }
            }
            Fetch 2 (service: b, after: 1) {
              $representations: book.animals[Cat] as Cat { id }
              query($representations: [_Any!]!) {
                _entities(representations: $representations) {
                  ... on Cat {
                    name
                  }
                }
              }
            }
          }
        }
        """
    )
