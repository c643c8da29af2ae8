"""The mall's plans become rows, stage by stage and batch by batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from jobs.seed.catalogue import category_rows, price_rows, product_rows, sku_rows, stock_rows
from jobs.seed.content import Shelf, live_rows, note_rows, stage_rows, video_rows
from jobs.seed.history import History, World
from jobs.seed.keys import Keys
from jobs.seed.mall import ROOT_OF, Mall
from jobs.seed.market import Market
from jobs.seed.people import address_rows, member_row, phone_number, real_name
from jobs.seed.personas import credential_row, platform_staff_rows
from jobs.seed.plans import Habit, LevelPlan
from jobs.seed.promotions import flash_sales, group_buys, popular, shop_promotions
from jobs.seed.seasons import Seasons
from jobs.seed.shops import branch_rows, shelf_rows, shop_rows, staff_rows
from jobs.seed.standing import level_rows, membership_rows
from jobs.seed.wallets import Wallet, offer_rows
from models.base import Row
from models.content.tables import Entry
from models.members.account import Address, Level, Member, Membership
from models.members.privacy import KeeperKey, PersonKey
from models.members.session import Credential
from models.members.staff import PlatformStaff
from models.orders.stock import Stock
from models.orders.wallet import Coupon, CouponOffer
from models.products.tables import Category, PriceChange, Product, ShopCategory, Sku
from models.shops.tables import Branch, Shop, Staff
from models.states import EntryKind

Batch = Mapping[type[Row], Iterable[Mapping[str, Any]]]

_MEMBERS_AT_ONCE = 2_000
_PRODUCTS_AT_ONCE = 4_000


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the mall; `batches` yields about `steps` batches, to be written in order."""

    name: str
    steps: int
    batches: Callable[[Mall], Iterator[Batch]]


def stages(mall: Mall) -> tuple[Stage, ...]:
    """All stages, in the order in which each knows what it needs of those before."""
    keys = mall.keys()
    return (
        Stage("members and orders", -(-len(mall.members) // _MEMBERS_AT_ONCE), partial(_years, keys)),
        Stage("products", -(-len(mall.products) // _PRODUCTS_AT_ONCE), _catalogue),
        Stage("shops", 1, partial(_shops, keys)),
        Stage("promotions", 24 * 8, _promotions),
        Stage("content", 1, _content),
    )


def _years(keys: Keys, mall: Mall) -> Iterator[Batch]:
    world = World(Market(mall.products, ROOT_OF), Seasons(mall.anchor), mall.categories, mall.favourites(), mall.anchor)
    ladders: dict[str | None, Sequence[LevelPlan]] = {shop.id: shop.levels for shop in mall.shops}
    ladders[None] = mall.levels
    dice, phones = mall.dice("years"), mall.dice("numbers")
    for first in range(0, len(mall.members), _MEMBERS_AT_ONCE):
        rows: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
        for member in mall.members[first : first + _MEMBERS_AT_ONCE]:
            phone = mall.phones.get(member.persona) or phone_number(phones)
            person = keys.person(member.id)
            rows[Member].append(member_row(member, phone, person, dice))
            rows[Address].extend(address_rows(member, phone, person, dice))
            if member.persona:
                rows[Credential].append(credential_row(member, phone, keys.hash_key(), mall.seed, dice))
            wallet = Wallet(member, mall.offers, dice, mall.anchor)
            history = History(member, world, wallet, mall.tally, dice)
            history.write(rows)
            rows[Coupon].extend(wallet.rows(mall.tally))
            rows[Membership].extend(membership_rows(member, history.spent, ladders, dice))
        rows[PersonKey].extend(keys.person_rows())
        yield rows


def _catalogue(mall: Mall) -> Iterator[Batch]:
    yield {Category: category_rows(mall.products, mall.categories, mall.tally)}
    dice = mall.dice("catalogue")
    for first in range(0, len(mall.products), _PRODUCTS_AT_ONCE):
        plans = mall.products[first : first + _PRODUCTS_AT_ONCE]
        yield {
            Product: product_rows(plans, mall.categories, mall.tally, dice),
            Sku: sku_rows(plans),
            PriceChange: price_rows(plans, dice),
            Stock: stock_rows(plans, dice, mall.anchor),
        }


def _shops(keys: Keys, mall: Mall) -> Iterator[Batch]:
    dice = mall.dice("shop rows")
    names, helpers = [real_name(dice) for _ in mall.staff], mall.dice("helpers")
    more = [real_name(helpers) for _ in mall.helpers]
    yield {
        Shop: shop_rows(mall.shops, mall.products, mall.tally, dice),
        Branch: branch_rows(mall.shops, dice),
        ShopCategory: shelf_rows(mall.shops),
        Staff: chain(staff_rows(mall.staff, names, keys, dice), staff_rows(mall.helpers, more, keys, helpers)),
        PlatformStaff: platform_staff_rows(keys, dice, min(shop.opened_at for shop in mall.shops)),
        Level: level_rows(mall.levels, mall.shops),
        CouponOffer: offer_rows(mall.offers, mall.tally, dice),
    }
    yield {PersonKey: keys.person_rows(), KeeperKey: keys.keeper_rows}


def _promotions(mall: Mall) -> Iterator[Batch]:
    best = popular(mall.products, mall.tally.sales)
    buyers = [member for member in mall.members if member.habit in (Habit.NEW, Habit.ACTIVE) and not member.persona]
    yield from flash_sales(mall.size, best, mall.dice("flash sales"), mall.anchor)
    yield from _together(shop_promotions(mall.shops, mall.products, mall.dice("promotions"), mall.anchor))
    yield from _together(group_buys(mall.size, best, buyers, mall.dice("groups"), mall.anchor))


def _together(batches: Iterable[Mapping[type[Any], Sequence[dict[str, Any]]]]) -> Iterator[Batch]:
    rows: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
    for batch in batches:
        for model, some in batch.items():
            rows[model].extend(some)
    yield rows


def _content(mall: Mall) -> Iterator[Batch]:
    dice = mall.dice("content")
    shelf = Shelf.of(mall.products, ROOT_OF, mall.categories, mall.tally.sales, mall.anchor)
    authors = [member for member in mall.members if member.orders and not member.persona]
    live = live_rows(mall.size, mall.shops, shelf, dice)
    rooms = [entry["id"] for entry in live[Entry] if entry["kind"] is EntryKind.LIVE_ROOM]
    yield from _together(
        (
            live,
            note_rows(mall.size, shelf, authors, dice),
            video_rows(mall.size, shelf, dice),
            stage_rows(shelf, rooms, dice),
        )
    )
