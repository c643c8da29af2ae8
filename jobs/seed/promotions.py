"""Promotions of every kind, what they may sell, and the groups of group-buys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jobs.seed.dice import Dice
from jobs.seed.plans import MemberPlan, ProductPlan, ShopPlan
from jobs.seed.pricing import reduced
from jobs.seed.size import Size
from kit.clock import SHANGHAI
from models.orders.group import Group, GroupPlace
from models.orders.stock import Quota
from models.products.tables import Promotion, PromotionItem
from models.states import GroupState, ProductKind, PromotionKind, Trade

_GOODS = (ProductKind.GOODS, ProductKind.WEIGHED, ProductKind.DISH)
_HOUR = timedelta(hours=1)
_PAST_HOURS, _FUTURE_HOURS = 24, 24 * 7
_DISCOUNTS = (95, 90, 88, 85, 80)
_TIERS = (
    ("满99减10", ((9_900, 1_000), (19_900, 2_500))),
    ("满199减30", ((19_900, 3_000), (39_900, 7_000))),
    ("满59减6", ((5_900, 600), (9_900, 1_200), (19_900, 3_000))),
    ("满300减50", ((30_000, 5_000),)),
)
_GROUP_HOURS = 24 * 10

Rows = dict[type[Any], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class _Offer:
    """A promotion that is being written."""

    id: str
    kind: PromotionKind
    shop_id: str | None
    label: str
    starts_at: datetime
    ends_at: datetime


def _promotion(offer: _Offer, title: str, rules: dict[str, Any], *, shop_wide: bool = False) -> dict[str, Any]:
    return {
        "id": offer.id,
        "kind": offer.kind,
        "shop_id": offer.shop_id,
        "title": title,
        "label": offer.label,
        "rules": rules,
        "shop_wide": shop_wide,
        "starts_at": offer.starts_at,
        "ends_at": offer.ends_at,
    }


def _item(
    offer: _Offer, product: ProductPlan, percent: int, position: int, dice: Dice, group_size: int | None = None
) -> dict[str, Any]:
    sku = product.cheapest
    return {
        "id": dice.id("pit", offer.starts_at),
        "promotion_id": offer.id,
        "kind": offer.kind,
        "shop_id": product.shop.id,
        "product_id": product.id,
        "sku_id": sku.id,
        "label": offer.label,
        "price": reduced(sku.price, percent),
        "group_size": group_size,
        "position": position,
        "starts_at": offer.starts_at,
        "ends_at": offer.ends_at,
    }


def popular(products: Sequence[ProductPlan], sales: Sequence[int]) -> list[ProductPlan]:
    """What may be promoted: listed goods and dishes worth more than 3 yuan, best sellers first."""
    fit = [plan for plan in products if plan.listed and plan.leaf.kind in _GOODS and plan.cheapest.price > 300]
    return sorted(fit, key=lambda plan: (-sales[plan.index], plan.index))


def flash_sales(size: Size, best: Sequence[ProductPlan], dice: Dice, anchor: datetime) -> Iterator[Rows]:
    """A session of the platform for every hour from a day ago to a week ahead."""
    pool = best[: max(len(best) // 3, size.flash_items)]
    pool = dice.sample(pool, len(pool))
    for number in range(-_PAST_HOURS, _FUTURE_HOURS):
        starts_at = anchor + number * _HOUR
        offer = _Offer(
            dice.id("prm", starts_at), PromotionKind.FLASH_SALE, None, "整点秒杀", starts_at, starts_at + _HOUR
        )
        first = (number + _PAST_HOURS) * size.flash_items
        items = [
            _item(offer, pool[(first + place) % len(pool)], dice.randint(52, 82), place + 1, dice)
            for place in range(size.flash_items)
        ]
        title = f"{starts_at.astimezone(SHANGHAI).hour:02d}点场"
        yield {
            Promotion: [_promotion(offer, title, {"per_buyer": 1})],
            PromotionItem: items,
            Quota: [_quota(item, number, dice) for item in items],
        }


def _quota(item: dict[str, Any], hour: int, dice: Dice) -> dict[str, Any]:
    total = dice.choice((20, 50, 80, 100, 200))
    sold = 0 if hour > 0 else dice.randint(10, 70) if hour == 0 else dice.randint(60, 100)
    return {"id": item["id"], "shop_id": item["shop_id"], "total": total, "taken": total * sold // 100}


def shop_promotions(
    shops: Sequence[ShopPlan], products: Sequence[ProductPlan], dice: Dice, anchor: datetime
) -> Iterator[Rows]:
    """Discounts, spend-and-save and presales of single shops; a few are over, most last another week at least."""
    by_shop: dict[int, list[ProductPlan]] = {}
    for plan in products:
        if plan.listed:
            by_shop.setdefault(plan.shop.index, []).append(plan)
    for shop in shops:
        chance = dice.randrange(100)
        if chance < 35:
            yield _spend_and_save(shop, dice, anchor)
        elif chance < 50:
            yield _discount(shop, by_shop[shop.index], dice, anchor, shop_wide=True)
        elif chance < 75:
            yield _discount(shop, by_shop[shop.index], dice, anchor, shop_wide=False)
        if shop.trade is Trade.RETAIL and dice.hit(40):
            yield _presale(shop, by_shop[shop.index], dice, anchor)


def _lasting(kind: PromotionKind, shop: ShopPlan, label: str, dice: Dice, anchor: datetime) -> _Offer:
    starts_at = anchor - timedelta(days=dice.randint(1, 20))
    ends_at = anchor + timedelta(days=dice.randint(8, 30)) if dice.hit(92) else anchor - timedelta(hours=5)
    return _Offer(dice.id("prm", starts_at), kind, shop.id, label, starts_at, ends_at)


def _spend_and_save(shop: ShopPlan, dice: Dice, anchor: datetime) -> Rows:
    label, tiers = dice.choice(_TIERS)
    offer = _lasting(PromotionKind.SPEND_AND_SAVE, shop, label, dice, anchor)
    rules = {"tiers": [{"spend": spend, "save": save} for spend, save in tiers]}
    return {Promotion: [_promotion(offer, f"全店{label}", rules, shop_wide=True)]}


def _discount(
    shop: ShopPlan, products: Sequence[ProductPlan], dice: Dice, anchor: datetime, *, shop_wide: bool
) -> Rows:
    percent = dice.choice(_DISCOUNTS)
    label = f"{percent / 10:g}折"
    offer = _lasting(PromotionKind.DISCOUNT, shop, label, dice, anchor)
    title = f"全店{label}" if shop_wide else f"精选商品{label}"
    chosen = [] if shop_wide else dice.sample(products, min(12, len(products)))
    return {
        Promotion: [_promotion(offer, title, {"percent": percent}, shop_wide=shop_wide)],
        PromotionItem: [_item(offer, plan, percent, place, dice) for place, plan in enumerate(chosen, start=1)],
    }


def _presale(shop: ShopPlan, products: Sequence[ProductPlan], dice: Dice, anchor: datetime) -> Rows:
    offer = _lasting(PromotionKind.PRESALE, shop, "预售", dice, anchor)
    ships_at = offer.ends_at + timedelta(days=3)
    rules = {"deposit": dice.choice((500, 1_000, 2_000)), "ships_at": ships_at.isoformat()}
    dear = [plan for plan in products if plan.cheapest.price >= 5_000] or list(products)
    chosen = dice.sample(dear, min(4, len(dear)))
    return {
        Promotion: [_promotion(offer, "新品预售 付定立减", rules)],
        PromotionItem: [_item(offer, plan, 90, place, dice) for place, plan in enumerate(chosen, start=1)],
    }


def group_buys(
    size: Size, best: Sequence[ProductPlan], members: Sequence[MemberPlan], dice: Dice, anchor: datetime
) -> Iterator[Rows]:
    """Group-buys of best sellers, each with groups that still want buyers and some that are over."""
    for position, product in enumerate(best[: size.group_items * 2 : 2], start=1):
        people = dice.choice((2, 2, 3, 3, 5))
        starts_at = anchor - timedelta(days=dice.randint(3, 12))
        ends_at = anchor + timedelta(days=dice.randint(11, 25))
        kind = PromotionKind.GROUP_BUY
        offer = _Offer(dice.id("prm", starts_at), kind, product.shop.id, f"{people}人团", starts_at, ends_at)
        item = _item(offer, product, dice.randint(68, 88), position, dice, people)
        rows: Rows = {
            Promotion: [_promotion(offer, f"{people}人拼团", {"size": people, "hours": _GROUP_HOURS})],
            PromotionItem: [item],
            Quota: [{"id": item["id"], "shop_id": product.shop.id, "total": 1_000, "taken": dice.randint(10, 300)}],
            Group: [],
            GroupPlace: [],
        }
        for _ in range(dice.randint(1, 3)):
            _group(item, people, GroupState.OPEN, members, dice, anchor, rows)
        if dice.hit(60):
            _group(item, people, GroupState.FULL, members, dice, anchor, rows)
        yield rows


def _group(
    item: dict[str, Any],
    people: int,
    state: GroupState,
    members: Sequence[MemberPlan],
    dice: Dice,
    anchor: datetime,
    rows: Rows,
) -> None:
    opened_at = dice.between(anchor - timedelta(hours=46), anchor - timedelta(minutes=20))
    taken = people if state is GroupState.FULL else dice.randint(1, people - 1)
    group_id = dice.id("grp", opened_at)
    rows[Group].append(
        {
            "id": group_id,
            "item_id": item["id"],
            "shop_id": item["shop_id"],
            "size": people,
            "taken": taken,
            "state": state,
            "opened_at": opened_at,
            "expires_at": opened_at + timedelta(hours=_GROUP_HOURS),
        }
    )
    for seat, member in enumerate(dice.sample(members, taken), start=1):
        taken_at = opened_at if seat == 1 else dice.between(opened_at, anchor)
        rows[GroupPlace].append(
            {
                "id": dice.id("gpl", taken_at),
                "group_id": group_id,
                "member_id": member.id,
                "seat": seat,
                "taken_at": taken_at,
            }
        )
