"""The generated mall: the same everywhere, filled everywhere, and what it shows follows from what was bought."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from jobs.seed import SEED, seed
from jobs.seed.keys import MasterKey
from jobs.seed.mall import Mall
from jobs.seed.personas import PASSWORD, personas_of
from jobs.seed.pricing import crossed_out, reduced, tag
from jobs.seed.size import SIZES
from jobs.seed.stages import stages
from kit.errors import Conflict, Invalid
from kit.hidden import Hidden
from kit.keychain import KeyOf
from kit.sealing import Spot
from kit.settings import DEMO_MASTER_KEYS, Settings
from models.members.account import Address
from models.orders.order import ShopOrder
from models.products.tables import Product, Sku
from models.shops.tables import Staff
from models.states import (
    EntryKind,
    EntryState,
    GroupState,
    OrderState,
    PlatformRole,
    ProductKind,
    ProductState,
    PromotionKind,
    TargetKind,
    Trade,
)
from services.members.session import LOGIN
from services.products.ranking import score_of
from tests.factories.keys import keychain
from tests.support.matrix import HATS
from tests.support.moments import DAY, HOUR, NOON

ROOT = Path(__file__).parents[2]
Rows = dict[str, list[dict[str, Any]]]
SOLD = (OrderState.PAID, OrderState.SHIPPED, OrderState.COMPLETED)
PRINT_DIGEST = "from tests.jobs.test_seed import *; print(digest(rows_of(planned())))"


def planned(size: str = "tiny", number: int = SEED) -> Mall:
    return Mall.plan(SIZES[size], number, NOON, MasterKey("demo", DEMO_MASTER_KEYS["demo"]))


def rows_of(mall: Mall) -> Rows:
    """Every row of the mall by table, without a database."""
    rows: Rows = defaultdict(list)
    for stage in stages(mall):
        for batch in stage.batches(mall):
            for model, some in batch.items():
                rows[model._meta.db_table].extend(dict(row) for row in some)
    return rows


def digest(rows: Rows) -> str:
    return hashlib.sha256(repr(sorted(rows.items())).encode()).hexdigest()


@pytest.fixture(scope="module")
def mall() -> Mall:
    return planned()


@pytest.fixture(scope="module")
def rows(mall: Mall) -> Rows:
    return rows_of(mall)


def test_another_process_makes_the_same_rows_byte_for_byte(mall: Mall, rows: Rows) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT), "TZ": "America/Los_Angeles"}
    run = subprocess.run(
        [sys.executable, "-c", PRINT_DIGEST], env=environment, cwd=ROOT, capture_output=True, check=True
    )
    assert run.stdout.decode().strip() == digest(rows)
    assert planned(number=1).shops[0].id != mall.shops[0].id


async def test_the_database_reads_back_what_was_made(database: Settings, rows: Rows) -> None:
    done = await seed("tiny", anchor=NOON + timedelta(minutes=59))
    assert done.rows == {table: len(some) for table, some in sorted(rows.items())}
    for model in (Product, Sku, ShopOrder):
        expected = {row["id"]: row for row in rows[model._meta.db_table]}
        for instance in await model.all():
            row = expected[instance.id]
            assert {name: getattr(instance, name) for name in row if name != "options"} == {
                name: value for name, value in row.items() if name != "options"
            }
    address = await Address.all().order_by("id").first()
    assert address is not None
    key = (await keychain().of([KeyOf(address.member_id)]))[0]
    assert key is not None
    street = key.open(address.street_sealed, Spot(address.member_id, "address", "street_sealed", address.id))
    assert street.reveal().endswith("室")
    employed = await Staff.all().order_by("id").first()
    assert employed is not None
    key = (await keychain().of([KeyOf(employed.member_id, employed.shop_id)]))[0]
    assert key is not None
    assert key.open(employed.name_sealed, Spot(employed.member_id, "staff", "name_sealed", employed.id)) != Hidden("")


async def test_a_mall_is_never_seeded_over(database: Settings) -> None:
    with pytest.raises(Invalid) as unknown:
        await seed("huge", anchor=NOON)
    assert unknown.value.code == "seed.size"
    first = await seed("tiny", anchor=NOON)
    with pytest.raises(Conflict) as present:
        await seed("tiny", anchor=NOON)
    assert present.value.code == "seed.present"
    assert await ShopOrder.all().count() == SIZES["tiny"].orders
    heard: list[tuple[str, int, int]] = []
    again = await seed("tiny", anchor=NOON, fresh=True, progress=lambda *step: heard.append(step))
    assert again == first
    assert [stage for stage, done, total in heard if done == total and stage != heard[-1][0]][-1] == "promotions"


def test_every_section_of_home_has_rows_now_and_for_a_week(rows: Rows) -> None:
    listed = Counter(row["category_id"] for row in rows["product"] if row["state"] is ProductState.LISTED)
    assert sum(count >= 12 for count in listed.values()) >= 12
    last = NOON + 7 * DAY
    groups = [row for row in rows["buyer_group"] if row["state"] is GroupState.OPEN]
    assert len({row["item_id"] for row in groups}) == SIZES["tiny"].group_items
    assert all(row["expires_at"] >= last and 0 < row["taken"] < row["size"] for row in groups)
    offers = [row for row in rows["coupon_offer"] if row["starts_at"] <= NOON and row["ends_at"] >= last]
    assert len(offers) >= 8
    assert ("满100减30", 3_000, 10_000) in [(row["title"], row["amount"], row["threshold"]) for row in offers]
    entries = Counter((row["kind"], row["state"]) for row in rows["entry"])
    assert entries == {
        (EntryKind.BANNER, EntryState.PUBLISHED): entries[EntryKind.BANNER, EntryState.PUBLISHED],
        (EntryKind.ZONE, EntryState.PUBLISHED): entries[EntryKind.ZONE, EntryState.PUBLISHED],
        (EntryKind.NOTE, EntryState.PUBLISHED): 30,
        (EntryKind.VIDEO, EntryState.PUBLISHED): 6,
        (EntryKind.LIVE_ROOM, EntryState.LIVE): 4,
        (EntryKind.LIVE_ROOM, EntryState.PLANNED): 1,
        (EntryKind.LIVE_ROOM, EntryState.ENDED): 1,
    }
    linked = {row["entry_id"] for row in rows["entry_product"]}
    shown = (EntryKind.NOTE, EntryKind.VIDEO, EntryKind.LIVE_ROOM)
    assert linked == {row["id"] for row in rows["entry"] if row["kind"] in shown}
    assert {row["target_kind"] for row in rows["entry"]} - {None} == set(TargetKind)


def test_a_flash_sale_runs_in_every_hour_from_a_day_ago_to_a_week_ahead(rows: Rows) -> None:
    items = Counter(
        (row["starts_at"], row["ends_at"]) for row in rows["promotion_item"] if row["kind"] is PromotionKind.FLASH_SALE
    )
    hours = [NOON + number * HOUR for number in range(-24, 24 * 7)]
    assert items == {(hour, hour + HOUR): SIZES["tiny"].flash_items for hour in hours}


def test_promotions_are_below_the_price_and_quotas_above_what_was_sold(rows: Rows) -> None:
    prices = {row["id"]: row["price"] for row in rows["sku"]}
    assert {row["kind"] for row in rows["promotion"]} == set(PromotionKind)
    assert all(0 < row["price"] < prices[row["sku_id"]] for row in rows["promotion_item"])
    wanted = {row["id"] for row in rows["promotion_item"] if row["kind"] in ("FLASH_SALE", "GROUP_BUY")}
    assert {row["id"] for row in rows["quota"]} == wanted
    assert all(row["taken"] <= row["total"] for row in rows["quota"])
    places = Counter(row["group_id"] for row in rows["group_place"])
    assert places == {row["id"]: row["taken"] for row in rows["buyer_group"]}


def test_orders_add_up_to_trades_sales_popularity_and_scores(rows: Rows) -> None:
    orders = {row["id"]: row for row in rows["shop_order"]}
    assert len(orders) == SIZES["tiny"].orders
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    sold: Counter[str] = Counter()
    for line in rows["order_line"]:
        lines[line["order_id"]].append(line)
        sold[line["product_id"]] += line["quantity"] * (orders[line["order_id"]]["state"] in SOLD)
    for order in orders.values():
        assert order["payable"] == order["goods"] - order["discount"] + order["freight"]
        assert order["goods"] == sum(line["unit_price"] * line["quantity"] for line in lines[order["id"]])
        assert order["goods"] - order["discount"] == sum(line["payable"] for line in lines[order["id"]])
        assert order["placed_at"] < NOON
    paid: Counter[str] = Counter()
    for order in orders.values():
        paid[order["trade_id"]] += order["payable"]
    assert paid == {row["id"]: row["payable"] for row in rows["trade"]}
    by_leaf: Counter[str] = Counter()
    for product in rows["product"]:
        assert product["sales"] == sold[product["id"]]
        assert product["score"] == score_of(product["sales"], product["rating"], product["rating_count"])
        assert 420 <= product["rating"] <= 500
        by_leaf[product["category_id"]] += product["sales"]
    leaves = [row for row in rows["category"] if row["parent_id"]]
    assert {row["id"]: row["popularity"] for row in leaves} == {row["id"]: by_leaf[row["id"]] for row in leaves}


def test_coupons_are_counted_and_used_once(rows: Rows) -> None:
    taken = Counter(row["offer_id"] for row in rows["coupon"])
    assert {row["id"]: row["taken"] for row in rows["coupon_offer"]} == {
        row["id"]: taken[row["id"]] for row in rows["coupon_offer"]
    }
    used = {row["order_id"]: row["amount"] for row in rows["coupon"] if row["order_id"]}
    assert used == {row["id"]: row["discount"] for row in rows["shop_order"] if row["discount"]}
    assert used


def test_points_are_the_yuan_that_were_spent(rows: Rows) -> None:
    levels = {row["id"]: row for row in rows["level"]}
    spent: Counter[tuple[str, str | None]] = Counter()
    for order in rows["shop_order"]:
        if order["state"] in SOLD:
            spent[order["member_id"], None] += order["payable"]
            spent[order["member_id"], order["shop_id"]] += order["payable"]
    for row in rows["membership"]:
        assert row["points"] == spent[row["member_id"], row["shop_id"]] // 100
        level = levels[row["level_id"]]
        assert level["shop_id"] == row["shop_id"]
        higher = [one["threshold"] for one in levels.values() if one["shop_id"] == row["shop_id"]]
        assert level["threshold"] == max(threshold for threshold in higher if threshold <= row["points"])


def test_the_personas_are_who_they_are_said_to_be(mall: Mall, rows: Rows) -> None:
    people = {person.name: person for person in personas_of(mall.members, mall.staff, mall.helpers, mall.phones)}
    shop_a, shop_b = rows["shop"][0]["id"], rows["shop"][1]["id"]
    member = ("member", None, None)
    hats = {name: [(hat.hat, hat.shop_id, hat.role) for hat in person.hats] for name, person in people.items()}
    assert hats == {
        "buyer": [member],
        "dormant": [member],
        "owner-a": [("shop", shop_a, "OWNER"), member],
        "clerk-a": [("shop", shop_a, "CLERK"), member],
        "owner-b": [("shop", shop_b, "OWNER"), member],
        "manager-a": [("shop", shop_a, "MANAGER"), member],
        "finance-a": [("shop", shop_a, "FINANCE"), member],
        "redeemer-a": [("shop", shop_a, "REDEEMER"), member],
        "host-a": [("shop", shop_a, "HOST"), member],
        "hired": [("shop", shop_a, "OPERATOR"), ("shop", shop_b, "OPERATOR"), member],
        **{role.lower(): [("platform", None, role)] for role in PlatformRole},
        "partner": [("partner", None, None)],
        "supplier": [("supplier", None, None)],
    }
    jobs = {(row["member_id"], row["shop_id"], row["role"]) for row in rows["staff"]}
    worn = {(hat.subject, hat.shop_id, hat.role) for person in people.values() for hat in person.hats if hat.shop_id}
    assert worn <= jobs
    buyer, dormant = people["buyer"].hats[0].subject, people["dormant"].hats[0].subject
    golden = {row["id"] for row in rows["level"] if row["name"] == "金卡会员" and row["shop_id"]}
    assert len([row for row in rows["membership"] if row["member_id"] == buyer and row["level_id"] in golden]) >= 2
    bought: dict[str, list[datetime]] = defaultdict(list)
    for order in rows["shop_order"]:
        bought[order["member_id"]].append(order["placed_at"])
    assert max(bought[dormant]) < NOON - 180 * DAY
    assert max(bought[buyer]) > NOON - 60 * DAY
    hashes = {row["login_hash"]: row["secret"] for row in rows["credential"]}
    phones = [person.phone for person in people.values() if person.phone]
    hash_key = mall.keys().hash_key()
    assert set(hashes) == {hash_key.hash(Hidden(phone), purpose=LOGIN) for phone in phones}
    assert PasswordHasher().verify(next(iter(hashes.values())), PASSWORD)


def test_the_buyer_likes_best_what_a_mother_buys(mall: Mall, rows: Rows) -> None:
    buyer = next(member.id for member in mall.members if member.persona == "buyer")
    likes = sorted((row["weight"], row["category_id"]) for row in rows["affinity"] if row["member_id"] == buyer)
    names = {row["id"]: row["name"] for row in rows["category"]}
    assert {names[category] for _, category in likes[-2:]} <= {
        "奶粉辅食", "纸尿裤湿巾", "童装童鞋", "玩具益智", "孕产用品", "喂养洗护",
    }  # fmt: skip


def test_the_demo_is_as_big_as_it_is_said_to_be() -> None:
    demo = planned("demo")
    assert [len(demo.shops), len(demo.products), len(demo.members)] == [60, 3_000, 2_000]
    assert sum(member.orders for member in demo.members) == 20_000
    assert {shop.trade for shop in demo.shops} == set(Trade)
    assert {shop.city for shop in demo.shops} == {"上海", "北京", "广州", "深圳", "杭州", "成都"}
    assert len({shop.name for shop in demo.shops}) == 60
    listed = Counter(plan.leaf.slug for plan in demo.products if plan.listed)
    assert len(listed) == 60
    assert min(listed.values()) >= 12
    assert sum(count >= 50 for count in listed.values()) >= 16
    # A degree is some 111 km north and 95 km east in Shanghai; riders make a kilometre in four minutes.
    near = {
        shop.id
        for shop in demo.shops
        if shop.trade in (Trade.RETAIL, Trade.FRESH, Trade.RESTAURANT)
        for branch in shop.branches
        if (branch.latitude - 31_230_400) ** 2 * 12_321 + (branch.longitude - 121_473_700) ** 2 * 9_025
        < (2_800 * 1_000_000 // 1_000) ** 2
    }
    assert len(near) >= 12


@pytest.mark.parametrize("kind", [ProductKind.GOODS, ProductKind.DISH])
def test_price_tags_rise_with_the_price_and_never_above_it(kind: ProductKind) -> None:
    tags = [tag(fen, kind) for fen in range(50, 300_000, 7)]
    assert tags == sorted(tags)
    assert all(price <= fen for price, fen in zip(tags, range(50, 300_000, 7), strict=True))


def test_reduced_is_below_and_crossed_out_above() -> None:
    assert [reduced(price, 90) < price for price in (310, 990, 12_800)] == [True] * 3
    assert crossed_out(1_990, 150) == 2_890
    assert crossed_out(1_990, 101) is None


def test_the_demo_has_somebody_under_every_hat(mall: Mall) -> None:
    people = personas_of(mall.members, mall.staff, mall.helpers, mall.phones)
    worn = {frozenset(hat.scopes) for person in people for hat in person.hats}
    assert worn >= {scopes for hat, scopes in HATS.items() if hat != "guest" and not hat.startswith("service")}
