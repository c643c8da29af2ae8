"""A year of orders: what each member bought, when, and what it says about products and tastes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jobs.seed.dice import Dice, Wheel
from jobs.seed.market import LOCAL, Market
from jobs.seed.plans import Habit, MemberPlan, ProductPlan, ShopPlan, SkuPlan, Tally
from jobs.seed.seasons import DAYS, Seasons
from jobs.seed.wallets import Wallet
from kit.money import Money, split
from models.members.account import Viewing
from models.orders.order import OrderLine, ShopOrder, Trade
from models.products.tables import Affinity
from models.states import OrderState
from models.states import Trade as ShopTrade
from services.products.ranking import Interest, learned

_TASTES = Wheel((52, 30, 18))
_QUANTITIES = (1, 1, 1, 1, 1, 1, 2, 2, 3)
_LINES = (1, 1, 1, 1, 1, 2, 2, 2, 3)
_SOLD = (OrderState.PAID, OrderState.SHIPPED, OrderState.COMPLETED)
_VIEWINGS = {Habit.NEVER: 2, Habit.NEW: 6, Habit.ACTIVE: 6, Habit.DORMANT: 2}
_PERSONA_TASTES = {"buyer": ("babyfood", "diaper", "fruit"), "dormant": ("skincare", "snack", "tea")}

Rows = dict[type[Any], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class World:
    """What orders are made from."""

    market: Market
    seasons: Seasons
    categories: dict[str, str]
    favourites: tuple[ShopPlan, ...]
    """Shops that the buyer persona is loyal to."""
    anchor: datetime


@dataclass(frozen=True, slots=True)
class _Line:
    product: ProductPlan
    sku: SkuPlan
    quantity: int


class History:
    """One member's year."""

    def __init__(self, member: MemberPlan, world: World, wallet: Wallet, tally: Tally, dice: Dice) -> None:
        self.member = member
        self.spent: dict[str | None, int] = defaultdict(int)
        """Fen by shop id, and in all under None."""
        self._world = world
        self._wallet = wallet
        self._tally = tally
        self._dice = dice
        self._weights: dict[str, int] = {}
        self._tastes = _PERSONA_TASTES.get(member.persona) or tuple(
            world.market.leaves[world.market.demand.spin(dice)] for _ in range(3)
        )

    def write(self, rows: Rows) -> None:
        """Add the rows of all that the member did."""
        baskets = sorted(self._baskets(), key=lambda basket: basket[0])
        place = 0
        while place < len(baskets):
            # One checkout in eight buys from two shops.
            together = 2 if self._dice.hit(12) else 1
            self._check_out(baskets[place][0], [basket for _, basket in baskets[place : place + together]], rows)
            place += together
        rows[Viewing].extend(self._viewings())
        rows[Affinity].extend(self._affinities())

    def _baskets(self) -> Iterator[tuple[datetime, list[_Line]]]:
        for number in range(self.member.orders):
            moment = self._moment(latest=number == 0)
            first = self._wanted(number, moment)
            yield moment, list(self._lines(first, moment))

    def _moment(self, *, latest: bool) -> datetime:
        """A day of the member's time as a buyer; who is active has bought within the last two months."""
        first = self._world.seasons.day_of(self.member.joined_at) + 1
        last = DAYS - 185 if self.member.habit is Habit.DORMANT else DAYS
        if latest and self.member.habit is Habit.ACTIVE:
            first = max(first, DAYS - 60)
        trade = ShopTrade.RESTAURANT if self._dice.hit(24) else ShopTrade.RETAIL
        return self._world.seasons.draw(self._dice, min(first, last - 1), last, trade)

    def _wanted(self, number: int, moment: datetime) -> ProductPlan:
        market, dice = self._world.market, self._dice
        if self.member.persona == "buyer" and number % 4 != 3:
            shop = self._world.favourites[number % len(self._world.favourites)]
            if product := market.beside(dice, shop, moment):
                return product
        while True:
            taste = self._tastes[_TASTES.spin(dice)] if dice.hit(78) else market.leaves[market.demand.spin(dice)]
            if product := market.find(dice, taste, self.member.city, moment):
                return product

    def _lines(self, first: ProductPlan, moment: datetime) -> Iterator[_Line]:
        dice, seen = self._dice, {first.id}
        yield self._line(first)
        if first.shop.trade in (ShopTrade.HOTEL, ShopTrade.HOME_SERVICE):
            return
        for _ in range(dice.choice(_LINES) - 1):
            other = self._world.market.beside(dice, first.shop, moment)
            if other and other.id not in seen:
                seen.add(other.id)
                yield self._line(other)

    def _line(self, product: ProductPlan) -> _Line:
        single = product.shop.trade in (ShopTrade.HOTEL, ShopTrade.HOME_SERVICE)
        return _Line(product, self._dice.choice(product.skus), 1 if single else self._dice.choice(_QUANTITIES))

    def _check_out(self, moment: datetime, baskets: Sequence[list[_Line]], rows: Rows) -> None:
        trade_id = self._dice.id("trd", moment)
        orders = [self._order(trade_id, moment, basket, rows) for basket in baskets]
        rows[Trade].append(
            {
                "id": trade_id,
                "member_id": self.member.id,
                "payable": sum(order["payable"] for order in orders),
                "placed_at": moment,
            }
        )
        rows[ShopOrder].extend(orders)

    def _order(self, trade_id: str, moment: datetime, basket: list[_Line], rows: Rows) -> dict[str, Any]:
        dice, shop = self._dice, basket[0].product.shop
        order_id = dice.id("ord", moment)
        prices = [line.sku.price_at(moment) for line in basket]
        sums = [price * line.quantity for price, line in zip(prices, basket, strict=True)]
        goods = sum(sums)
        discount = self._wallet.use(order_id, shop, goods, moment)
        state = self._state(moment)
        branch = dice.choice(shop.branches)
        freight = _freight(shop, branch.delivery_fee, goods)
        off = [share.amount for share in split(Money(discount), sums)] if discount else [0] * len(sums)
        rows[OrderLine].extend(
            self._line_row(order_id, line, moment, price, whole - share)
            for line, price, whole, share in zip(basket, prices, sums, off, strict=True)
        )
        payable = goods - discount + freight
        if state in _SOLD:
            self._count(basket, state, moment, payable, shop)
        paid_at = None if state is OrderState.CANCELLED else _after(moment, 40, 900, dice)
        days = 3 if shop.trade in LOCAL else 9
        return {
            "id": order_id,
            "trade_id": trade_id,
            "member_id": self.member.id,
            "shop_id": shop.id,
            "branch_id": branch.id,
            "state": state,
            "goods": goods,
            "discount": discount,
            "freight": freight,
            "payable": payable,
            "placed_at": moment,
            "paid_at": paid_at,
            "completed_at": min(_after(moment, 3_000, days * 86_400, dice), self._world.anchor)
            if state is OrderState.COMPLETED
            else None,
        }

    def _state(self, moment: datetime) -> OrderState:
        age = self._world.anchor - moment
        chance = self._dice.randrange(100)
        if chance < 4:
            return OrderState.CANCELLED
        if chance < 7:
            return OrderState.REFUNDED
        if age < timedelta(days=1):
            return OrderState.PAID
        return OrderState.SHIPPED if age < timedelta(days=3) else OrderState.COMPLETED

    def _line_row(self, order_id: str, line: _Line, moment: datetime, price: int, payable: int) -> dict[str, Any]:
        return {
            "id": self._dice.id("lin", moment),
            "order_id": order_id,
            "shop_id": line.product.shop.id,
            "product_id": line.product.id,
            "sku_id": line.sku.id,
            "category_id": self._world.categories[line.product.leaf.slug],
            "name": line.product.name,
            "image": line.product.image,
            "options": line.sku.options,
            "quantity": line.quantity,
            "unit_price": price,
            "payable": payable,
        }

    def _count(self, basket: list[_Line], state: OrderState, moment: datetime, payable: int, shop: ShopPlan) -> None:
        """What the order adds to sales, ratings, tastes and points."""
        self.spent[None] += payable
        self.spent[shop.id] += payable
        for line in basket:
            index, leaf = line.product.index, line.product.leaf.slug
            self._tally.sales[index] += line.quantity
            self._weights[leaf] = learned(self._weights.get(leaf, 0), Interest.BOUGHT, moment)
            if state is OrderState.COMPLETED and self._dice.hit(62):
                stars = shop.quality + line.product.picture % 13 - 6 + self._dice.bell(-24, 20)
                self._tally.rating_sum[index] += min(max(stars, 420), 500)
                self._tally.rating_count[index] += 1

    def _viewings(self) -> Iterator[dict[str, Any]]:
        usual = _VIEWINGS[self.member.habit]
        wanted = 24 if self.member.persona in _PERSONA_TASTES else self._dice.randrange(usual * 2)
        old = timedelta(days=200) if self.member.habit is Habit.DORMANT else timedelta()
        until = self._world.anchor - old
        for _ in range(wanted):
            at = self._dice.between(max(until - timedelta(days=30), self.member.joined_at), until)
            leaf = self._tastes[_TASTES.spin(self._dice)]
            if product := self._world.market.find(self._dice, leaf, self.member.city, at):
                self._weights[leaf] = learned(self._weights.get(leaf, 0), Interest.VIEWED, at)
                yield {"id": self._dice.id("vwg", at), "member_id": self.member.id, "product_id": product.id, "at": at}

    def _affinities(self) -> Iterator[dict[str, Any]]:
        for leaf, weight in self._weights.items():
            yield {
                "id": self._dice.id("aff", self._world.anchor),
                "member_id": self.member.id,
                "category_id": self._world.categories[leaf],
                "weight": weight,
            }


def _after(moment: datetime, low: int, high: int, dice: Dice) -> datetime:
    return moment + timedelta(seconds=dice.randint(low, high))


def _freight(shop: ShopPlan, fee: int, goods: int) -> int:
    if shop.trade in LOCAL:
        return fee
    return 800 if shop.trade is ShopTrade.RETAIL and goods < 9_900 else 0
