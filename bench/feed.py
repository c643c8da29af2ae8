"""The feed that executors are measured on: 10 sections of 10 cards, 1,905 leaves, in memory; its strawberry schema.

Each field that needs another row is declared twice, as the two executors want it: a resolver that asks a DataLoader,
and a batch function.
"""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import strawberry
from graphql import DocumentNode, GraphQLSchema, is_object_type, parse
from strawberry.dataloader import DataLoader
from strawberry.types import Info

from federation.execution.compiled import Answer, Answers, Attribute, BatchCall

LEAVES = 1_905
QUERY = """
query Home($first: Int = 10, $withPromo: Boolean = true) {
  home {
    sections(first: $first) {
      id title kind
      cards {
        ...Card
        shop { ...ShopF }
        promotion @include(if: $withPromo) { label price }
        memberPrice
      }
    }
  }
}
fragment Card on Product { id title subtitle image price originalPrice sales stock rating isNew category url }
fragment ShopF on Shop { id name logo rating }
"""
VARIABLES = {"first": 10, "withPromo": True}

_random = random.Random(7)


@strawberry.type
class Shop:
    id: strawberry.ID
    name: str
    logo: str | None
    rating: float | None


@strawberry.type
class Promotion:
    label: str
    price: int


SHOPS = {
    f"s{number}": Shop(
        id=strawberry.ID(f"s{number}"),
        name=f"Shop number {number}",
        logo=f"https://cdn.example.com/l/{number}.png",
        rating=round(3 + _random.random() * 2, 2),
    )
    for number in range(30)
}


async def _shops(keys: Sequence[str]) -> list[Shop | None]:
    return [SHOPS.get(key) for key in keys]


async def _promotions(keys: Sequence[str]) -> list[Promotion | None]:
    return [PROMOTIONS.get(key) for key in keys]


async def _member_prices(keys: Sequence[str]) -> list[int | None]:
    return [MEMBER_PRICES.get(key) for key in keys]


@dataclass(slots=True)
class Loaders:
    """The DataLoaders of one request of the stock stack."""

    shops: DataLoader[str, Shop | None] = field(default_factory=lambda: DataLoader(_shops))  # type: ignore[arg-type]
    promotions: DataLoader[str, Promotion | None] = field(
        default_factory=lambda: DataLoader(_promotions)  # type: ignore[arg-type]
    )
    prices: DataLoader[str, int | None] = field(
        default_factory=lambda: DataLoader(_member_prices)  # type: ignore[arg-type]
    )


async def shop_of(root: Any, info: Info[Loaders, Any]) -> Shop | None:
    return await info.context.shops.load(root.shop_id)


async def promotion_of(root: Any, info: Info[Loaders, Any]) -> Promotion | None:
    return await info.context.promotions.load(root.id)


async def member_price_of(root: Any, info: Info[Loaders, Any]) -> int | None:
    return await info.context.prices.load(root.id)


async def shops_of(rows: Sequence[Any], arguments: Mapping[str, Any], context: Any) -> Sequence[Shop | None]:
    return await _shops([row.shop_id for row in rows])


async def promotions_of(rows: Sequence[Any], arguments: Mapping[str, Any], context: Any) -> Sequence[Promotion | None]:
    return await _promotions([row.id for row in rows])


async def member_prices_of(rows: Sequence[Any], arguments: Mapping[str, Any], context: Any) -> Sequence[int | None]:
    return await _member_prices([row.id for row in rows])


@strawberry.type
class Product:
    id: strawberry.ID
    title: str
    subtitle: str | None
    image: str | None
    price: int
    original_price: int | None
    sales: int
    stock: int
    rating: float | None
    is_new: bool
    category: str | None
    url: str | None
    shop_id: strawberry.Private[str]
    shop: Shop | None = strawberry.field(resolver=shop_of, metadata={"batch": shops_of})
    promotion: Promotion | None = strawberry.field(resolver=promotion_of, metadata={"batch": promotions_of})
    member_price: int | None = strawberry.field(resolver=member_price_of, metadata={"batch": member_prices_of})


def _product(number: int) -> Product:
    return Product(
        id=strawberry.ID(f"p{number}"),
        title=f"Product title number {number}, 商品",
        subtitle=f"subtitle {number}",
        image=f"https://cdn.example.com/p/{number}.jpg",
        price=_random.randint(100, 99_999),
        original_price=_random.randint(100, 99_999),
        sales=_random.randint(0, 10_000),
        stock=_random.randint(0, 500),
        rating=round(_random.random() * 5, 2),
        is_new=number % 3 == 0,
        category=f"cat{number % 7}",
        url=f"/pages/product/index?id={number}",
        shop_id=f"s{_random.randrange(30)}",
    )


PRODUCTS = [_product(number) for number in range(1, 101)]
PROMOTIONS = {
    str(one.id): Promotion(label=f"-{number % 5 * 10}%", price=one.price * 9 // 10)
    for number, one in enumerate(PRODUCTS)
    if number % 4 != 3
}
MEMBER_PRICES = {str(one.id): one.price * 95 // 100 for one in PRODUCTS}


@strawberry.type
class Section:
    id: strawberry.ID
    title: str
    kind: str
    cards: list[Product]


def _sections(root: Any, first: int | None = 10) -> list[Section]:
    return SECTIONS[:first]


async def sections_of(rows: Sequence[Any], arguments: Mapping[str, Any], context: Any) -> Sequence[list[Section]]:
    return [SECTIONS[: arguments["first"]] for _ in rows]


@strawberry.type
class Home:
    sections: list[Section] = strawberry.field(resolver=_sections, metadata={"batch": sections_of})


SECTIONS = [
    Section(
        id=strawberry.ID(f"sec{number}"),
        title=f"Section {number}",
        kind="GRID",
        cards=PRODUCTS[number % 10 * 10 : number % 10 * 10 + 10],
    )
    for number in range(500)
]
"""Ten make the feed; more of them a bigger one."""

HOME = Home()


async def home_of(rows: Sequence[Any], arguments: Mapping[str, Any], context: Any) -> Sequence[Home]:
    return [HOME for _ in rows]


def _home() -> Home:
    return HOME


@strawberry.type
class Query:
    home: Home = strawberry.field(resolver=_home, metadata={"batch": home_of})


SCHEMA = strawberry.Schema(query=Query)


@cache
def document(query: str) -> DocumentNode:
    """A parsed query, which need not be validated again."""
    return parse(query)


def answers(schema: GraphQLSchema) -> Answers:
    """Each field's answer for the compiler: its batch function, or its attribute."""
    found: dict[tuple[str, str], Answer] = {}
    for type_ in schema.type_map.values():
        if is_object_type(type_) and not type_.name.startswith("__"):
            for name, declared in type_.fields.items():
                known = declared.extensions["strawberry-definition"]
                batch: Callable[..., Awaitable[Sequence[Any]]] | None = known.metadata.get("batch")
                how = BatchCall(batch) if batch else Attribute(known.python_name)
                found[type_.name, name] = Answer(how)
    return Answers(found, types_by_class=True)
