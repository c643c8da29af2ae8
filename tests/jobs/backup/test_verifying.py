"""A backup is relied on only where it came back once: each day's are brought back into a database of no use else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from jobs.backup import daily, restoring
from jobs.backup.daily import KEPT, back_up_all, back_up_shops, scratch_database
from jobs.backup.saving import save
from jobs.backup.verifying import verify
from jobs.schedule import timetable
from kit import clock
from kit.errors import Conflict, Refused
from kit.settings import Settings
from models import copies
from models.base import open_database
from models.copies import Plain, Table
from tests.jobs.backup.shops import MASTERS, build, saved
from tests.support.databases import apart
from tests.support.moments import NOON

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def mall(empty_mall: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A mall of two shops, which the environment names."""
    monkeypatch.setenv("DATABASE_URL", empty_mall.database_url)
    monkeypatch.setenv("JISHI_HOME", str(tmp_path))

    async def fill() -> None:
        async with open_database(empty_mall):
            await build()

    apart(fill())
    return Settings.read()


@pytest.fixture
async def file(empty_mall: Settings, tmp_path: Path) -> Path:
    """A backup; the mall that it is of is closed."""
    async with open_database(empty_mall):
        return await saved(tmp_path)


async def test_a_backup_that_comes_back_as_it_is_is_verified(empty_mall: Settings, file: Path) -> None:
    async with scratch_database(empty_mall):
        rows = await verify(file, MASTERS)
    assert (sum(rows.values()), rows["product"]) == (47, 6)


@pytest.mark.parametrize("lost", ["product", "group_place"])
async def test_a_restore_that_loses_a_row_is_found(
    empty_mall: Settings, file: Path, lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the restore itself does not notice."""
    put = copies.put

    async def losing(table: Table, rows: list[Plain]) -> None:
        await put(table, rows[:-1] if table.name == lost else rows)

    async def unseen(table: Table, missing: list[Plain], set_back: list[Plain]) -> None:
        await losing(table, missing)

    monkeypatch.setattr(copies, "put", losing)
    async with scratch_database(empty_mall):
        with pytest.raises(Conflict, match=f"rows of {lost} did not come back as they were"):
            await verify(file, MASTERS)
    monkeypatch.setattr(restoring, "_write", unseen)
    async with scratch_database(empty_mall):
        with pytest.raises(Refused, match=f"rows of {lost} do not come back as they are in the file"):
            await verify(file, MASTERS)


async def test_all_shops_go_into_the_folder_each_verified(mall: Settings) -> None:
    done = await back_up_all(mall)
    assert [(one.shop_id, one.file.name) for one in done.verified] == [
        ("shp_a", "shp_a-20261122T040000Z.backup"),
        ("shp_b", "shp_b-20261122T040000Z.backup"),
    ]
    assert {path.name for path in mall.backups.iterdir()} == {one.file.name for one in done.verified}
    assert (done.failed, done.forgotten) == ({}, 0)


async def test_files_go_a_month_later_but_never_the_last_good_one(
    mall: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await back_up_all(mall)
    (mall.backups / ".shp_b-20261022T040000Z.backup.new").write_bytes(b"half of it")

    async def failing(path: Path, masters: object) -> dict[str, int]:
        if "shp_a" in path.name:
            raise Refused("backup.differs", "planted")
        return {}

    monkeypatch.setattr(daily, "verify", failing)
    with clock.at(NOON + KEPT + timedelta(seconds=1)):
        done = await back_up_all(mall)
    assert (done.failed, done.forgotten) == ({"shp_a": "planted"}, 2)
    assert [one.file.exists() for one in first.verified] == [True, False]
    assert len([*mall.backups.iterdir()]) == 3


async def test_a_shop_that_fails_keeps_no_other_from_its_backup(
    mall: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(shop_id: str, path: Path, masters: object) -> object:
        if shop_id == "shp_a":
            raise OSError(28, "No space left on device")
        return await save(shop_id, path, MASTERS)

    monkeypatch.setattr(daily, "save", failing)
    done = await back_up_all(mall)
    assert [one.shop_id for one in done.verified] == ["shp_b"]
    assert done.failed == {"shp_a": "[Errno 28] No space left on device"}


async def test_it_runs_once_a_day_in_a_process_of_its_own(mall: Settings, caplog: pytest.LogCaptureFixture) -> None:
    assert timetable(mall)[back_up_shops] == "20 19 * * *"
    await back_up_shops()
    assert sorted(path.name[:6] for path in mall.backups.iterdir()) == ["shp_a-", "shp_b-"]
    assert caplog.messages == []


async def test_a_day_without_a_backup_cries_out(
    mall: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("BACKUPS", "/dev/null/nowhere")
    await back_up_shops()
    assert caplog.messages == ["not every shop was backed up: exit code 1"]
