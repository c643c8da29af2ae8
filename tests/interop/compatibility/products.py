"""The products subgraph of @apollo/federation-subgraph-compatibility, built with our runtime.

`python -m tests.interop.compatibility.products --port N` serves it. Its schema is `products.graphql` of that package.
"""

import argparse
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry import federation
from strawberry.schema_directive import Location

from kit.settings import Settings
from resolvers.context import Batch, BatchFunction
from schema.access import ANYONE, shown
from schema.entity import REFERENCE, ROWS
from schema.scalars import CONFIG, ID
from subgraphs.door import ROUTER_HEADER
from subgraphs.runtime import Subgraph
from subgraphs.service import application
from tests.support.servers import ROUTER_SECRET

ROUTER = ROUTER_HEADER.encode()

Type = TypeVar("Type", bound=type)
Representation = Mapping[str, Any]


@dataclasses.dataclass
class VariationRow:
    id: str


@dataclasses.dataclass
class DimensionRow:
    size: str
    weight: float
    unit: str


@dataclasses.dataclass
class StudyRow:
    case_number: str
    description: str


@dataclasses.dataclass
class ResearchRow:
    study: StudyRow
    outcome: str | None = None


@dataclasses.dataclass
class UserRow:
    email: str
    name: str = "Jane Smith"
    total_products_created: int | None = 1337
    years_of_employment: int = 10


@dataclasses.dataclass
class ProductRow:
    id: str
    sku: str
    package: str
    variation: VariationRow
    research: list[ResearchRow]
    dimensions: DimensionRow = dataclasses.field(default_factory=lambda: DimensionRow("small", 1, "kg"))
    created_by: UserRow = dataclasses.field(default_factory=lambda: UserRow("support@apollographql.com"))
    notes: str | None = None


@dataclasses.dataclass
class DeprecatedRow:
    sku: str
    package: str
    reason: str
    created_by: UserRow


@dataclasses.dataclass
class InventoryRow:
    id: str
    deprecated_products: list[DeprecatedRow]


RESEARCH = [ResearchRow(StudyRow("1234", "Federation Study")), ResearchRow(StudyRow("1235", "Studio Study"))]
PRODUCTS = [
    ProductRow("apollo-federation", "federation", "@apollo/federation", VariationRow("OSS"), RESEARCH[:1]),
    ProductRow("apollo-studio", "studio", "", VariationRow("platform"), RESEARCH[1:]),
]
DEPRECATED = DeprecatedRow(
    "apollo-federation-v1", "@apollo/federation-v1", "Migrate to Federation V2", UserRow("support@apollographql.com")
)


@dataclasses.dataclass(frozen=True)
class ById:
    id: str


@dataclasses.dataclass(frozen=True)
class ByName:
    sku: str
    package: str


async def products_by_id(rows: Sequence[Any], args: ById) -> list[ProductRow | None]:
    return [next((product for product in PRODUCTS if product.id == args.id), None) for _ in rows]


async def deprecated_by_name(rows: Sequence[Any], args: ByName) -> list[DeprecatedRow | None]:
    return [_deprecated(args.sku, args.package) for _ in rows]


async def products_by_key(keys: Sequence[Representation]) -> list[ProductRow | None]:
    def wanted(product: ProductRow, key: Representation) -> bool:
        if "id" in key:
            return bool(product.id == key["id"])
        if "package" in key:
            return bool((product.sku, product.package) == (key["sku"], key["package"]))
        return bool((product.sku, product.variation.id) == (key["sku"], key["variation"]["id"]))

    return [next((product for product in PRODUCTS if wanted(product, key)), None) for key in keys]


async def deprecated_by_key(keys: Sequence[Representation]) -> list[DeprecatedRow | None]:
    return [_deprecated(key["sku"], key["package"]) for key in keys]


def _deprecated(sku: str, package: str) -> DeprecatedRow | None:
    return DEPRECATED if (sku, package) == (DEPRECATED.sku, DEPRECATED.package) else None


async def research_by_key(keys: Sequence[Representation]) -> list[ResearchRow | None]:
    known = {research.study.case_number: research for research in RESEARCH}
    return [known.get(key["study"]["caseNumber"]) for key in keys]


async def users_by_key(keys: Sequence[Representation]) -> list[UserRow]:
    return [
        UserRow(
            key["email"],
            total_products_created=key.get("totalProductsCreated", 1337),
            years_of_employment=key.get("yearsOfEmployment", 10),
        )
        for key in keys
    ]


async def inventories_by_key(keys: Sequence[Representation]) -> list[InventoryRow]:
    return [InventoryRow(key["id"], [DEPRECATED]) for key in keys]


async def averages(rows: Sequence[UserRow]) -> list[int | None]:
    return [
        row.total_products_created // row.years_of_employment if row.total_products_created else None for row in rows
    ]


def rows(row: type, *, by: BatchFunction) -> Callable[[Type], Type]:
    """The entity's objects are such rows, and `by` resolves its representations: what `schema.entity` says of ours."""

    def declare(cls: Type) -> Type:
        cls.is_type_of = classmethod(lambda _, value, info: isinstance(value, row))  # type: ignore[attr-defined]
        setattr(cls, REFERENCE, Batch.of(by))
        setattr(cls, ROWS, ANYONE)
        return cls

    return declare


@federation.schema_directive(
    locations=[Location.OBJECT], name="custom", compose=True, import_url="https://myspecs.dev/myCustomDirective/v1.0"
)
class Custom:
    pass


@federation.type(description="A variation.")
class ProductVariation:
    id: ID = shown(to=ANYONE, says="Its id.")


@federation.type(shareable=True, description="How large and heavy it is.")
class ProductDimension:
    size: str | None = shown(to=ANYONE, says="Its size.")
    weight: float | None = shown(to=ANYONE, says="Its weight.")
    unit: str | None = shown(to=ANYONE, says="The unit of its weight.", inaccessible=True)


@federation.type(description="A study.")
class CaseStudy:
    case_number: ID = shown(to=ANYONE, says="Its number.")
    description: str | None = shown(to=ANYONE, says="What it is about.")


@federation.type(keys=["study { caseNumber }"], description="Research on a product.")
@rows(ResearchRow, by=research_by_key)
class ProductResearch:
    study: CaseStudy = shown(to=ANYONE, says="The study.")
    outcome: str | None = shown(to=ANYONE, says="What came out.")


@federation.type(keys=["email"], extend=True)
@rows(UserRow, by=users_by_key)
class User:
    email: ID = shown(to=ANYONE, says="Their address.", external=True)
    name: str | None = shown(to=ANYONE, says="Their name.", override="users")
    total_products_created: int | None = shown(to=ANYONE, says="How many they made.", external=True)
    years_of_employment: int = shown(to=ANYONE, says="For how long.", external=True)
    average_products_created_per_year: int | None = shown(
        to=ANYONE, by=averages, says="How many a year.", requires=["totalProductsCreated", "yearsOfEmployment"]
    )


@federation.type(keys=["id", "sku package", "sku variation { id }"], directives=[Custom()], description="What is made.")
@rows(ProductRow, by=products_by_key)
class Product:
    id: ID = shown(to=ANYONE, says="Its id.")
    sku: str | None = shown(to=ANYONE, says="Its number in stock.")
    package: str | None = shown(to=ANYONE, says="Its package.")
    variation: ProductVariation | None = shown(to=ANYONE, says="Its variation.")
    dimensions: ProductDimension | None = shown(to=ANYONE, says="How large it is.")
    created_by: User | None = shown(to=ANYONE, says="Who made it.", provides=["totalProductsCreated"])
    notes: str | None = shown(to=ANYONE, says="Notes.", tags=["internal"])
    research: list[ProductResearch] = shown(to=ANYONE, says="Research on it.")


@federation.type(keys=["sku package"], description="What is no longer made.")
@rows(DeprecatedRow, by=deprecated_by_key)
class DeprecatedProduct:
    sku: str = shown(to=ANYONE, says="Its number in stock.")
    package: str = shown(to=ANYONE, says="Its package.")
    reason: str | None = shown(to=ANYONE, says="Why it is no longer made.")
    created_by: User | None = shown(to=ANYONE, says="Who made it.")


@federation.interface_object(keys=["id"], description="What is in stock.")
@rows(InventoryRow, by=inventories_by_key)
class Inventory:
    id: ID = shown(to=ANYONE, says="Its id.")
    deprecated_products: list[DeprecatedProduct] = shown(to=ANYONE, says="What is no longer made.")


@federation.type(extend=True)
class Query:
    product: Product | None = shown(to=ANYONE, by=products_by_id, says="A product.", inputs={"id": ID})
    deprecated_product: DeprecatedProduct | None = shown(
        to=ANYONE, by=deprecated_by_name, says="One of old.", deprecation_reason="Use product query instead"
    )


subgraph = Subgraph("products", query=Query, types=[User, ProductResearch, Inventory], config=CONFIG, version="2.3")


def opened(app: ASGIApp) -> ASGIApp:
    """The subgraph for everybody: each request comes as from a router that it knows."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            others = [(name, value) for name, value in scope["headers"] if name != ROUTER]
            scope["headers"] = [*others, (ROUTER, ROUTER_SECRET.encode())]
        await app(scope, receive, send)

    return asked


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    uvicorn.run(opened(application(subgraph, Settings.read())), port=parser.parse_args().port, access_log=False)
