"""Who was erased is gone from every domain, stays so after a restore, and what comes late goes too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs import erasures, reactions
from jobs.__main__ import main
from kit import clock
from kit.errors import NotFound
from kit.settings import DOMAINS, Settings
from models.base import Row, open_database, unit_of_work
from models.content.tables import Entry, EntryProduct
from models.laws import KEPT
from models.members.account import Address, Member
from models.members.news import MembersOutbox
from models.members.privacy import Erasure, PersonKey
from models.members.session import Credential
from models.orders.order import IdempotencyRow
from models.personal import Deleted, Kept, Scrubbed, declarations, personal_tables, rows_about
from models.products.tables import Affinity
from models.states import EntryKind
from services import privacy
from services.members.privacy.erasure import erase_member
from tests.factories import content as make_content
from tests.factories import keys
from tests.support.databases import apart, mysql_url
from tests.support.mall import persona
from tests.support.moments import DAY, NOON
from tests.support.statements import models_of


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "journal" / "erasures.jsonl"
    erasures.use_journal(path)
    yield path
    erasures._Running.journal = None


async def rows_of(person_id: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """All that every domain stores about a person, by table and fate."""
    found = {}
    for domain in DOMAINS:
        for model, personal in personal_tables(domain):
            rows = await rows_about(domain, model, personal, person_id)
            if rows:
                found[model._meta.db_table, type(personal.fate).__name__] = rows
    return found


async def erased(person_id: str) -> None:
    """The member leaves, and every domain hears of it; twice, as facts do."""
    async with unit_of_work("members"):
        await erase_member(person_id, viewer=None)
    told = await MembersOutbox.get(kind="PersonErased")
    for _ in range(2):
        await reactions.react(told.id, told.kind, told.body)


async def busy_buyer(settings: Settings) -> str:
    """The buyer of the tiny mall, with something in every domain."""
    buyer = persona(settings, "buyer").member_id
    assert buyer is not None
    await make_content.entry(EntryKind.NOTE, author_id=buyer, author_name="豆豆妈妈", products=["prd_1"])
    await make_content.entry(EntryKind.LIVE_ROOM, author_id=buyer, author_name="豆豆妈妈", products=["prd_1"])
    await IdempotencyRow.create(id=f"{buyer}/key", asked="0" * 64, answer={}, at=NOON)
    return buyer


async def test_what_is_stored_of_a_person_goes_or_is_kept_as_its_table_says(
    tiny_mall: Settings, noon: None, journal: Path
) -> None:
    buyer = await busy_buyer(tiny_mall)
    before = await rows_of(buyer)
    assert {table for table, _ in before} >= {
        "member", "address", "credential", "membership", "viewing", "person_key",
        "affinity", "shop_order", "order_line", "trade", "coupon", "orders_idempotency", "entry", "entry_product",
    }  # fmt: skip
    others = await Address.exclude(member_id=buyer).count(), await Affinity.exclude(member_id=buyer).count()
    await erased(buyer)
    after = await rows_of(buyer)
    assert {fate for _, fate in after} == {"Kept", "Scrubbed"}
    kept = {key: rows for key, rows in before.items() if key[1] == "Kept"}
    assert {key: rows for key, rows in after.items() if key in kept} == kept, "what the law keeps is as it was"
    member, entry = after["member", "Scrubbed"][0], after["entry", "Scrubbed"][0]
    assert (member["nickname"], member["avatar"], member["phone_sealed"]) == ("已注销用户", "", "")
    assert (entry["author_name"], entry["author_avatar"], entry["kind"]) == ("已注销用户", "", EntryKind.LIVE_ROOM)
    assert await Entry.filter(author_id=buyer, kind=EntryKind.NOTE).count() == 0
    assert await EntryProduct.filter(entry_id=entry["id"]).count() == 1
    assert (await Address.exclude(member_id=buyer).count(), await Affinity.exclude(member_id=buyer).count()) == others


def test_whatever_a_table_keeps_is_named_to_who_leaves() -> None:
    fates = [one.fate for domain in DOMAINS for model in models_of(domain) for one in declarations(model)]
    assert [fate for fate in fates if isinstance(fate, Kept) and fate not in KEPT] == []
    assert {type(fate) for fate in fates} == {Deleted, Kept, Scrubbed}


async def test_an_erasure_is_written_down_outside_the_database(tiny_mall: Settings, noon: None, journal: Path) -> None:
    buyer = await busy_buyer(tiny_mall)
    await erased(buyer)
    assert journal.stat().st_mode & 0o777 == 0o600
    assert {person for person, _ in erasures.written_down(journal)} == {buyer}
    with journal.open("ab") as file:
        file.write(b'{"person_id": "mbr_cut')
    assert {person for person, _ in erasures.written_down(journal)} == {buyer}
    assert list(erasures.written_down(journal.with_name("none"))) == []


async def backup(buyer: str) -> dict[type[Row], list[dict[str, Any]]]:
    """What an ordinary backup holds of the buyer: all but keys and erasures."""
    tables: tuple[type[Row], ...] = (Member, Address, Credential, Affinity)
    columns = {Member: "id"}
    return {model: await model.filter(**{columns.get(model, "member_id"): buyer}).values() for model in tables}


async def restore(saved: dict[type[Row], list[dict[str, Any]]]) -> None:
    """The rows as they were."""
    for model, rows in saved.items():
        for row in rows:
            await model.filter(id=row["id"]).delete()
            await model.create(**row)


@pytest.mark.parametrize("journal_table_lost", [False, True])
async def test_a_restored_backup_opens_nothing_of_who_was_erased_and_a_replay_erases_again(
    tiny_mall: Settings, noon: None, journal: Path, journal_table_lost: bool
) -> None:
    buyer = await busy_buyer(tiny_mall)
    saved = await backup(buyer)
    await erased(buyer)
    await restore(saved)
    if journal_table_lost:
        await Erasure.all().delete()
    assert await Address.filter(member_id=buyer).count() > 0
    copied = await privacy.copies("members", buyer, keys.keychain())
    shown = str([row for copy in copied if copy.table in {"address", "member"} for row in copy.rows])
    assert "'street': None" in shown, "its key is gone: a backup brings back nothing that could be read"
    touched = await erasures.replay(journal)
    assert touched["persons"] == 1
    assert touched["members"] > 0
    member = await Member.get(id=buyer)
    assert (member.nickname, member.phone_sealed, member.erased_at) == ("已注销用户", "", NOON)
    for model in (Address, Credential, Affinity):
        assert await model.filter(member_id=buyer).count() == 0, model
    assert [row.person_id for row in await Erasure.all()] == [buyer]


async def test_what_comes_late_goes_in_the_nights_sweep(tiny_mall: Settings, noon: None, journal: Path) -> None:
    buyer = await busy_buyer(tiny_mall)
    await erased(buyer)
    await PersonKey.create(id="pky_late", person_id=buyer, keeper="platform", keeper_key_id="kky", wrapped="late")
    await Affinity.create(id="aff_late", member_id=buyer, category_id="cat_1", weight=3)
    with clock.at(NOON + 31 * DAY):
        await erasures.sweep()
    assert await Affinity.exists(id="aff_late"), "too long ago: only a replay looks so far back"
    with clock.at(NOON + DAY):
        await erasures.sweep()
    assert not await Affinity.exists(id="aff_late")
    assert not await PersonKey.exists(person_id=buyer)


async def test_no_key_is_made_for_who_was_erased_while_their_token_still_holds(
    tiny_mall: Settings, noon: None, journal: Path
) -> None:
    buyer = await busy_buyer(tiny_mall)
    await erased(buyer)
    with pytest.raises(NotFound) as refused:
        await keys.person(buyer)
    assert refused.value.code == "member.unknown"
    assert not await PersonKey.exists(person_id=buyer)


@pytest.mark.skipif(mysql_url() is not None, reason="a copy of a file is SQLite's")
def test_an_old_copy_of_the_whole_database_opens_nothing_after_a_replay(
    seeded_mall: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Keys and all come back with the file; what the journal beside it says does not."""
    buyer = persona(seeded_mall, "buyer").member_id
    assert buyer is not None
    file = Path(seeded_mall.database_url.removeprefix("sqlite://"))
    old = shutil.copyfile(file, tmp_path / "old.db")
    opened: list[int] = []

    async def leave() -> None:
        erasures.use_journal(seeded_mall.erasure_journal)
        async with open_database(seeded_mall):
            await erased(buyer)

    async def look() -> None:
        async with open_database(seeded_mall):
            opened.append(
                await Address.filter(member_id=buyer).count() + await PersonKey.filter(person_id=buyer).count()
            )

    apart(leave())
    apart(look())
    shutil.copyfile(old, file)
    apart(look())
    monkeypatch.setenv("DATABASE_URL", seeded_mall.database_url)
    monkeypatch.setenv("JISHI_HOME", str(seeded_mall.home))
    assert main(["replay-erasures"]) == 0
    apart(look())
    assert capsys.readouterr().out.startswith("erased 1 persons again; rows touched: ")
    assert (opened[0], opened[1] > 1, opened[2]) == (0, True, 0)
    erasures._Running.journal = None
