"""Shops, their branches, and the rows of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from jobs.seed.dice import Dice
from jobs.seed.keys import Keys
from jobs.seed.plans import BranchPlan, LevelPlan, ProductPlan, ShopPlan, StaffPlan, Tally
from jobs.seed.size import Size
from jobs.seed.words.places import BUILDINGS, PLACES, Place
from jobs.seed.words.trades import NOTICES, SHELVES, SPECIALTIES, TEMPLATES, VOICES
from models.states import ShopState, Trade

_PREPARATION = {Trade.RETAIL: 9, Trade.FRESH: 7, Trade.RESTAURANT: 12}
"""Minutes at least until the rider leaves; trades that are not here deliver nothing."""
_LEVELS = (("普通会员", 98, 0), ("银卡会员", 95, 500), ("金卡会员", 92, 2_000))
_HOURS = {
    Trade.RETAIL: ("10:00", "22:00"),
    Trade.FRESH: ("07:00", "22:00"),
    Trade.RESTAURANT: ("10:00", "21:30"),
    Trade.HOME_SERVICE: ("08:00", "20:00"),
    Trade.HOTEL: ("00:00", "00:00"),
}
_AREA_CODES = {"上海": "021", "北京": "010", "广州": "020", "深圳": "0755", "杭州": "0571", "成都": "028"}


def plan_shops(size: Size, dice: Dice, anchor: datetime) -> list[ShopPlan]:
    """Every shop of the mall; the first two shops of Shanghai stand at People's Square."""
    names: set[str] = set()
    streets: Counter[str] = Counter()
    shops: list[ShopPlan] = []
    for trade, stock in size.trades.items():
        for number in range(stock.shops):
            city = size.cities[number % len(size.cities)]
            specialties = SPECIALTIES[trade]
            specialty = specialties[number % len(specialties)]
            name = _fresh_name(dice, specialty, city, names)
            shops.append(_shop(len(shops), name, trade, specialty, city, dice, anchor, streets))
    return shops


def _fresh_name(dice: Dice, specialty: str, city: str, taken: set[str]) -> str:
    """A name that no other shop has: word and suffix, then with the city, then with a number as chains do."""
    voice = VOICES[specialty]
    for attempt in count():
        word, suffix = dice.choice(voice.words), dice.choice(voice.suffixes)
        name = f"{word}{suffix}"
        if attempt >= 8:
            name = f"{name}（{city}店）"
        if attempt >= 16:
            name = f"{word}{suffix}（{city}{attempt - 14}店）"
        if name not in taken and (attempt >= 8 or not any(word in other for other in taken)):
            taken.add(name)
            return name
    raise AssertionError("counting never ends")


def _shop(
    index: int, name: str, trade: Trade, specialty: str, city: str, dice: Dice, anchor: datetime, streets: Counter[str]
) -> ShopPlan:
    opened_at = dice.between(anchor - timedelta(days=2_400), anchor - timedelta(days=420))
    levels = _LEVELS if index < 2 or (trade is not Trade.HOME_SERVICE and dice.hit(60)) else ()
    return ShopPlan(
        index=index,
        id=dice.id("shp", opened_at),
        name=name,
        trade=trade,
        specialty=specialty,
        city=city,
        opened_at=opened_at,
        quality=dice.bell(452, 494),
        branches=tuple(_branch(trade, dice, opened_at, place) for place in _streets(city, trade, dice, streets)),
        shelves=tuple((dice.id("sct", opened_at), shelf) for shelf in SHELVES[trade]),
        levels=tuple(
            LevelPlan(dice.id("lvl", opened_at), level, rank, percent, threshold)
            for rank, (level, percent, threshold) in enumerate(levels, start=1)
        ),
    )


def _streets(city: str, trade: Trade, dice: Dice, used: Counter[str]) -> Iterator[Place]:
    """The shop's streets: deliverers take the city's first streets in turn, others any."""
    places = PLACES[city]
    branches = 1 if trade in (Trade.HOTEL, Trade.HOME_SERVICE) else dice.choice((1, 1, 2, 2, 3))
    first = used[city] % len(places) if trade in _PREPARATION else dice.randrange(len(places))
    used[city] += trade in _PREPARATION
    yield places[first]
    for step in range(1, branches):
        yield places[(first + step * 5 + dice.randrange(5)) % len(places)]


def _branch(trade: Trade, dice: Dice, opened_at: datetime, place: Place) -> BranchPlan:
    building = dice.choice(BUILDINGS)
    delivers = trade in _PREPARATION
    return BranchPlan(
        id=dice.id("brn", opened_at),
        place=place,
        address=f"{place.city}市{place.district}{place.street}{dice.randint(8, 980)}号{building}{dice.randint(1, 3)}层",
        # A street is long: up to some 200 m along it.
        latitude=place.latitude + dice.randint(-1_800, 1_800),
        longitude=place.longitude + dice.randint(-2_000, 2_000),
        delivery_fee=dice.choice((0, 300, 400, 500, 600)) if delivers else 0,
    )


def shop_rows(
    shops: Sequence[ShopPlan], products: Sequence[ProductPlan], tally: Tally, dice: Dice
) -> Iterator[dict[str, Any]]:
    """Rows of `Shop`, rated by what buyers said of their products."""
    sums: Counter[int] = Counter()
    counts: Counter[int] = Counter()
    sold: Counter[int] = Counter()
    for plan in products:
        sums[plan.shop.index] += tally.rating_sum[plan.index]
        counts[plan.shop.index] += tally.rating_count[plan.index]
        sold[plan.shop.index] += tally.sales[plan.index]
    for shop in shops:
        voice = VOICES[shop.specialty]
        rated = counts[shop.index]
        yield {
            "id": shop.id,
            "name": shop.name,
            "slogan": dice.choice(voice.slogans),
            "trade": shop.trade,
            "city": shop.city,
            "logo": f"https://img.jishi.example/shop/{shop.specialty}-{shop.index:04d}-logo.png",
            "state": ShopState.OPEN,
            "rating": (sums[shop.index] + rated // 2) // rated if rated else shop.quality,
            "rating_count": rated,
            "followers": sold[shop.index] * 3 + dice.randint(40, 400),
            "decoration": {
                "theme_color": dice.choice(voice.colours),
                "cover": f"https://img.jishi.example/shop/{shop.specialty}-{shop.index:04d}-cover.jpg",
                "notice": dice.choice(NOTICES),
                "template": dice.choice(TEMPLATES),
            },
            "opened_at": shop.opened_at,
        }


def branch_rows(shops: Sequence[ShopPlan], dice: Dice) -> Iterator[dict[str, Any]]:
    """Rows of `Branch`."""
    for shop in shops:
        opens, closes = _HOURS[shop.trade]
        delivers = shop.trade in _PREPARATION
        for branch in shop.branches:
            yield {
                "id": branch.id,
                "shop_id": shop.id,
                "name": f"{branch.place.street}店",
                "city": shop.city,
                "district": branch.place.district,
                "address": branch.address,
                "phone": f"{_AREA_CODES[shop.city]}-{dice.randint(20_000_000, 89_999_999)}",
                "latitude": branch.latitude,
                "longitude": branch.longitude,
                "opening_hours": [{"days": [1, 2, 3, 4, 5, 6, 7], "opens": opens, "closes": closes}],
                "delivers": delivers,
                "delivery_metres": dice.choice((3_000, 3_500, 4_000, 5_000)) if delivers else 0,
                "delivery_minimum": dice.choice((1_500, 2_000, 2_900)) if delivers else 0,
                "delivery_fee": branch.delivery_fee,
                "preparation_minutes": _PREPARATION.get(shop.trade, 0) + dice.randint(0, 4) if delivers else 0,
            }


def shelf_rows(shops: Sequence[ShopPlan]) -> Iterator[dict[str, Any]]:
    """Rows of `ShopCategory`."""
    for shop in shops:
        for position, (shelf_id, name) in enumerate(shop.shelves, start=1):
            yield {"id": shelf_id, "shop_id": shop.id, "name": name, "position": position}


def staff_rows(staff: Sequence[StaffPlan], names: Sequence[str], keys: Keys, dice: Dice) -> Iterator[dict[str, Any]]:
    """Rows of `Staff`."""
    for person, name in zip(staff, names, strict=True):
        since = max(person.shop.opened_at, person.member.joined_at)
        id_ = dice.id("stf", since)
        known = keys.person(person.member.id, person.shop.id)
        yield {
            "id": id_,
            "shop_id": person.shop.id,
            "member_id": person.member.id,
            "role": person.role,
            "name_sealed": known.seal(name, "staff", "name_sealed", id_),
            "since": since,
        }
