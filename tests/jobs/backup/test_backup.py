"""A shop's rows go into a file and come back from it, row for row; nobody else's are in it or touched by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.backup.reading import check, opened, rows_of
from jobs.backup.restoring import Counts, restore
from jobs.backup.saving import save
from kit.errors import Conflict, Invalid, NotFound, Refused
from kit.master_keys import LocalMasterKeys
from kit.settings import DEMO_MASTER_KEYS, DOMAINS, Settings
from models import copies
from models.belonging import Compared
from models.content.tables import EntryProduct
from models.members.privacy import Erasure
from models.orders.group import GroupPlace
from models.outbox import outbox_of
from models.products.tables import Product, Sku
from models.shops.tables import ShopsRecall, Staff
from tests.jobs.backup.shops import MASTERS, OF_A, destroy, everything, rows_of_shop, saved
from tests.support.moments import NOON
from tests.support.statements import models_of

pytestmark = pytest.mark.usefixtures("database", "noon")


async def test_destroyed_rows_come_back_row_for_row(tmp_path: Path) -> None:
    file = await saved(tmp_path)
    before = await everything()
    gone = await destroy()
    assert gone == OF_A
    assert await everything() != before
    done = await restore("shp_a", file, MASTERS)
    assert await everything() == before
    assert sum(counts.inserted for counts in done.tables.values()) == gone
    again = await restore("shp_a", file, MASTERS)
    assert await everything() == before
    assert all(counts == Counts(same=counts.same, kept=0) for counts in again.tables.values())


async def test_a_shop_comes_back_into_an_empty_mall(tmp_path: Path) -> None:
    file = await saved(tmp_path)
    before = await everything()
    for domain in DOMAINS:
        for model in models_of(domain):
            if not model._meta.db_table.endswith(("_audit", "_audit_seal")):
                await model.all().delete()
    await restore("shp_a", file, MASTERS)
    for domain in DOMAINS:
        for table in copies.tables_of(domain):
            if isinstance(table.belonging, Compared):
                continue
            theirs = {row["id"] for row in await rows_of_shop(table)}
            held = before[table.name]
            assert {row["id"]: row for row in await table.model.all().values()} == {id_: held[id_] for id_ in theirs}


async def test_the_file_holds_every_row_of_the_shop_and_no_other(tmp_path: Path) -> None:
    file = await saved(tmp_path)
    header, key = await opened(file, MASTERS)
    found = {name: {row["id"] for row in rows} for name, rows in rows_of(file, header, key)}
    for domain in DOMAINS:
        for table in copies.tables_of(domain):
            theirs = {row["id"] for row in await rows_of_shop(table)}
            assert theirs, f"the world has no {table.name} of the shop"
            expected = {id_ for id_ in theirs if not table.name.endswith("_audit")}
            assert expected <= found[table.name] <= theirs
            assert not {row["id"] for row in await rows_of_shop(table, "shp_b")} & found[table.name]
    assert b"shp_b" not in b"".join(repr(page).encode() for page in rows_of(file, header, key))


async def test_a_row_that_is_there_is_left_unless_it_is_to_be_set_back(tmp_path: Path) -> None:
    file = await saved(tmp_path)
    before = await everything()
    await Product.filter(id="prd_a").update(name="changed since")
    await EntryProduct.filter(entry_id="liv_a").update(position=9)
    await GroupPlace.filter(id="gpl_a").update(seat=9)
    stock = next(table for table in copies.tables_of("orders") if table.name == "stock")
    await stock.model.filter(shop_id="shp_a").update(on_hand=1)
    done = await restore("shp_a", file, MASTERS)
    assert (done.tables["product"].kept, done.tables["stock"].kept) == (1, 1)
    assert (await Product.get(id="prd_a")).name == "changed since"
    done = await restore("shp_a", file, MASTERS, overwrite=True)
    set_back = {name: counts.overwritten for name, counts in done.tables.items() if counts.overwritten}
    assert set_back == {"product": 1, "entry_product": 1}
    assert (done.tables["stock"].kept, done.tables["group_place"].kept) == (1, 1)
    after = await everything()
    assert (after["product"], after["entry_product"]) == (before["product"], before["entry_product"])
    assert after["stock"] != before["stock"]


async def test_whose_work_is_set_back_their_tokens_are_called_back(tmp_path: Path) -> None:
    file = await saved(tmp_path)
    clerk, finance = [await Staff.get(id=f"stf_a_{role}") for role in ("CLERK", "FINANCE")]
    await Staff.filter(id=clerk.id).update(role="OWNER")
    await Staff.filter(id=finance.id).update(member_id="mbr_heir")
    await restore("shp_a", file, MASTERS)
    assert await ShopsRecall.all().count() == 0, "nothing was set back"
    await restore("shp_a", file, MASTERS, overwrite=True)
    assert [staff.role for staff in await Staff.filter(member_id=clerk.member_id)] == ["CLERK"]
    called_back = {recall.subject for recall in await ShopsRecall.all()}
    assert called_back == {clerk.member_id, finance.member_id, "mbr_heir"}
    await restore("shp_a", file, MASTERS, overwrite=True)
    assert await ShopsRecall.all().count() == 3, "a second time calls nobody back"


async def test_rows_of_the_trail_are_compared_and_never_brought_back(tmp_path: Path) -> None:
    file = await saved(tmp_path)
    done = await restore("shp_a", file, MASTERS)
    assert done.tables["orders_audit"] == Counts(same=1)


async def test_an_id_that_is_another_shops_now_stops_it_all(tmp_path: Path) -> None:
    file = await saved(tmp_path)
    await destroy()
    await Sku.filter(id="sku_b").delete()
    await Sku.create(id="sku_a", product_id="prd_b", shop_id="shp_b", code="b", options=[], position=1, price=1)
    before = await everything()
    with pytest.raises(Conflict, match="ids of sku are another shop's now"):
        await restore("shp_a", file, MASTERS)
    assert await everything() == before


async def test_a_part_of_another_shops_row_stops_it_all(tmp_path: Path) -> None:
    file = await saved(tmp_path)
    linked = await EntryProduct.filter(entry_id="liv_a").first()
    assert linked
    await EntryProduct.filter(id=linked.id).update(entry_id="liv_b", product_id="prd_other")
    before = await everything()
    with pytest.raises(Conflict, match="ids of entry_product are another shop's now"):
        await restore("shp_a", file, MASTERS)
    assert await everything() == before


async def test_what_does_not_go_beside_what_is_there_stops_it_all(tmp_path: Path) -> None:
    file = await saved(tmp_path)
    await destroy()
    await Product.create(
        **{**(await Product.filter(id="prd_b").values())[0], "id": "prd_new", "shop_id": "shp_a", "code": "a"}
    )
    before = await everything()
    with pytest.raises(Conflict, match="rows of product do not go beside those that are there"):
        await restore("shp_a", file, MASTERS)
    assert await everything() == before


async def test_every_flipped_byte_is_refused_and_nothing_is_changed(tmp_path: Path) -> None:
    file = await saved(tmp_path)
    await destroy()
    before, whole = await everything(), file.read_bytes()
    places = [*range(0, 400), *range(400, len(whole), 97), len(whole) - 1]
    broken = tmp_path / "broken.backup"
    for place in places:
        broken.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises((Refused, Invalid)):
            await restore("shp_a", broken, MASTERS)
    for content in (b"", whole[:-1], whole[:-17], whole + b"x"):
        broken.write_bytes(content)
        with pytest.raises((Refused, Invalid)):
            await restore("shp_a", broken, MASTERS)
    assert await everything() == before


async def test_another_key_or_another_shop_is_refused(tmp_path: Path) -> None:
    file = await saved(tmp_path)
    await destroy()
    before = await everything()
    for keys in ({"demo": b"x" * 32}, {"second": DEMO_MASTER_KEYS["demo"]}):
        with pytest.raises(Refused, match="the keys at hand do not open this backup"):
            await restore("shp_a", file, LocalMasterKeys(keys))
    with pytest.raises(Refused, match="the backup of another shop"):
        await restore("shp_b", file, MASTERS)
    assert await everything() == before


async def test_a_backup_outlives_the_master_key_that_was_current(tmp_path: Path) -> None:
    file = await saved(tmp_path)
    before = await everything()
    await destroy()
    await restore("shp_a", file, LocalMasterKeys({"second": b"n" * 32, **DEMO_MASTER_KEYS}))
    assert await everything() == before


async def test_the_file_tells_nothing_without_its_key(tmp_path: Path) -> None:
    content = (await saved(tmp_path)).read_bytes()
    assert not any(word.encode() in content for word in ("prd_a", "mbr_a", "茶铺", "小林"))
    assert (tmp_path / "shop.backup").stat().st_mode & 0o777 == 0o600


async def test_there_is_no_backup_of_no_shop(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no such shop"):
        await save("shp_none", tmp_path / "x", MASTERS)


async def test_a_file_says_itself_what_it_holds(tmp_path: Path) -> None:
    file = await saved(tmp_path)
    header, key = await opened(file, MASTERS)
    counted = check(file, header, key)
    assert counted["product"] == 6
    assert header.of == "shp_a"


async def test_who_was_erased_since_does_not_come_back(tmp_path: Path) -> None:
    file = await saved(tmp_path)
    await Erasure.create(id="ers_a", person_id="mbr_a_clerk", at=NOON)
    await copies.erase_again(["mbr_a_clerk"])
    assert not await Staff.exists(member_id="mbr_a_clerk")
    before = await everything()
    await destroy()
    done = await restore("shp_a", file, MASTERS)
    assert done.erased == {"mbr_a_clerk"}
    assert await everything() == before


async def test_caches_of_other_processes_are_told_what_came_back(tmp_path: Path) -> None:
    file = await saved(tmp_path)
    await destroy()
    await outbox_of("products").all().delete()
    await restore("shp_a", file, MASTERS)
    [told] = await outbox_of("products").all()
    assert (told.kind, told.body["sku"]) == ("Changed", {"id": ["sku_a"]})


async def test_rows_of_an_older_form_of_their_table_get_what_is_new(database: Settings) -> None:
    coupons = next(table for table in copies.tables_of("orders") if table.name == "coupon")
    whole = {**dict.fromkeys(coupons.model._meta.fields_db_projection, ""), "currency": "CNY", "order_id": None}
    assert copies.completed(coupons, whole) == whole
    assert copies.completed(coupons, without(whole, "currency", "order_id")) == whole
    for other in ({**whole, "gone": 1}, without(whole, "amount")):
        with pytest.raises(Invalid, match="the rows of coupon are of another form than the table's"):
            copies.completed(coupons, other)


def without(row: copies.Plain, *names: str) -> copies.Plain:
    return {name: value for name, value in row.items() if name not in names}
