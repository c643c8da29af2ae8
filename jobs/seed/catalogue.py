"""Products, their SKUs and prices, and the rows of both; and the category tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice, product
from typing import Any

import orjson

from jobs.seed.dice import Dice
from jobs.seed.plans import ProductPlan, ShopPlan, SkuPlan, Tally, picture
from jobs.seed.pricing import crossed_out, tag
from jobs.seed.size import Size
from jobs.seed.words import Item, Leaf, Option
from jobs.seed.words.tree import LEAVES, ROOTS
from models.states import ProductKind, ProductState, Trade
from services.products.ranking import PRIOR_RATING, score_of

_SHOWCASE = 12
"""Every leaf keeps at least so many listed products."""


def leaves_of(shop: ShopPlan) -> tuple[Leaf, ...]:
    """What a shop sells: all leaves of its root, its one leaf, or a restaurant's own cuisine and a second one."""
    roots = {root.slug: root.leaves for root in ROOTS}
    if shop.specialty in roots:
        return roots[shop.specialty]
    leaf = LEAVES[shop.specialty]
    if shop.trade is not Trade.RESTAURANT:
        return (leaf,)
    return (leaf, LEAVES["cafe"] if leaf.slug == "noodles" else LEAVES["noodles"])


def plan_products(size: Size, shops: Sequence[ShopPlan], dice: Dice, anchor: datetime) -> list[ProductPlan]:
    """Every product of the mall."""
    products: list[ProductPlan] = []
    shown: Counter[str] = Counter()
    for shop in shops:
        leaves = leaves_of(shop)
        for leaf, share in zip(leaves, _shares(size.trades[shop.trade].products, leaves, shop.trade), strict=True):
            for item, name, origin in _assortment(shop, leaf, share, dice):
                listed = shown[leaf.slug] < _SHOWCASE or not dice.hit(2)
                shown[leaf.slug] += listed
                products.append(_product(len(products), shop, leaf, item, name, origin, listed, dice, anchor))
    return products


def _shares(total: int, leaves: Sequence[Leaf], trade: Trade) -> list[int]:
    if trade is Trade.RESTAURANT:
        first = total * 2 // 3
        return [first, total - first]
    return [total // len(leaves) + (index < total % len(leaves)) for index in range(len(leaves))]


def _assortment(shop: ShopPlan, leaf: Leaf, share: int, dice: Dice) -> Iterator[tuple[Item, str, str]]:
    """`share` different products: every item once before any comes again under another name."""
    names: set[str] = set()

    def endless() -> Iterator[tuple[Item, str, str]]:
        while True:
            for item in dice.sample(leaf.items, len(leaf.items)):
                origin = dice.choice(item.origins) if item.origins else ""
                name = _name(leaf, item, dice)
                if name not in names:
                    names.add(name)
                    yield item, name, origin

    return islice(endless(), share)


def _name(leaf: Leaf, item: Item, dice: Dice) -> str:
    plain = leaf.kind is ProductKind.DISH and item.price < 1_000
    grade = "" if plain else dice.choice(leaf.grades)
    if grade and (grade in item.name or item.name[:2] in grade):
        grade = ""
    brand = f"{dice.choice(leaf.brands)} " if leaf.brands else ""
    return f"{brand}{grade}{item.name}"


def _product(
    index: int,
    shop: ShopPlan,
    leaf: Leaf,
    item: Item,
    name: str,
    origin: str,
    listed: bool,
    dice: Dice,
    anchor: datetime,
) -> ProductPlan:
    new = dice.hit(12)
    listed_at = dice.between(anchor - timedelta(days=60 if new else 900), anchor - timedelta(days=2 if new else 365))
    listed_at = max(listed_at, shop.opened_at + timedelta(days=1))
    return ProductPlan(
        index=index,
        id=dice.id("prd", listed_at),
        shop=shop,
        shelf_id=dice.choice(shop.shelves)[0],
        leaf=leaf,
        item=item,
        picture=leaf.items.index(item) * 4 + dice.randrange(4),
        name=name,
        origin=origin,
        listed=listed,
        listed_at=listed_at,
        # A few are bought very often, most seldom: the square of an even chance is skewed enough.
        appeal=2 + dice.randrange(100) ** 2 // 100,
        skus=tuple(_skus(leaf.kind, item, dice, listed_at, anchor)),
    )


def _skus(kind: ProductKind, item: Item, dice: Dice, listed_at: datetime, anchor: datetime) -> Iterator[SkuPlan]:
    level = dice.bell(84, 122)
    crossed = dice.randint(118, 165) if dice.hit(45) else 0
    for values in product(*(_offered(option, dice, alone=len(item.options) == 1) for option in item.options)):
        factor = level
        for _, by in values:
            factor = factor * by // 100
        price = tag(item.price * factor // 100, kind)
        changed_at = dice.between(listed_at, anchor) if dice.hit(22) else None
        yield SkuPlan(
            id=dice.id("sku", listed_at),
            options=orjson.dumps(
                [{"name": option.name, "value": value} for option, (value, _) in zip(item.options, values, strict=True)]
            ).decode(),
            price=price,
            list_price=crossed_out(price, crossed, kind) if crossed else None,
            former=tag(price * dice.choice((88, 94, 108, 115)) // 100, kind) if changed_at else price,
            changed_at=changed_at,
        )


def _offered(option: Option, dice: Dice, *, alone: bool) -> tuple[tuple[str, int], ...]:
    """Which values of an option the shop has: neighbours, from one to three of them."""
    wanted = min(dice.choice((1, 2, 3, 3, 3, 3) if alone else (1, 2, 2)), len(option.values))
    # A shop with one size only has the ordinary one.
    first = 0 if alone and wanted == 1 else dice.randrange(len(option.values) - wanted + 1)
    return option.values[first : first + wanted]


def category_ids(dice: Dice, at: datetime) -> dict[str, str]:
    """Slug -> id of every category."""
    slugs = [slug for root in ROOTS for slug in (f"/{root.slug}", *(leaf.slug for leaf in root.leaves))]
    return {slug: dice.id("cat", at) for slug in slugs}


def category_rows(products: Sequence[ProductPlan], ids: dict[str, str], tally: Tally) -> Iterator[dict[str, Any]]:
    """Rows of `Category`; its popularity is what was sold under it."""
    sold: Counter[str] = Counter()
    for plan in products:
        sold[plan.leaf.slug] += tally.sales[plan.index]
    for number, root in enumerate(ROOTS, start=1):
        yield {
            "id": ids[f"/{root.slug}"],
            "parent_id": None,
            "name": root.name,
            "icon": f"https://img.jishi.example/category/{root.slug}.png",
            "position": number,
            "popularity": sum(sold[leaf.slug] for leaf in root.leaves),
        }
        for position, leaf in enumerate(root.leaves, start=1):
            yield {
                "id": ids[leaf.slug],
                "parent_id": ids[f"/{root.slug}"],
                "name": leaf.name,
                "icon": f"https://img.jishi.example/category/{leaf.slug}.png",
                "position": position,
                "popularity": sold[leaf.slug],
            }


def product_rows(
    products: Sequence[ProductPlan], categories: dict[str, str], tally: Tally, dice: Dice
) -> Iterator[dict[str, Any]]:
    """Rows of `Product`, sold and rated as the orders tell."""
    for plan in products:
        sales, rated = tally.sales[plan.index], tally.rating_count[plan.index]
        rating = (tally.rating_sum[plan.index] + rated // 2) // rated if rated else PRIOR_RATING
        cheapest = plan.cheapest
        tags = dice.sample(plan.leaf.tags, dice.randint(1, len(plan.leaf.tags)))
        yield {
            "id": plan.id,
            "shop_id": plan.shop.id,
            "category_id": categories[plan.leaf.slug],
            "shop_category_id": plan.shelf_id,
            "kind": plan.leaf.kind,
            "state": ProductState.LISTED if plan.listed else dice.choice((ProductState.DRAFT, ProductState.WITHDRAWN)),
            "name": plan.name,
            "subtitle": "，".join(dice.sample(plan.leaf.points, dice.randint(2, 3))),
            "image": plan.image,
            "media": _media(plan, dice),
            "tags": tags,
            "origin": plan.origin,
            "code": _code(plan),
            "price": cheapest.price,
            "list_price": cheapest.list_price,
            "sales": sales,
            "rating": rating,
            "rating_count": rated,
            "score": score_of(sales, rating, rated),
            "details": _details(plan),
            "listed_at": plan.listed_at,
        }


def sku_rows(products: Sequence[ProductPlan]) -> Iterator[dict[str, Any]]:
    """Rows of `Sku`."""
    for plan in products:
        for position, sku in enumerate(plan.skus, start=1):
            yield {
                "id": sku.id,
                "product_id": plan.id,
                "shop_id": plan.shop.id,
                "code": f"{_code(plan)}-{position}",
                "options": sku.options,
                "position": position,
                "price": sku.price,
                "list_price": sku.list_price,
            }


def price_rows(products: Sequence[ProductPlan], dice: Dice) -> Iterator[dict[str, Any]]:
    """Rows of `PriceChange`: the first price, and the present one where it differs."""
    for plan in products:
        for sku in plan.skus:
            prices = [(sku.former, plan.listed_at)]
            if sku.changed_at and sku.price != sku.former:
                prices.append((sku.price, sku.changed_at))
            for price, at in prices:
                yield {"id": dice.id("prc", at), "sku_id": sku.id, "shop_id": plan.shop.id, "price": price, "at": at}


def stock_rows(products: Sequence[ProductPlan], dice: Dice, at: datetime) -> Iterator[dict[str, Any]]:
    """Rows of `Stock`: every branch has every SKU, some are sold out somewhere."""
    for plan in products:
        for sku in plan.skus:
            for branch in plan.shop.branches:
                on_hand = 0 if dice.hit(3) else dice.bell(6, 300)
                yield {
                    "id": dice.id("stk", at),
                    "sku_id": sku.id,
                    "branch_id": branch.id,
                    "shop_id": plan.shop.id,
                    "on_hand": on_hand,
                    "held": min(dice.choice((0, 0, 0, 1, 2)), on_hand),
                }


def _code(plan: ProductPlan) -> str:
    return f"{plan.leaf.slug[:4].upper()}{plan.index:06d}"


def _media(plan: ProductPlan, dice: Dice) -> list[dict[str, str]]:
    media = [{"kind": "IMAGE", "url": picture(plan, number), "alt": plan.name} for number in range(1, 4)]
    if dice.hit(15):
        url = f"https://img.jishi.example/product/{plan.leaf.slug}-{plan.picture:03d}.mp4"
        media.append({"kind": "VIDEO", "url": url, "alt": plan.name})
    return media


def _details(plan: ProductPlan) -> dict[str, Any]:
    match plan.leaf.kind:
        case ProductKind.WEIGHED:
            return {"unit": plan.leaf.unit}
        case ProductKind.APPOINTMENT:
            return {"minutes": _minutes(plan)}
        case ProductKind.NIGHT:
            return {"guests": _guests(plan.item.name)}
        case ProductKind.DISH:
            return {"spice": 2 if "辣度" in plan.skus[0].options else int(plan.leaf.slug == "sichuan")}
        case _:
            return {}


def _minutes(plan: ProductPlan) -> int:
    hours = next((int(part[0]) for part in plan.item.name.split() if part[0].isdigit() and "小时" in part), None)
    return hours * 60 if hours else int(plan.leaf.unit)


def _guests(room: str) -> int:
    sizes = {"单人": 1, "三人": 3, "三床": 3, "家庭": 4, "亲子": 4, "两": 4, "别墅": 6, "整栋": 8, "三室": 6}
    return next((guests for word, guests in sizes.items() if word in room), 2)
