"""What the mall is made of before it becomes rows: kept in memory, so as slim as it can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from jobs.seed.words import Item, Leaf
from jobs.seed.words.places import Place
from models.states import StaffRole, Trade


@dataclass(frozen=True, slots=True)
class BranchPlan:
    id: str
    place: Place
    address: str
    latitude: int
    longitude: int
    delivery_fee: int


@dataclass(frozen=True, slots=True)
class LevelPlan:
    id: str
    name: str
    rank: int
    percent: int
    threshold: int


@dataclass(frozen=True, slots=True)
class ShopPlan:
    index: int
    id: str
    name: str
    trade: Trade
    specialty: str
    """A root's slug, or a leaf's where a shop lives from one leaf."""
    city: str
    opened_at: datetime
    quality: int
    """Hundredths of a star that its reviews hover about."""
    branches: tuple[BranchPlan, ...]
    shelves: tuple[tuple[str, str], ...]
    """Id and name."""
    levels: tuple[LevelPlan, ...]
    """Lowest first; empty where the shop has no members of its own."""


@dataclass(frozen=True, slots=True)
class SkuPlan:
    id: str
    options: str
    """JSON."""
    price: int
    list_price: int | None
    former: int
    """Its price before `changed_at`."""
    changed_at: datetime | None

    def price_at(self, moment: datetime) -> int:
        """What it cost at `moment`."""
        return self.former if self.changed_at and moment < self.changed_at else self.price


@dataclass(frozen=True, slots=True)
class ProductPlan:
    index: int
    id: str
    shop: ShopPlan
    shelf_id: str
    leaf: Leaf
    item: Item
    picture: int
    name: str
    origin: str
    listed: bool
    listed_at: datetime
    appeal: int
    """How often it is bought, relative to others."""
    skus: tuple[SkuPlan, ...]

    @property
    def image(self) -> str:
        return picture(self, 1)

    @property
    def cheapest(self) -> SkuPlan:
        return min(self.skus, key=lambda sku: sku.price)


def picture(product: ProductPlan, number: int) -> str:
    """Address of a product's picture."""
    return f"https://img.jishi.example/product/{product.leaf.slug}-{product.picture:03d}-{number}.jpg"


class Habit(IntEnum):
    """How a member buys."""

    NEVER = 0
    NEW = 1
    ACTIVE = 2
    DORMANT = 3


@dataclass(frozen=True, slots=True)
class MemberPlan:
    id: str
    nickname: str
    avatar: str
    city: str
    joined_at: datetime
    habit: Habit
    orders: int
    persona: str = ""


@dataclass(frozen=True, slots=True)
class StaffPlan:
    shop: ShopPlan
    member: MemberPlan
    role: StaffRole


@dataclass(frozen=True, slots=True)
class OfferPlan:
    """A coupon that may be taken."""

    id: str
    shop_id: str | None
    title: str
    amount: int
    threshold: int
    per_member: int
    valid_days: int
    starts_at: datetime
    ends_at: datetime
    position: int


@dataclass(slots=True)
class Tally:
    """What the orders add up to; the only plan that grows."""

    sales: list[int]
    rating_sum: list[int]
    rating_count: list[int]
    taken: dict[str, int]
    """Coupons taken by offer id."""

    @classmethod
    def of(cls, products: int) -> Tally:
        return cls([0] * products, [0] * products, [0] * products, {})
