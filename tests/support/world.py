"""A small world of two parties, alike in everything: what the one may see of its own, it must not see of the other's.

Each party is a member, and a shop with one person in each role. The member of `a` buys in shop `a`, that of `b` in shop
`b`; every kind of row that clients can reach is there for both. `Parties.owners` says whose a row is, by its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.viewer import Viewer
from models import MODULES
from models.acts import Act
from models.members.account import Member
from models.orders.market import MarketCell, ShopBand
from models.orders.order import OrderLine, ShopOrder
from models.orders.oversight import OversightCase
from models.shops.tables import Notice
from models.states import (
    CaseField,
    EntryState,
    NoticeKind,
    PlatformRole,
    ProductKind,
    ProductState,
    PromotionKind,
    ShopTier,
    ShopTrend,
    StaffRole,
    TargetKind,
    Trade,
)
from services.audit import record
from tests.factories import content, keys, members, orders, products, shops
from tests.support.moments import DAY, HOUR, NOON
from tests.support.statements import models_of

SIDES = ("a", "b")
MONTH = "2026-10"
KINDS: Mapping[str, Mapping[str, Any]] = {
    ProductKind.WEIGHED: {"unit": "500g"},
    ProductKind.DISH: {"spice": 1},
    ProductKind.APPOINTMENT: {"minutes": 60},
    ProductKind.NIGHT: {"guests": 2},
}
"""What products of the kinds have of their own; each shop sells one of each, `prd_a_DISH`."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a row is."""

    member_id: str | None
    shop_id: str | None


async def build() -> None:
    """Fill an empty mall."""
    await keys.hash_key()
    await products.category(id="cat_root", parent_id=None, name="食品")
    await products.category(id="cat_tea", parent_id="cat_root")
    for side in SIDES:
        await _shop(side)
        await _products(side)
        await _member(side)
        await _orders(side)
        await _content(side)
        await _oversight(side)
        await _trail(side)
        await ShopBand.create(
            id=f"bnd_{side}", shop_id=f"shp_{side}", month=MONTH, tier=ShopTier.SOLID, score=90, trend=ShopTrend.UP
        )
    await MarketCell.create(
        id="mkc_tea", month=MONTH, trade=Trade.RETAIL, city="上海", shops=7, buyers=9, orders=12, amount=90_000
    )
    for role in PlatformRole:
        person = f"mbr_platform_{role.lower()}"
        await members.member(id=person, nickname=role)
        await members.session(person)
        await shops.staff("shp_b", id=f"stf_platform_{role}", member_id=person, role=StaffRole.CLERK)
    await content.banner(id="bnr_room", target_kind=TargetKind.LIVE_ROOM, target_id="liv_a")
    await content.banner(id="bnr_category", target_kind=TargetKind.CATEGORY, target_id="cat_tea")
    await orders.offer(id="cof_platform", shop_id=None)


async def _shop(side: str) -> None:
    shop_id = f"shp_{side}"
    await shops.shop(id=shop_id, name=f"茶铺 {side}")
    await shops.branch(shop_id, id=f"brn_{side}")
    for role in StaffRole:
        await shops.staff(shop_id, id=f"stf_{side}_{role}", member_id=staff_of(side, role), role=role)
        await members.member(id=staff_of(side, role), nickname=f"{role} {side}")
        await members.session(staff_of(side, role))
    await shops.staff(shop_id, id=f"stf_{side}_helper", member_id=f"mbr_{side}", role=StaffRole.CLERK)


def staff_of(side: str, role: str) -> str:
    """The member who has the role in the side's shop."""
    return f"mbr_{side}_{role.lower()}"


async def _products(side: str) -> None:
    shop_id = f"shp_{side}"
    await products.shelf(id=f"sct_{side}", shop_id=shop_id)
    await products.product(
        id=f"prd_{side}", shop_id=shop_id, shop_category_id=f"sct_{side}", list_price=15_800, code=side
    )
    for kind, details in KINDS.items():
        id_ = f"prd_{side}_{kind}"
        await products.product(id=id_, shop_id=shop_id, kind=kind, details=details, code=id_, score=-1)
    await products.product(id=f"prd_{side}_draft", shop_id=shop_id, state=ProductState.DRAFT, code="draft")
    await products.sku(id=f"sku_{side}", product_id=f"prd_{side}", shop_id=shop_id, list_price=15_800, code=side)
    await products.price_change(id=f"prc_{side}", sku_id=f"sku_{side}", shop_id=shop_id)
    await products.promotion(id=f"prm_{side}", shop_id=shop_id)
    for promotion in (PromotionKind.FLASH_SALE, PromotionKind.GROUP_BUY):
        await products.item(
            promotion,
            id=f"pit_{side}_{promotion}",
            shop_id=shop_id,
            product_id=f"prd_{side}",
            sku_id=f"sku_{side}",
            promotion_id=f"prm_{side}",
        )
        await orders.quota(f"pit_{side}_{promotion}", total=100, taken=7, shop_id=shop_id)
    await orders.stock(f"sku_{side}", on_hand=1_000, held=3, branch_id=f"brn_{side}", shop_id=shop_id)
    await orders.group(f"pit_{side}_{PromotionKind.GROUP_BUY}", id=f"grp_{side}", shop_id=shop_id)


async def _member(side: str) -> None:
    member_id = f"mbr_{side}"
    await members.member(id=member_id, nickname=f"会员 {side}")
    await members.membership(member_id, id=f"mem_{side}_platform")
    await members.membership(member_id, id=f"mem_{side}_shop", shop_id=f"shp_{side}", percent=90)
    await members.address(member_id, id=f"adr_{side}")
    await members.viewing(member_id, f"prd_{side}", id=f"vwg_{side}")
    await members.consent(member_id, id=f"cns_{side}", withdrawn_at=NOON)
    await members.export(member_id, id=f"exp_{side}")
    await members.session(member_id, id=f"ses_{side}")
    await members.second_factor(member_id, id=f"fct_{side}", confirmed_at=None)


async def _orders(side: str) -> None:
    member_id, shop_id = f"mbr_{side}", f"shp_{side}"
    await orders.trade(member_id, id=f"trd_{side}")
    await orders.order(member_id, id=f"ord_{side}", shop_id=shop_id, trade_id=f"trd_{side}", branch_id=f"brn_{side}")
    await orders.line(f"ord_{side}", id=f"lin_{side}", shop_id=shop_id, product_id=f"prd_{side}", sku_id=f"sku_{side}")
    await orders.offer(id=f"cof_{side}", shop_id=shop_id)
    await orders.offer(id=f"cof_{side}_planned", shop_id=shop_id, starts_at=NOON + HOUR, ends_at=NOON + DAY)
    await orders.coupon(member_id, id=f"cpn_{side}", offer_id=f"cof_{side}", shop_id=shop_id)


async def _oversight(side: str) -> None:
    """A case of the platform's about the shop, read by those of risk, and the notice of it."""
    await OversightCase.create(
        id=f"cas_{side}",
        shop_id=f"shp_{side}",
        reason="complaints about fakes",
        fields_asked=list(CaseField),
        hours=2,
        opened_by="mbr_platform_risk",
        opened_at=NOON,
        approved_by="mbr_platform_security",
        approved_at=NOON,
        expires_at=NOON + 2 * HOUR,
        closed_at=NOON + HOUR,
    )
    told = {"kind": NoticeKind.ORDERS_OPENED, "about_id": f"cas_{side}", "until": NOON + 2 * HOUR, "at": NOON}
    await Notice.create(id=f"ntc_{side}", shop_id=f"shp_{side}", **told)


async def _content(side: str) -> None:
    member_id, shop_id, product_id = f"mbr_{side}", f"shp_{side}", f"prd_{side}"
    author = {"author_id": member_id, "author_name": f"会员 {side}", "author_avatar": "https://img.example/a.jpg"}
    picture = {"url": "https://img.example/tea.jpg", "alt": "一杯茶"}
    await content.note(id=f"nte_{side}", products=[product_id], media=[picture], **author)
    await content.note(id=f"nte_{side}_withdrawn", state=EntryState.WITHDRAWN, **author)
    await content.video(id=f"vid_{side}", products=[product_id], shop_id=shop_id, **author)
    await content.live_room(id=f"liv_{side}", products=[product_id], shop_id=shop_id, ends_at=NOON + HOUR, **author)
    await content.live_room(id=f"liv_{side}_withdrawn", shop_id=shop_id, state=EntryState.WITHDRAWN, **author)
    for kind, target in ((TargetKind.PRODUCT, product_id), (TargetKind.SHOP, shop_id)):
        await content.banner(id=f"bnr_{side}_{kind}", target_kind=kind, target_id=target)
    await content.zone(
        id=f"zon_{side}",
        products=[product_id],
        target_kind=TargetKind.SHOP,
        target_id=shop_id,
        ends_at=NOON + DAY,
    )


async def _trail(side: str) -> None:
    """An act of the owner upon the shop, in every domain."""
    shop_id = f"shp_{side}"
    owner = Viewer.shop_staff(staff_of(side, "owner"), shop_id, StaffRole.OWNER, f"ses_{side}")
    for domain in MODULES:
        state = {"before": {"name": side}, "after": {"name": f"{side}!"}}
        await record(domain, Act.SHOP_BACKED_UP, viewer=owner, object_id=shop_id, shop_id=shop_id, **state)


async def owners() -> Mapping[str, Owner]:
    """Whose each row is, by its id."""
    found: dict[str, Owner] = {}
    for model in (model for domain in MODULES for model in models_of(domain)):
        kept = [name for name in ("member_id", "shop_id") if name in model._meta.db_fields]
        if kept:
            for row in await model.all().values("id", *kept):
                found[row["id"]] = Owner(row.get("member_id"), row.get("shop_id"))
    buyers: dict[Any, Any] = dict(await ShopOrder.all().values_list("id", "member_id"))
    for row in await OrderLine.all().values("id", "order_id", "shop_id"):
        found[row["id"]] = Owner(buyers[row["order_id"]], row["shop_id"])
    people = {id_: Owner(id_, None) for (id_,) in await Member.all().values_list("id")}
    return found | people | {f"shp_{side}": Owner(None, f"shp_{side}") for side in SIDES}
