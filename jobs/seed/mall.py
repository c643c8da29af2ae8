"""The whole mall as plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.seed.catalogue import category_ids, plan_products
from jobs.seed.dice import Dice
from jobs.seed.keys import Keys, MasterKey
from jobs.seed.people import phone_number, plan_helpers, plan_members, plan_staff
from jobs.seed.plans import LevelPlan, MemberPlan, OfferPlan, ProductPlan, ShopPlan, StaffPlan, Tally
from jobs.seed.shops import plan_shops
from jobs.seed.size import Size
from jobs.seed.standing import plan_platform_levels
from jobs.seed.wallets import plan_offers
from jobs.seed.words.tree import ROOTS

ROOT_OF = {leaf.slug: root.slug for root in ROOTS for leaf in root.leaves}
"""Leaf -> root, by slug."""


@dataclass(frozen=True, slots=True)
class Mall:
    """Everything that is known before a row is written."""

    size: Size
    seed: int
    anchor: datetime
    master: MasterKey
    """Wraps the keys of personal fields."""
    shops: list[ShopPlan]
    products: list[ProductPlan]
    members: list[MemberPlan]
    staff: list[StaffPlan]
    helpers: list[StaffPlan]
    """More staff, who are drawn apart, so that all else stays as it was without them."""
    offers: list[OfferPlan]
    levels: tuple[LevelPlan, ...]
    """Of the platform."""
    categories: dict[str, str]
    phones: dict[str, str]
    """Personas' phone numbers."""
    tally: Tally

    @classmethod
    def plan(cls, size: Size, seed: int, anchor: datetime, master: MasterKey) -> Mall:
        """Plan a mall about the moment `anchor`."""
        opening = anchor - timedelta(days=2_500)
        shops = plan_shops(size, Dice(seed, "shops"), anchor)
        products = plan_products(size, shops, Dice(seed, "products"), anchor)
        members = plan_members(size, Dice(seed, "members"), anchor)
        phones = Dice(seed, "phones")
        return cls(
            size=size,
            seed=seed,
            anchor=anchor,
            master=master,
            shops=shops,
            products=products,
            members=members,
            staff=plan_staff(shops, members, Dice(seed, "staff")),
            helpers=plan_helpers(shops, members),
            offers=plan_offers(shops, Dice(seed, "offers"), anchor),
            levels=plan_platform_levels(Dice(seed, "levels"), opening),
            categories=category_ids(Dice(seed, "categories"), opening),
            phones={member.persona: phone_number(phones) for member in members if member.persona},
            tally=Tally.of(len(products)),
        )

    def dice(self, part: str) -> Dice:
        """The chance of one part."""
        return Dice(self.seed, part)

    def keys(self) -> Keys:
        """The keys of its people, none of them made yet."""
        return Keys(self.master, self.dice("keys"), self.anchor)

    def favourites(self) -> tuple[ShopPlan, ...]:
        """Two shops that the buyer persona is loyal to: for mothers and babies, in Shanghai where there are such."""
        loved = [shop for shop in self.shops if shop.specialty == "baby" and shop.levels]
        loved.sort(key=lambda shop: (shop.city != "上海", shop.index))
        return tuple({shop.index: shop for shop in (*loved, *self.shops)}.values())[:2]
