"""The backup of keys: whole or refused, and never a way back for who was erased."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex

import pytest

from jobs import erasures, key_backup
from jobs.backup.restoring import restore
from jobs.backup.saving import save
from jobs.backup.vessel import CHUNK_BYTES
from kit import clock
from kit.errors import Conflict, Invalid, Refused
from kit.keychain import PLATFORM, KeyOf
from kit.master_keys import LocalMasterKeys
from kit.settings import DEMO_MASTER_KEYS
from models.base import unit_of_work
from models.members.privacy import APART, Erasure, KeeperKey, PersonKey
from services.members.privacy.erasure import erase_member, note_erasure
from tests.factories import keys
from tests.factories import members as make
from tests.factories import shops as make_shop
from tests.support.moments import NOON

pytestmark = pytest.mark.usefixtures("database", "noon")

MASTERS = LocalMasterKeys(DEMO_MASTER_KEYS)
PEOPLE = [f"mbr_{n}" for n in range(7)]


@pytest.fixture
async def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup of seven people's keys, in pages of three rows, and of an erasure."""
    monkeypatch.setattr(key_backup, "ROWS", 3)
    for person in PEOPLE:
        await keys.person(person)
    async with unit_of_work("members"):
        await note_erasure("mbr_gone", clock.now())
    path = tmp_path / "keys.backup"
    assert await key_backup.write_backup(path, MASTERS) == 9
    return path


async def lost() -> None:
    for model in APART:
        await model.all().delete()


async def test_lost_keys_come_back(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    await lost()
    assert await key_backup.restore_backup(file, MASTERS) == 9
    assert [key is not None for key in await keys.keychain().of([KeyOf(person) for person in PEOPLE])] == [True] * 7
    assert [(row.person_id, row.at) for row in await Erasure.all()] == [("mbr_gone", NOON)]
    assert await key_backup.restore_backup(file, MASTERS) == 0, "what is there stays as it is"


async def test_the_file_tells_nothing_without_the_master_key(file: Path) -> None:
    content = file.read_bytes()
    assert b"mbr_" not in content
    assert all(key.wrapped.encode() not in content for key in await PersonKey.all())
    for others in ({"other": b"o" * 32}, {"demo": b"o" * 32}):
        with pytest.raises(Refused, match="the keys at hand do not open this backup"):
            await key_backup.restore_backup(file, LocalMasterKeys(others))


async def test_a_changed_or_missing_byte_anywhere_is_refused_and_nothing_is_changed(file: Path) -> None:
    await lost()
    whole = file.read_bytes()
    places = [*range(0, len(whole), 37), len(whole) - 1]
    for place in places:
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises((Invalid, Refused)):
            await key_backup.restore_backup(file, MASTERS)
        file.write_bytes(whole[:place])
        with pytest.raises((Invalid, Refused)):
            await key_backup.restore_backup(file, MASTERS)
    assert [await model.all().count() for model in APART] == [0, 0, 0]


async def test_a_file_that_is_broken_at_its_end_brings_nothing_of_its_beginning(tmp_path: Path) -> None:
    people = [
        PersonKey(id=f"pky_{n:04}", person_id=f"mbr_{n}", keeper=PLATFORM, keeper_key_id="kky_1", wrapped=token_hex(60))
        for n in range(3_000)
    ]
    await PersonKey.bulk_create(people, batch_size=500)
    path = tmp_path / "keys.backup"
    await key_backup.write_backup(path, MASTERS)
    whole = path.read_bytes()
    assert len(whole) > 2 * CHUNK_BYTES
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    await lost()
    with pytest.raises(Refused):
        await key_backup.restore_backup(path, MASTERS)
    assert await PersonKey.all().count() == 0


async def test_the_backup_of_a_shop_brings_no_keys(file: Path, tmp_path: Path) -> None:
    shop = await make_shop.shop(id="shp_a")
    path = tmp_path / "shop.backup"
    await save(shop.id, path, MASTERS)
    with pytest.raises(Invalid, match="this is no backup of keys"):
        await key_backup.restore_backup(path, MASTERS)
    with pytest.raises(Refused, match="this is the backup of another shop"):
        await restore(shop.id, file, MASTERS)


async def test_a_file_is_never_overwritten(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(Conflict):
        await key_backup.write_backup(file, MASTERS)
    assert file.read_bytes() == before


async def test_who_was_erased_since_is_erased_again(file: Path, tmp_path: Path) -> None:
    await make.member(id="mbr_3")
    journal = tmp_path / "erasures.jsonl"
    async with unit_of_work("members"):
        erased = await erase_member("mbr_3", viewer=None)
    erasures._append(journal, "mbr_3", erased.at)
    await lost()
    await key_backup.restore_backup(file, MASTERS)
    assert await PersonKey.exists(person_id="mbr_3")
    await erasures.replay(journal)
    assert not await PersonKey.exists(person_id="mbr_3")
    assert await PersonKey.all().count() == 6
    assert await KeeperKey.all().count() == 1
