"""A contract hides what its tags do not let in, and keeps it for the engine."""

from __future__ import annotations

from graphql import ObjectTypeDefinitionNode, parse

from federation.composition import Contract, SubgraphSource, compose
from tests.federation.composition.mistakes import LINKED

SHOP = SubgraphSource(
    "shop",
    "http://shop.invalid",
    LINKED
    + """
    type Query {
      products(by: Sort): [Product!]! @tag(name: "public")
      audit: Audit
      report: Report @tag(name: "partner")
    }
    type Product @key(fields: "id") @tag(name: "public") { id: ID! name: String cost: Int @tag(name: "internal") }
    type Audit { note: String }
    type Report @tag(name: "partner") { total: Int }
    enum Sort { NAME COST @tag(name: "internal") }
    """,
)
STOCK = SubgraphSource(
    "stock",
    "http://stock.invalid",
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])'
    ' type Product @key(fields: "id") { id: ID! stock: Int }',
)


def hidden(sdl: str | None) -> set[str]:
    """Coordinates of types, fields and values that are @inaccessible."""
    assert sdl is not None
    found = set()
    for one in parse(sdl).definitions:
        for part in (*(getattr(one, "fields", None) or ()), *(getattr(one, "values", None) or ())):
            if any(directive.name.value == "inaccessible" for directive in part.directives or ()):
                found.add(f"{one.name.value}.{part.name.value}")
        if any(directive.name.value == "inaccessible" for directive in getattr(one, "directives", None) or ()):
            found.add(one.name.value)
    return found


def test_contract_hides_what_its_tag_does_not_let_in_and_what_is_then_out_of_reach() -> None:
    composition = compose([SHOP, STOCK], Contract(include=frozenset({"public"}), exclude=frozenset({"internal"})))
    assert hidden(composition.sdl) == {
        *("Query.audit", "Query.report", "Product.cost", "Sort.COST"),
        *("Audit", "Audit.note", "Report", "Report.total"),
    }


def test_contract_without_included_tags_lets_in_all_but_the_excluded() -> None:
    composition = compose([SHOP, STOCK], Contract(exclude=frozenset({"internal", "partner"})))
    assert hidden(composition.sdl) == {"Product.cost", "Sort.COST", "Query.report", "Report"}


def test_contract_keeps_what_the_engine_needs() -> None:
    composition = compose([SHOP, STOCK], Contract(include=frozenset({"partner"})))
    assert composition.sdl is not None
    products = [
        one
        for one in parse(composition.sdl).definitions
        if isinstance(one, ObjectTypeDefinitionNode) and one.name.value == "Product"
    ]
    assert [field.name.value for field in products[0].fields] == ["id", "name", "cost", "stock"]


def test_contract_that_lets_in_a_field_but_not_its_type_is_refused() -> None:
    composition = compose([SHOP, STOCK], Contract(include=frozenset({"public"}), exclude=frozenset({"public"})))
    assert composition.sdl is None
    assert {error.code for error in composition.errors} == {"ONLY_INACCESSIBLE_CHILDREN"}


def test_contract_of_everything_is_the_supergraph() -> None:
    assert compose([SHOP, STOCK], Contract()).sdl == compose([SHOP, STOCK]).sdl
