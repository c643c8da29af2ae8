"""What an asker may not read is cut before planning, answers null in its place, and is reported with its path."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, graphql_sync, parse, print_ast

from federation.admission import Grants, blank
from federation.admission.declared import directive_names
from tests.federation.admission.gate import DIRECTIVES, admission, admitted, text_of

MALL = """
type Query {
  now: String
  me: Member @authenticated
  shop: Shop
  nodes: [Node]
  found: [Found!]
  price: Money
  strict: Strict
}
type Mutation { pay: Int! @requiresScopes(scopes: [["buyer"]]) note: Int }
type Member {
  name: String
  phone: String @requiresScopes(scopes: [["phone", "read"], ["admin"]])
  card: String! @policy(policies: [["owner"]])
  orders: [Order!]
}
type Order { id: ID total: Int! @requiresScopes(scopes: [["money"]]) }
type Shop { id: ID! owner: Member staff: [Member!]! }
scalar Money @requiresScopes(scopes: [["money"]])
interface Node { id: ID label: String }
type Open implements Node { id: ID label: String }
type Closed implements Node @authenticated { id: ID label: String @policy(policies: [["label"]]) }
union Found = Open | Closed
type Strict { inner: Inner! }
type Inner { secret: Int! @requiresScopes(scopes: [["never"]]) }
"""
GATE = admission(MALL)
MEMBER = Grants(authenticated=True)


async def left(query: str, grants: Grants | None = None) -> tuple[str, list[Any], list[tuple[str, ...]]]:
    """The operation that is planned, the paths reported, the paths that answer null."""
    found = await admitted(GATE, query, grants)
    assert {error.code for error in found.left.errors} <= {"UNAUTHORIZED_FIELD_OR_TYPE"}
    return text_of(found), [error.path for error in found.left.errors], list(found.left.blanks)


async def test_what_demands_nothing_is_left_alone() -> None:
    assert await left("{ now shop { id } }") == ("{ now shop { id } }", [], [])


async def test_a_field_is_cut_and_the_rest_is_planned() -> None:
    assert await left("{ now who: me { name } }") == ("{ now _cut_who: __typename }", [("who",)], [("who",)])
    assert await left("{ now who: me { name } }", MEMBER) == ("{ now who: me { name } }", [], [])


async def test_an_error_has_code_and_path() -> None:
    found = await admitted(GATE, "{ me { name } }")
    assert [error.rendered() for error in found.left.errors] == [
        {
            "message": "You may not read this field or type",
            "path": ["me"],
            "extensions": {"code": "UNAUTHORIZED_FIELD_OR_TYPE"},
        }
    ]


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [(set(), False), ({"phone"}, False), ({"phone", "read"}, True), ({"admin"}, True), ({"read", "x"}, False)],
)
async def test_scopes_are_alternatives_of_sets(scopes: set[str], allowed: bool) -> None:
    grants = Grants(authenticated=True, scopes=frozenset(scopes))
    query, errors, _ = await left("{ me { phone } }", grants)
    assert (query, errors) == (
        ("{ me { phone } }", []) if allowed else ("{ me { _cut_phone: __typename } }", [("me", "phone")])
    )


async def test_a_policy_is_met_by_policies_only() -> None:
    assert (await left("{ me { card } }", Grants(True, frozenset({"owner"}))))[1] == [("me", "card")]
    assert (await left("{ me { card } }", Grants(True, policies=frozenset({"owner"}))))[1] == []


async def test_where_null_is_not_allowed_the_field_around_is_cut() -> None:
    assert await left("{ shop { id owner { card } } }") == (
        "{ shop { id _cut_owner: __typename } }",
        [("shop", "owner", "card")],
        [("shop", "owner")],
    )
    assert await left("{ shop { id staff { card } } now }") == (
        "{ _cut_shop: __typename now }",
        [("shop", "staff", "card")],
        [("shop",)],
    )
    assert await left("{ now strict { inner { secret } } }") == (
        "{ now _cut_strict: __typename }",
        [("strict", "inner", "secret")],
        [("strict",)],
    )


async def test_a_root_that_may_not_be_null_leaves_nothing() -> None:
    found = await admitted(GATE, "mutation { note pay }")
    assert found.left.document is None
    assert [error.path for error in found.left.errors] == [("pay",)]


async def test_a_guarded_scalar_guards_every_field_of_its_type() -> None:
    assert (await left("{ price }"))[1] == [("price",)]


async def test_an_interface_field_demands_what_any_type_behind_it_does() -> None:
    assert await left("{ nodes { __typename id ... on Open { label } } }") == (
        "{ nodes { __typename _cut_id: __typename ... on Open { label } } }",
        [("nodes", "id")],
        [("nodes", "id")],
    )
    assert (await left("{ nodes { id label } }", MEMBER))[1] == [("nodes", "label")]


async def test_a_fragment_on_a_guarded_type_is_cut_whole() -> None:
    query = "{ found { ...O ...C } } fragment O on Open { id } fragment C on Closed { id label }"
    text, errors, blanks = await left(query)
    assert text.startswith("{ found { ... on Open { id } } }")
    assert (errors, blanks) == ([("found",)], [])
    text, errors, blanks = await left(query, MEMBER)
    assert text.startswith("{ found { ... on Open { id } ... on Closed { id _cut_label: __typename } } }")
    assert (errors, blanks) == ([("found", "label")], [("found", "label")])


async def test_conditions_stay_on_what_is_cut() -> None:
    found = await admitted(GATE, "query ($x: Boolean!) { me @include(if: $x) { name } }", x=False)
    assert text_of(found) == "query ($x: Boolean!) { _cut_me: __typename @include(if: $x) }"
    assert found.flags() == {"x": False}


async def test_two_askers_with_the_same_cut_share_what_is_left_and_others_do_not() -> None:
    query = "{ me { name phone } }"
    one = await admitted(GATE, query, Grants(True, frozenset({"a"})))
    two = await admitted(GATE, query, Grants(True, frozenset({"b"})))
    more = await admitted(GATE, query, Grants(True, frozenset({"admin"})))
    assert one.left is two.left
    assert one.left.key != more.left.key


async def test_plans_are_named_by_what_is_left_not_by_what_was_asked() -> None:
    cut = await admitted(GATE, "{ now me { name } }")
    asked = await admitted(GATE, "{ now _cut_me: __typename }")
    assert cut.left.key == asked.left.key


@pytest.mark.parametrize(
    ("data", "paths", "expected"),
    [
        ({"a": 1, "_cut_b": "Q", "c": 2}, [("b",)], {"a": 1, "b": None, "c": 2}),
        ({"a": [{"_cut_b": "Q"}, None, {"x": 1}]}, [("a", "b")], {"a": [{"b": None}, None, {"x": 1}]}),
        ({"a": [[{"_cut_b": "Q"}]]}, [("a", "b")], {"a": [[{"b": None}]]}),
        ({"a": None}, [("a", "b")], {"a": None}),
        (None, [("a",)], None),
        ({"_cut_a": "Q", "a": {"kept": 1}}, [("a",)], {"a": None}),
    ],
)
def test_nulls_are_put_where_fields_were_cut(data: Any, paths: list[tuple[str, ...]], expected: Any) -> None:
    found = blank(data, paths)
    assert found == expected
    if isinstance(found, dict):
        assert list(found) == list(expected)


async def test_the_answer_has_the_clients_keys_in_the_clients_order() -> None:
    found = await admitted(GATE, "{ a: now me { name } shop { owner { phone name } id } }", MEMBER)
    assert found.left.document is not None
    schema: GraphQLSchema = build_schema(DIRECTIVES + MALL)
    root = {"me": {"name": "Li"}, "shop": {"id": 1, "owner": {"name": "Wu"}}}
    result = graphql_sync(schema, print_ast(found.left.document), root)
    answer = blank(result.data, found.left.blanks)
    assert repr(answer) == repr(
        {"a": None, "me": {"name": "Li"}, "shop": {"owner": {"phone": None, "name": "Wu"}, "id": "1"}}
    )


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY', {"authenticated": "authenticated"}),
        ('url: "https://specs.apollo.dev/authenticated/v0.1", as: "signedIn"', {"authenticated": "signedIn"}),
        ('url: "https://specs.apollo.dev/cost/v0.1"', {"cost": "cost", "listSize": "cost__listSize"}),
        (
            'url: "https://specs.apollo.dev/cost/v0.1", import: ["@cost", {name: "@listSize", as: "@size"}]',
            {"cost": "cost", "listSize": "size"},
        ),
        ('url: "https://specs.apollo.dev/cost/v0.1", as: "c"', {"cost": "c", "listSize": "c__listSize"}),
    ],
)
def test_directives_are_found_under_the_name_they_are_linked_by(link: str, expected: dict[str, str]) -> None:
    names = directive_names(parse(f"schema @link({link}) {{ query: Query }} type Query {{ a: Int }}"))
    assert {name: names[name] for name in expected} == expected


async def test_a_renamed_directive_still_guards() -> None:
    sdl = MALL.replace("@authenticated", "@signedIn") + (
        'extend schema @link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "signedIn")'
        "directive @link(url: String, as: String) on SCHEMA  directive @signedIn on FIELD_DEFINITION | OBJECT"
    )
    found = await admitted(admission(sdl), "{ me { name } }")
    assert [error.path for error in found.left.errors] == [("me",)]
