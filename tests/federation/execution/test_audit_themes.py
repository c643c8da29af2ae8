"""Themes of the federation audit, each with small subgraphs: the answer, and how often each subgraph was asked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.federation.emulator import Row
from tests.federation.testkit import answer_from

COMPLEX_KEYS = {
    "link": """
        type Product @key(fields: "id") @key(fields: "id pid") { id: String! @shareable pid: String! @shareable }
    """,
    "list": """
        type ProductList @key(fields: "products { id pid }") {
          products: [Product!]! @shareable first: Product @shareable selected: Product @shareable
        }
        type Product @key(fields: "id pid") { id: String! @shareable pid: String @shareable }
    """,
    "price": """
        type ProductList @key(fields: "products { id pid category { id tag } } selected { id }") {
          products: [Product!]! @shareable first: Product @shareable selected: Product @shareable
        }
        type Product @key(fields: "id pid category { id tag }") {
          id: String! @shareable price: Price pid: String @shareable category: Category @shareable
        }
        type Category @key(fields: "id tag") { id: String! @shareable tag: String @shareable }
        type Price { price: Float! }
    """,
    "products": """
        type Query { topProducts: ProductList! }
        type ProductList @key(fields: "products { id }") { products: [Product!]! @shareable }
        type Product @key(fields: "id") { id: String! @shareable category: Category @shareable }
        type Category @key(fields: "id") {
          mainProduct: Product! @shareable id: String! @shareable tag: String @shareable
        }
    """,
}

NULL_KEYS = {
    "a": """
        type Query { bookContainers: [BookContainer] }
        type BookContainer { book: Book }
        type Book @key(fields: "upc") { upc: ID! }
    """,
    "b": """
        type Book @key(fields: "id") @key(fields: "upc") { id: ID upc: ID! }
    """,
    "c": """
        type Book @key(fields: "id") { id: ID! author: Author }
        type Author { id: ID! name: String }
    """,
}

REQUIRED_INTERFACE = {
    "a": """
        type Query { a: User }
        type User @key(fields: "id") {
          id: ID! name: String! @shareable address: Address @external city: String @requires(fields:
          "address { id }") country: String @requires(fields: "address { ... on WorkAddress { id } }")
        }
        interface Address { id: ID! }
        type HomeAddress implements Address @key(fields: "id") { id: ID! city: String @shareable }
        type WorkAddress implements Address @key(fields: "id") { id: ID! city: String @shareable }
    """,
    "b": """
        type Query { b: User users: [User!] }
        type User @key(fields: "id") { id: ID! name: String! @shareable address: Address @shareable }
        interface Address { id: ID! }
        type HomeAddress implements Address @key(fields: "id") { id: ID! street: String }
        type WorkAddress implements Address @key(fields: "id") { id: ID! street: String }
    """,
}

REQUIRED_FRAGMENTS = {
    "a": """
        type Query { entities: [Entity!] }
        type Entity @key(fields: "id") { id: ID! data: Data @shareable }
        interface Data { foo: String! }
        type Foo implements Data { foo: String! @shareable }
        type Bar implements Data @shareable { foo: String! bar: String! }
        type Baz implements Data @shareable { foo: String! baz: String! }
    """,
    "b": """
        type Query { b: Entity }
        type Entity @key(fields: "id") {
          id: ID! data: Data @external requirer: String! @requires(fields:
          "data { foo ... on Bar { bar } ... on Baz { baz } }")
        }
        interface Data { foo: String! }
        type Foo implements Data { foo: String! @external }
        type Bar implements Data { foo: String! @external bar: String! @external }
        type Baz implements Data { foo: String! @external baz: String! @external }
    """,
}

UNIONS = {
    "a": """
        type Query { media: Media @shareable aMedia: Media viewer: Viewer @shareable }
        union Media = Book | Song type Book @shareable { title: String! }
        type Song @shareable { title: String! }
        type Viewer { media: Media @shareable book: Media @shareable song: Media }
    """,
    "b": """
        type Query { media: Media @shareable bMedia: Media viewer: Viewer @shareable }
        union Media = Book | Movie type Book @shareable { title: String! }
        type Movie @shareable { title: String! }
        type Viewer { media: Media @shareable book: Media @shareable movie: Media }
    """,
}

OVERRIDDEN = {
    "a": """
        type Query { users: [User!] }
        type User @key(fields: "id") { id: ID! name: String! score: Int }
    """,
    "b": """
        type Query { me: User }
        type User @key(fields: "id") {
          id: ID! name: String! @override(from: "a") hello: String @requires(fields: "score") score: Int
          @external
        }
    """,
    "c": """
        type User @key(fields: "id") {
          id: ID! name: String! @external greeting: String @requires(fields: "name") rank: Int @override(from:
          "ghost")
        }
    """,
}

PROVIDED = {
    "a": """
        type Query { pets: [Pet] @provides(fields: "... on Cat { name } ... on Dog { name }") }
        union Pet = Cat | Dog type Cat @key(fields: "id") { id: ID! name: String @external }
        type Dog @key(fields: "id") { id: ID! name: String @external }
    """,
    "b": """
        type Cat @key(fields: "id") { id: ID! name: String @shareable age: Int }
        type Dog @key(fields: "id") { id: ID! name: String @shareable age: Int }
    """,
}

INTERFACE_OBJECT = {
    "a": """
        type Query { users: [Account!] user: User }
        interface Account @key(fields: "id") { id: ID! name: String }
        type User implements Account @key(fields: "id") { id: ID! name: String age: Int }
        type Admin implements Account @key(fields: "id") { id: ID! name: String isMain: Boolean! }
    """,
    "b": """
        type Query { visitors: [Account!] }
        type Account @key(fields: "id") @interfaceObject { id: ID! visits: Int }
    """,
    "c": """
        type User @key(fields: "id") { id: ID! email: String }
    """,
}

REQUIREMENTS = {
    "products": """
        type Query { products: [Product] product(id: ID!): Product }
        type Product @key(fields: "id") { id: ID! price: Int }
    """,
    "inventory": """
        type Product @key(fields: "id") {
          id: ID! price: Int @external weight: Int @external ship: Int @requires(fields: "price weight")
          shipTo(zip: String!): String @requires(fields: "price")
        }
    """,
    "warehouse": """
        type Product @key(fields: "id") { id: ID! weight: Int }
    """,
    "billing": """
        type Query { kart: Product }
        type Product @key(fields: "id") { id: ID! ship: Int @external total: Int @requires(fields: "ship") }
    """,
}

SEVERAL_KEYS = {
    "one": """
        type Query { items: [Item] }
        type Item @key(fields: "a") { a: ID! }
    """,
    "two": """
        type Item @key(fields: "a") @key(fields: "b") { a: ID! b: ID! }
    """,
    "three": """
        type Item @key(fields: "b") @key(fields: "b shelf { id }") {
          b: ID! shelf: Shelf @shareable name: String
        }
        type Shelf { id: ID! @shareable }
    """,
    "four": """
        type Item @key(fields: "b shelf { id }") { b: ID! shelf: Shelf @shareable stock: Int }
        type Shelf { id: ID! @shareable }
    """,
}


def complex_keys_rows() -> list[Row]:
    one: Row = {"__typename": "Product", "id": "1", "pid": "p1", "price": {"__typename": "Price", "price": 100.0}}
    two: Row = {"__typename": "Product", "id": "2", "pid": "p2", "price": {"__typename": "Price", "price": 200.0}}
    for product, number in ((one, 1), (two, 2)):
        product["category"] = {"__typename": "Category", "id": f"c{number}", "tag": f"t{number}", "mainProduct": one}
    top = {"__typename": "ProductList", "products": [one, two], "first": one, "selected": two}
    return [{"__typename": "Query", "topProducts": top}, one, two, top, one["category"], two["category"]]


@pytest.mark.parametrize(
    ("query", "data", "requests"),
    [
        (
            (
                "{ topProducts { products { id pid price { price } category { mainProduct { id } id tag } } "
                "selected { id } first { id } } }"
            ),
            {
                "topProducts": {
                    "products": [
                        {
                            "id": "1",
                            "pid": "p1",
                            "price": {"price": 100.0},
                            "category": {"mainProduct": {"id": "1"}, "id": "c1", "tag": "t1"},
                        },
                        {
                            "id": "2",
                            "pid": "p2",
                            "price": {"price": 200.0},
                            "category": {"mainProduct": {"id": "1"}, "id": "c2", "tag": "t2"},
                        },
                    ],
                    "selected": {"id": "2"},
                    "first": {"id": "1"},
                }
            },
            [1, 1, 1, 1],
        ),
    ],
)
async def test_composite_keys_of_lists_are_followed(query: str, data: Any, requests: list[int]) -> None:
    result, subgraphs = await answer_from(COMPLEX_KEYS, complex_keys_rows(), query)
    assert (result.data, result.errors) == (data, [])
    assert [len(subgraph.requests) for subgraph in subgraphs.values()] == requests


def null_keys_rows() -> list[Row]:
    authors = [{"__typename": "Author", "id": f"a{n}", "name": name} for n, name in enumerate(["Alice", "Bob"])]
    keys = [("b1", "1", authors[0]), ("b2", None, authors[1]), ("b3", "3", None)]
    books = [{"__typename": "Book", "upc": upc, "id": key, "author": author} for upc, key, author in keys]
    containers = [{"__typename": "BookContainer", "book": book} for book in books]
    return [{"__typename": "Query", "bookContainers": containers}, *authors, *books]


@pytest.mark.parametrize(
    ("query", "data", "requests"),
    [
        (
            "{ bookContainers { book { upc author { name } } } }",
            {
                "bookContainers": [
                    {"book": {"upc": "b1", "author": {"name": "Alice"}}},
                    {"book": {"upc": "b2", "author": None}},
                    {"book": {"upc": "b3", "author": None}},
                ]
            },
            [1, 1, 1],
        ),
    ],
)
async def test_entities_with_null_keys_stay_null(query: str, data: Any, requests: list[int]) -> None:
    result, subgraphs = await answer_from(NULL_KEYS, null_keys_rows(), query)
    assert (result.data, result.errors) == (data, [])
    assert [len(subgraph.requests) for subgraph in subgraphs.values()] == requests


def required_interface_rows() -> list[Row]:
    home = {"__typename": "HomeAddress", "id": "h1", "street": "s1", "city": "c1"}
    work = {"__typename": "WorkAddress", "id": "w1", "street": "s2", "city": "c2"}
    computed = {
        "city": lambda given, arguments: f"city of {given['address']['id']}",
        "country": lambda given, arguments: f"country of {given['address']['__typename']}",
    }
    users: list[Row] = [
        {"__typename": "User", "id": f"u{n}", "name": f"n{n}", "address": address, **computed}
        for n, address in enumerate((home, work), 1)
    ]
    return [{"__typename": "Query", "a": users[0], "b": users[1], "users": users}, *users, home, work]


@pytest.mark.parametrize(
    ("query", "data", "requests"),
    [
        ("{ a { name city } }", {"a": {"name": "n1", "city": "city of h1"}}, [2, 1]),
        ("{ b { country } }", {"b": {"country": "country of WorkAddress"}}, [1, 1]),
        (
            "{ users { name city country address { id } } }",
            {
                "users": [
                    {"name": "n1", "city": "city of h1", "country": "country of HomeAddress", "address": {"id": "h1"}},
                    {"name": "n2", "city": "city of w1", "country": "country of WorkAddress", "address": {"id": "w1"}},
                ]
            },
            [1, 1],
        ),
        (
            "{ users { address { ... on HomeAddress { street city } ... on WorkAddress { city } } } }",
            {"users": [{"address": {"street": "s1", "city": "c1"}}, {"address": {"city": "c2"}}]},
            [1, 1],
        ),
    ],
)
async def test_what_is_required_may_be_of_an_interface(query: str, data: Any, requests: list[int]) -> None:
    result, subgraphs = await answer_from(REQUIRED_INTERFACE, required_interface_rows(), query)
    assert (result.data, result.errors) == (data, [])
    assert [len(subgraph.requests) for subgraph in subgraphs.values()] == requests


def required_fragments_rows() -> list[Row]:
    values = [("Foo", {}), ("Bar", {"bar": "bar1"}), ("Baz", {"baz": "baz1"})]

    def describe(given: Row, arguments: Row) -> str:
        return " ".join(f"{name}={value}" for name, value in sorted(given["data"].items()))

    entities: list[Row] = [
        {
            "__typename": "Entity",
            "id": f"e{n}",
            "data": {"__typename": kind, "foo": f"foo{n}", **more},
            "requirer": describe,
        }
        for n, (kind, more) in enumerate(values)
    ]
    return [{"__typename": "Query", "entities": entities, "b": entities[1]}, *entities]


@pytest.mark.parametrize(
    ("query", "data", "requests"),
    [
        (
            "{ entities { id requirer } }",
            {
                "entities": [
                    {"id": "e0", "requirer": "__typename=Foo foo=foo0"},
                    {"id": "e1", "requirer": "__typename=Bar bar=bar1 foo=foo1"},
                    {"id": "e2", "requirer": "__typename=Baz baz=baz1 foo=foo2"},
                ]
            },
            [1, 1],
        ),
        ("{ b { requirer } }", {"b": {"requirer": "__typename=Bar bar=bar1 foo=foo1"}}, [1, 2]),
        (
            "{ entities { data { foo ... on Bar { bar } } requirer } }",
            {
                "entities": [
                    {"data": {"foo": "foo0"}, "requirer": "__typename=Foo foo=foo0"},
                    {"data": {"foo": "foo1", "bar": "bar1"}, "requirer": "__typename=Bar bar=bar1 foo=foo1"},
                    {"data": {"foo": "foo2"}, "requirer": "__typename=Baz baz=baz1 foo=foo2"},
                ]
            },
            [1, 1],
        ),
    ],
)
async def test_what_is_required_may_have_fragments(query: str, data: Any, requests: list[int]) -> None:
    result, subgraphs = await answer_from(REQUIRED_FRAGMENTS, required_fragments_rows(), query)
    assert (result.data, result.errors) == (data, [])
    assert [len(subgraph.requests) for subgraph in subgraphs.values()] == requests


def unions_rows() -> list[Row]:
    book, song, movie = ({"__typename": kind, "title": kind[0]} for kind in ("Book", "Song", "Movie"))
    viewer = {"__typename": "Viewer", "media": book, "song": song, "book": book, "movie": movie}
    return [{"__typename": "Query", "media": book, "aMedia": song, "bMedia": movie, "viewer": viewer}]


@pytest.mark.parametrize(
    ("query", "data", "requests"),
    [
        (
            "{ media { __typename ... on Book { title } ... on Song { title } ... on Movie { title } } }",
            {"media": {"__typename": "Book", "title": "B"}},
            [1, 0],
        ),
        (
            (
                "{ viewer { media { ... on Book { title } } song { __typename ... on Song { title } } movie "
                "{ __typename ... on Movie { title } ... on Book { title } } book { __typename ... on Movie "
                "{ title } ... on Book { title } ... on Song { title } } } aMedia { __typename ... on Song "
                "{ title } ... on Movie { title } } bMedia { __typename } }"
            ),
            {
                "viewer": {
                    "media": {"title": "B"},
                    "song": {"__typename": "Song", "title": "S"},
                    "movie": {"__typename": "Movie", "title": "M"},
                    "book": {"__typename": "Book", "title": "B"},
                },
                "aMedia": {"__typename": "Song", "title": "S"},
                "bMedia": {"__typename": "Movie"},
            },
            [1, 1],
        ),
        (
            "{ viewer { media { __typename ... on Movie { title } } } }",
            {"viewer": {"media": {"__typename": "Book"}}},
            [1, 0],
        ),
    ],
)
async def test_unions_may_differ_by_subgraph(query: str, data: Any, requests: list[int]) -> None:
    result, subgraphs = await answer_from(UNIONS, unions_rows(), query)
    assert (result.data, result.errors) == (data, [])
    assert [len(subgraph.requests) for subgraph in subgraphs.values()] == requests


def overridden_rows() -> list[Row]:
    user: Row = {"__typename": "User", "id": "u1", "name": "N1", "score": 5, "rank": 7}
    user["hello"] = lambda given, arguments: f"hi {given['score']}"
    user["greeting"] = lambda given, arguments: f"dear {given['name']}"
    return [{"__typename": "Query", "users": [user], "me": user}, user]


@pytest.mark.parametrize(
    ("query", "data", "requests"),
    [
        ("{ users { id name } }", {"users": [{"id": "u1", "name": "N1"}]}, [1, 1, 0]),
        (
            "{ me { id name hello greeting rank } }",
            {"me": {"id": "u1", "name": "N1", "hello": "hi 5", "greeting": "dear N1", "rank": 7}},
            [1, 2, 1],
        ),
        ("{ users { greeting } }", {"users": [{"greeting": "dear N1"}]}, [1, 1, 1]),
    ],
)
async def test_overridden_fields_may_be_required(query: str, data: Any, requests: list[int]) -> None:
    result, subgraphs = await answer_from(OVERRIDDEN, overridden_rows(), query)
    assert (result.data, result.errors) == (data, [])
    assert [len(subgraph.requests) for subgraph in subgraphs.values()] == requests


def provided_rows() -> list[Row]:
    cat = {"__typename": "Cat", "id": "x1", "name": "Tom", "age": 3}
    dog = {"__typename": "Dog", "id": "x2", "name": "Rex", "age": 4}
    return [{"__typename": "Query", "pets": [cat, dog]}, cat, dog]


@pytest.mark.parametrize(
    ("query", "data", "requests"),
    [
        (
            "{ pets { ... on Cat { id name } ... on Dog { name } } }",
            {"pets": [{"id": "x1", "name": "Tom"}, {"name": "Rex"}]},
            [1, 0],
        ),
        (
            "{ pets { ... on Cat { name age } ... on Dog { name } } }",
            {"pets": [{"name": "Tom", "age": 3}, {"name": "Rex"}]},
            [1, 1],
        ),
    ],
)
async def test_members_of_unions_may_be_provided(query: str, data: Any, requests: list[int]) -> None:
    result, subgraphs = await answer_from(PROVIDED, provided_rows(), query)
    assert (result.data, result.errors) == (data, [])
    assert [len(subgraph.requests) for subgraph in subgraphs.values()] == requests


def interface_object_rows() -> list[Row]:
    user = {"__typename": "User", "id": "u1", "name": "N", "email": "e", "age": 9, "visits": 3}
    admin = {"__typename": "Admin", "id": "a1", "name": "A", "isMain": True, "visits": 4}
    both = [user, admin]
    return [{"__typename": "Query", "users": both, "visitors": both, "user": user}, *both]


@pytest.mark.parametrize(
    ("query", "data", "requests"),
    [
        ("{ users { id visits } }", {"users": [{"id": "u1", "visits": 3}, {"id": "a1", "visits": 4}]}, [1, 1, 0]),
        ("{ visitors { visits } }", {"visitors": [{"visits": 3}, {"visits": 4}]}, [0, 1, 0]),
        (
            "{ visitors { __typename visits name } }",
            {
                "visitors": [
                    {"__typename": "User", "visits": 3, "name": "N"},
                    {"__typename": "Admin", "visits": 4, "name": "A"},
                ]
            },
            [1, 1, 0],
        ),
        (
            "{ visitors { ... on User { age email visits } ... on Admin { isMain } } }",
            {"visitors": [{"age": 9, "email": "e", "visits": 3}, {"isMain": True}]},
            [1, 1, 1],
        ),
        ("{ user { visits email } }", {"user": {"visits": 3, "email": "e"}}, [1, 1, 1]),
        (
            "{ users { ... on User { visits } ... on Admin { isMain } } }",
            {"users": [{"visits": 3}, {"isMain": True}]},
            [1, 1, 0],
        ),
    ],
)
async def test_interface_objects_know_no_types(query: str, data: Any, requests: list[int]) -> None:
    result, subgraphs = await answer_from(INTERFACE_OBJECT, interface_object_rows(), query)
    assert (result.data, result.errors) == (data, [])
    assert [len(subgraph.requests) for subgraph in subgraphs.values()] == requests


def requirements_rows() -> list[Row]:
    product: Row = {"__typename": "Product", "id": "p1", "price": 10, "weight": 2}
    product["ship"] = lambda given, arguments: given["price"] * given["weight"]
    product["shipTo"] = lambda given, arguments: f"{given['price']} to {arguments['zip']}"
    product["total"] = lambda given, arguments: given["ship"] + 1
    return [{"__typename": "Query", "products": [product], "product": product, "kart": product}, product]


@pytest.mark.parametrize(
    ("query", "variables", "data", "requests"),
    [
        ("{ products { ship } }", {}, {"products": [{"ship": 20}]}, [1, 1, 1, 0]),
        ("{ products { total } }", {}, {"products": [{"total": 21}]}, [1, 1, 1, 1]),
        ("{ kart { total ship } }", {}, {"kart": {"total": 21, "ship": 20}}, [1, 1, 1, 2]),
        (
            "query($zip: String!, $x: ID!) { product(id: $x) { shipTo(zip: $zip) price weight } }",
            {"zip": "9", "x": "p1"},
            {"product": {"shipTo": "10 to 9", "price": 10, "weight": 2}},
            [1, 1, 1, 0],
        ),
        (
            ("query($a: Boolean!, $b: Boolean!) { products { id price @include(if: $a) weight @skip(if: $b) } }"),
            {"a": False, "b": True},
            {"products": [{"id": "p1"}]},
            [1, 0, 0, 0],
        ),
    ],
)
async def test_requirements_chain(query: str, variables: Row, data: Any, requests: list[int]) -> None:
    result, subgraphs = await answer_from(REQUIREMENTS, requirements_rows(), query, variables)
    assert (result.data, result.errors) == (data, [])
    assert [len(subgraph.requests) for subgraph in subgraphs.values()] == requests


def several_keys_rows() -> list[Row]:
    shelf = {"__typename": "Shelf", "id": "s1"}
    item = {"__typename": "Item", "a": "A1", "b": "B1", "name": "n", "stock": 3, "shelf": shelf}
    return [{"__typename": "Query", "items": [item]}, item]


@pytest.mark.parametrize(
    ("query", "data", "requests"),
    [
        ("{ items { a name } }", {"items": [{"a": "A1", "name": "n"}]}, [1, 1, 1, 0]),
        ("{ items { stock } }", {"items": [{"stock": 3}]}, [1, 1, 1, 1]),
        ("{ items { name stock b } }", {"items": [{"name": "n", "stock": 3, "b": "B1"}]}, [1, 1, 1, 1]),
    ],
)
async def test_several_keys_lead_on(query: str, data: Any, requests: list[int]) -> None:
    result, subgraphs = await answer_from(SEVERAL_KEYS, several_keys_rows(), query)
    assert (result.data, result.errors) == (data, [])
    assert [len(subgraph.requests) for subgraph in subgraphs.values()] == requests
