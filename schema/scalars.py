"""Values that every subgraph shares: long integers, money, coordinates, pages of lists."""

from enum import StrEnum
from typing import Generic, NewType, TypeVar

import strawberry
from graphql import GraphQLError
from strawberry import ID, federation
from strawberry.scalars import JSON
from strawberry.schema.config import StrawberryConfig

from kit.page import Page
from resolvers.lists import total_counts
from schema.access import ANYONE, shown

__all__ = [
    "ID",
    "JSON",
    "Connection",
    "Coordinate",
    "CurrencyCode",
    "Edge",
    "Long",
    "Money",
    "Page",
    "PageInfo",
    "Place",
]

LONG_LIMIT = 2**53
UNUSUAL_LONG = f"{{0}}.__class__ is not int or not -{LONG_LIMIT} < {{0}} < {LONG_LIMIT}"
"""True of what is no Long as it is, as code with `{0}` for the value."""

Long = NewType("Long", int)


def _whole_number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not -LONG_LIMIT < value < LONG_LIMIT:
        raise GraphQLError("Long cannot represent what is no whole number between -2^53 and 2^53.")
    return value


CONFIG = StrawberryConfig(
    scalar_map={
        Long: strawberry.scalar(
            name="Long",
            description="A whole number |n| < 2^53, exact in JavaScript; Int ends at 21 million yuan in fen.",
            serialize=_whole_number,
            parse_value=_whole_number,
        )
    }
)


@strawberry.enum(description="Currencies by ISO 4217 (币种).")
class CurrencyCode(StrEnum):
    CNY = "CNY"


@federation.type(shareable=True, description="An amount of money (金额).")
class Money:
    amount: Long = shown(to=ANYONE, says="In minor units: fen (分) of CNY, so 1990 is 19.90 yuan.")
    currency: CurrencyCode = shown(to=ANYONE, says="The currency of the amount.")


@federation.type(shareable=True, description="A point on the map (坐标), GCJ-02 as maps in China use it.")
class Place:
    latitude: float = shown(to=ANYONE, says="Degrees north.")
    longitude: float = shown(to=ANYONE, says="Degrees east.")


@federation.input(description="A point on the map (坐标), GCJ-02 as wx.getLocation gives it with type gcj02.")
class Coordinate:
    latitude: float = federation.field(description="Degrees north, from -90 to 90.")
    longitude: float = federation.field(description="Degrees east, from -180 to 180.")


@federation.type(shareable=True, description="Where a page of a list begins and ends.")
class PageInfo:
    has_next_page: bool = shown(to=ANYONE, says="Whether there is more: ask again with after = endCursor.")
    has_previous_page: bool = shown(to=ANYONE, says="Whether the page is not the first.")
    start_cursor: str | None = shown(to=ANYONE, says="The cursor of its first row.")
    end_cursor: str | None = shown(to=ANYONE, says="The cursor of its last row.")


Node = TypeVar("Node")


@federation.type(shareable=True, description="A row of a list.")
class Edge(Generic[Node]):
    node: Node = shown(to=ANYONE, says="The row itself.")
    cursor: str = shown(to=ANYONE, says="Its place in the list.")


@federation.type(shareable=True, description="A page of a list (Relay connection).")
class Connection(Generic[Node]):
    edges: list[Edge[Node]] = shown(to=ANYONE, says="The rows of the page, in order.")
    page_info: PageInfo = shown(to=ANYONE, says="Where the page begins and ends.")
    total_count: int | None = shown(
        to=ANYONE, by=total_counts, says="How many there are in all; counted only when asked for."
    )
