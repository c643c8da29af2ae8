"""A shop's own catalogue becomes products, SKUs and price history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise.expressions import Q

from kit.ids import new_id
from models import bulk
from models.products.tables import Category, PriceChange, Product, ShopCategory, Sku
from models.states import ProductState, Trade
from services.products.listing import KINDS, Listing, Problem, SkuLine
from services.products.ranking import PRIOR_RATING, score_of


@dataclass(frozen=True, slots=True)
class Put:
    """What a `put` did."""

    new: int
    """Products that were not there."""
    changed: int
    """Products of which anything was changed, prices and SKUs included."""
    unchanged: int
    prices: int
    """Prices written into the history."""
    sku_ids: Mapping[str, str]
    """By SKU code."""
    problems: tuple[Problem, ...] = ()


async def leaf_paths() -> dict[str, str]:
    """Path (食品饮料/休闲零食), and bare name where only one has it, of every leaf of the category tree -> its id."""
    rows = await Category.all().values("id", "parent_id", "name")
    names = {row["id"]: row["name"] for row in rows}
    leaves = [row for row in rows if row["parent_id"] is not None]
    bare = [row["name"] for row in leaves]
    found = {f"{names[row['parent_id']]}/{row['name']}": row["id"] for row in leaves}
    return found | {row["name"]: row["id"] for row in leaves if bare.count(row["name"]) == 1}


async def put(shop_id: str, trade: Trade, listings: Sequence[Listing], *, at: datetime) -> Put:
    """Make the shop's products as `listings` say; products and SKUs that they do not name stay as they are.

    Runs in the caller's transaction. What is equal already is not written, and what a listing leaves empty stays. A new
    price goes into the price history. A SKU code that another product of the shop has is refused.
    """
    codes = [listing.code for listing in listings]
    known = await Product.filter(shop_id=shop_id, code__in=codes).select_for_update()
    sku_codes = [line.sku_code for listing in listings for line in listing.lines]
    skus = await Sku.filter(Q(product_id__in=[row.id for row in known]) | Q(shop_id=shop_id, code__in=sku_codes))
    shelves = await _shelves(shop_id, (listing.shop_category for listing in listings if listing.shop_category))
    work = _Work(shop_id, trade, at, skus, shelves)
    products = {row.code: row for row in known}
    for listing in listings:
        await work.put(listing, products.get(listing.code))
    return await work.done()


async def _shelves(shop_id: str, names: Iterable[str]) -> dict[str, str]:
    """Name -> id of the shop's own categories; those of `names` that are missing come behind the others."""
    known = await ShopCategory.filter(shop_id=shop_id).order_by("position", "id")
    shelves = {shelf.name: shelf.id for shelf in known}
    last = max((shelf.position for shelf in known), default=0)
    for position, name in enumerate((name for name in dict.fromkeys(names) if name not in shelves), start=last + 1):
        shelf = await ShopCategory.create(id=new_id("sct"), shop_id=shop_id, name=name, position=position)
        shelves[name] = shelf.id
    return shelves


class _Work:
    """One `put` while it goes on: changes are written at once, new rows together at the end."""

    def __init__(
        self, shop_id: str, trade: Trade, at: datetime, skus: Iterable[Sku], shelves: Mapping[str, str]
    ) -> None:
        self._shop_id, self._trade, self._at, self._shelves = shop_id, trade, at, shelves
        self._skus: dict[str, dict[str, Any]] = {}
        self._by_product: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for sku in skus:
            self._know({name: getattr(sku, name) for name in Sku._meta.fields_db_projection})
        self._rows: dict[type[Product | Sku | PriceChange], list[dict[str, Any]]] = {
            Product: [],
            Sku: [],
            PriceChange: [],
        }
        self._counts = {"new": 0, "changed": 0, "unchanged": 0}
        self._ids: dict[str, str] = {}
        self._problems: list[Problem] = []

    async def done(self) -> Put:
        """Write what is new."""
        for model, rows in self._rows.items():
            await bulk.insert(model, rows)
        history = len(self._rows[PriceChange])
        return Put(**self._counts, prices=history, sku_ids=self._ids, problems=tuple(self._problems))

    async def put(self, listing: Listing, known: Product | None) -> None:
        """Make one product as `listing` says."""
        product_id = known.id if known else new_id("prd", at=self._at)
        lines = [line for line in listing.lines if self._is_free(line, product_id)]
        if not lines:
            return
        wrote = [await self._put_sku(product_id, line) for line in lines]
        prices = self._prices(product_id)
        if known is None:
            self._create(product_id, listing, prices)
            self._counts["new"] += 1
        elif await self._update(known, listing, prices) or any(wrote):
            self._counts["changed"] += 1
        else:
            self._counts["unchanged"] += 1

    def _know(self, sku: dict[str, Any]) -> None:
        self._skus[sku["code"]] = sku
        self._by_product[sku["product_id"]].append(sku)

    def _is_free(self, line: SkuLine, product_id: str) -> bool:
        sku = self._skus.get(line.sku_code)
        if sku is None or sku["product_id"] == product_id:
            return True
        reason = f"{line.sku_code} is a SKU of another product of the shop"
        self._problems.append(Problem(line.line, "sku_code", "sku_code.taken", reason))
        return False

    async def _put_sku(self, product_id: str, line: SkuLine) -> bool:
        """Whether anything was written."""
        sku = self._skus.get(line.sku_code)
        wanted = {
            "options": [{"name": name, "value": value} for name, value in line.options],
            "price": line.price,
            "list_price": line.list_price,
        }
        if sku is None:
            sku = self._new_sku(product_id, line.sku_code, wanted)
            changed: dict[str, Any] = wanted
        else:
            changed = {name: value for name, value in wanted.items() if sku[name] != value}
            if changed:
                await Sku.filter(id=sku["id"]).update(**changed)
                sku.update(changed)
        self._ids[line.sku_code] = sku["id"]
        if "price" in changed:
            change = {"id": new_id("prc", at=self._at), "sku_id": sku["id"], "shop_id": self._shop_id}
            self._rows[PriceChange].append({**change, "price": line.price, "at": self._at})
        return bool(changed)

    def _new_sku(self, product_id: str, code: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        last = max((sku["position"] for sku in self._by_product[product_id]), default=0)
        sku = {
            "id": new_id("sku", at=self._at),
            "product_id": product_id,
            "shop_id": self._shop_id,
            "code": code,
            "position": last + 1,
            **wanted,
        }
        self._rows[Sku].append(sku)
        self._know(sku)
        return sku

    def _prices(self, product_id: str) -> dict[str, Any]:
        """The product's price is its cheapest SKU's; of equals the first counts."""
        cheapest = min(self._by_product[product_id], key=lambda sku: (sku["price"], sku["position"], sku["id"]))
        return {"price": cheapest["price"], "list_price": cheapest["list_price"]}

    def _create(self, product_id: str, listing: Listing, prices: Mapping[str, Any]) -> None:
        own = {
            "id": product_id,
            "shop_id": self._shop_id,
            "state": ProductState.LISTED,
            "media": [{"kind": "IMAGE", "url": listing.image, "alt": listing.name}] if listing.image else [],
            "code": listing.code,
            "sales": 0,
            "rating": PRIOR_RATING,
            "rating_count": 0,
            "score": score_of(0, PRIOR_RATING, 0),
            "details": {},
            "listed_at": self._at,
        }
        self._rows[Product].append({**own, **prices, **self._values(listing, listing.kind or KINDS[self._trade][0])})

    async def _update(self, known: Product, listing: Listing, prices: Mapping[str, Any]) -> bool:
        """Whether anything was written."""
        filled = {name: value for name, value in self._values(listing, listing.kind).items() if value}
        changed = {name: value for name, value in {**filled, **prices}.items() if getattr(known, name) != value}
        if changed:
            await Product.filter(id=known.id).update(**changed)
        return bool(changed)

    def _values(self, listing: Listing, kind: Any) -> dict[str, Any]:
        return {
            "category_id": listing.category,
            "shop_category_id": self._shelves.get(listing.shop_category),
            "kind": kind,
            "name": listing.name,
            "subtitle": listing.subtitle,
            "image": listing.image,
            "tags": list(listing.tags),
            "origin": listing.origin,
        }
