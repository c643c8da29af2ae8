"""Where members find what they like: products by taste, city and shop, each as often as its appeal says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from jobs.seed.dice import Dice, Wheel
from jobs.seed.plans import ProductPlan, ShopPlan
from models.states import Trade

LOCAL = (Trade.FRESH, Trade.RESTAURANT, Trade.HOME_SERVICE)
"""Trades whose buyers live in the shop's city."""
_DEMAND = {
    "fresh": 22, "food": 18, "baby": 9, "dining": 24, "beauty": 8, "home": 8, "digital": 4, "fashion": 7, "service": 2,
    "stay": 1,
}  # fmt: skip
"""How much of all buying falls to each root."""


class _Stall:
    """Some products, and a wheel over them."""

    __slots__ = ("products", "wheel")

    def __init__(self, products: Sequence[ProductPlan]) -> None:
        self.products = products
        self.wheel = Wheel([product.appeal for product in products])

    def pick(self, dice: Dice, moment: datetime) -> ProductPlan | None:
        """A product that was on sale at `moment`, if one comes up soon."""
        for _ in range(6):
            product = self.products[self.wheel.spin(dice)]
            if product.listed_at < moment:
                return product
        return None


class Market:
    """Everything that is listed."""

    def __init__(self, products: Iterable[ProductPlan], roots: dict[str, str]) -> None:
        """`roots` names each leaf's root."""
        by_leaf: dict[str, list[ProductPlan]] = defaultdict(list)
        by_city: dict[tuple[str, str], list[ProductPlan]] = defaultdict(list)
        by_shop: dict[int, list[ProductPlan]] = defaultdict(list)
        for product in products:
            if product.listed:
                by_leaf[product.leaf.slug].append(product)
                by_city[product.leaf.slug, product.shop.city].append(product)
                by_shop[product.shop.index].append(product)
        self.leaves = tuple(by_leaf)
        self.demand = Wheel([_DEMAND[roots[leaf]] for leaf in self.leaves])
        self._by_leaf = {leaf: _Stall(found) for leaf, found in by_leaf.items()}
        self._by_city = {place: _Stall(found) for place, found in by_city.items()}
        self._by_shop = {shop: _Stall(found) for shop, found in by_shop.items()}

    def find(self, dice: Dice, leaf: str, city: str, moment: datetime) -> ProductPlan | None:
        """A product of the leaf for a buyer in `city`; trades that live from neighbours are looked for there first."""
        stall = self._by_leaf[leaf]
        if stall.products[0].shop.trade in LOCAL:
            stall = self._by_city.get((leaf, city), stall)
        return stall.pick(dice, moment)

    def beside(self, dice: Dice, shop: ShopPlan, moment: datetime) -> ProductPlan | None:
        """Another product of the same shop."""
        return self._by_shop[shop.index].pick(dice, moment)
