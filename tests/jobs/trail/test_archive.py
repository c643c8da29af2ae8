"""Old parts of a trail move into files that are checked like the trail, and what stays is still whole."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from jobs.trail import archive as module
from jobs.trail.archive import LEAST_KEPT, Archived, archive, verify_archive
from jobs.trail.sealer import seal
from jobs.trail.verify import verify
from kit import clock
from kit.errors import Conflict, Invalid, Refused
from models import seals
from models.audit import seals_of, trail_of
from tests.jobs.trail.chains import NOTARY, TRUSTED, by_force, sealed_acts
from tests.support.moments import DAY, NOON

pytestmark = pytest.mark.usefixtures("database")

LATER = NOON + LEAST_KEPT + DAY


async def old_and_new(*, old: int = 3) -> list[list[str]]:
    """`old` seals of NOON, and two of a moment that is not old enough to archive LATER."""
    with clock.at(NOON):
        ids = await sealed_acts(seals=old)
    with clock.at(NOON + 2 * DAY):
        return ids + await sealed_acts(seals=2)


async def moved(folder: Path) -> Archived:
    with clock.at(LATER):
        return await archive("orders", folder, TRUSTED)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if "mall.db" not in path.name]


async def kinds() -> list[str]:
    return [found.kind.value for found in (await verify("orders", TRUSTED)).findings]


async def test_what_is_old_goes_into_a_file_and_the_rest_stays_whole(tmp_path: Path) -> None:
    ids = await old_and_new()
    done = await moved(tmp_path)
    assert done == Archived("orders", 3, 9, tmp_path / "orders-1-3.jsonl.gz")
    assert await seals_of("orders").all().order_by("id").values_list("id", flat=True) == [4, 5]
    left = await trail_of("orders").all().order_by("id").values_list("id", "act")
    assert [id_ for id_, act in left if act != "trail.archived"] == sorted(ids[3] + ids[4])
    assert [act for _, act in left].count("trail.archived") == 1
    assert await seal("orders", NOTARY) == 1
    assert await kinds() == []
    assert done.file
    report = verify_archive(done.file, TRUSTED)
    assert (report.domain, report.seals, report.rows, report.findings) == ("orders", 3, 9, [])
    assert files(tmp_path) == [done.file]


async def test_the_newest_seal_stays_however_old(tmp_path: Path) -> None:
    with clock.at(NOON):
        await sealed_acts(seals=2)
    assert (await moved(tmp_path)).seals == 1
    assert (await moved(tmp_path)).file is None
    assert await seal("orders", NOTARY) == 1
    assert await kinds() == []


async def test_one_file_holds_no_more_than_a_transaction_should(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_SEALS", 2)
    await old_and_new()
    files = [(await moved(tmp_path)).file for _ in range(3)]
    assert files == [tmp_path / "orders-1-2.jsonl.gz", tmp_path / "orders-3-3.jsonl.gz", None]
    assert await kinds() == []


async def test_nothing_younger_than_six_months_is_moved(tmp_path: Path) -> None:
    await old_and_new()
    with clock.at(NOON + LEAST_KEPT):
        assert (await archive("orders", tmp_path, TRUSTED)).file is None
    with pytest.raises(Invalid, match="stays in the database for 184 days at least"):
        await archive("orders", tmp_path, TRUSTED, keep=LEAST_KEPT - timedelta(days=1))
    assert await trail_of("orders").all().count() == 15


async def test_a_trail_that_was_tampered_with_is_not_archived(tmp_path: Path) -> None:
    ids = await old_and_new()
    async with by_force():
        await trail_of("orders").filter(id=ids[0][0]).update(reason="x")
    with pytest.raises(Conflict, match=f"row {ids[0][0]} of seal 1 was changed"):
        await moved(tmp_path)
    assert await trail_of("orders").all().count() == 15
    assert files(tmp_path) == []


async def test_a_user_who_may_not_delete_archives_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def may_not(_: str) -> bool:
        return False

    monkeypatch.setattr(module, "may_delete", may_not)
    await old_and_new()
    with pytest.raises(Refused, match="only the user of the migrations"):
        await moved(tmp_path)


async def test_an_end_that_only_claims_to_be_archived_is_found(tmp_path: Path) -> None:
    await old_and_new()
    done = await moved(tmp_path)
    assert done.file
    first = await seals.seals_after("orders", 0, 1, until=9)
    async with by_force():
        gone = [id_ for id_, _ in first[0].records]
        await seals_of("orders").filter(id=4).delete()
        await trail_of("orders").filter(id__in=gone).delete()
        told = await trail_of("orders").get(act="trail.archived")
        await trail_of("orders").filter(id=told.id).update(object_id="orders#4")
    assert await kinds() == ["truncated"]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [(b'"done"', b'"won!"', "changed"), (b"ses_1_1", b"ses_9_9", "changed")],
)
async def test_a_changed_file_is_found(tmp_path: Path, old: bytes, new: bytes, kind: str) -> None:
    await old_and_new()
    file = (await moved(tmp_path)).file
    assert file
    text = gzip.decompress(file.read_bytes())
    assert old in text
    file.write_bytes(gzip.compress(text.replace(old, new, 1)))
    assert [found.kind.value for found in verify_archive(file, TRUSTED).findings] == [kind]


async def test_a_file_without_one_of_its_seals_or_rows_is_found(tmp_path: Path) -> None:
    await old_and_new()
    file = (await moved(tmp_path)).file
    assert file
    head, *lines = gzip.decompress(file.read_bytes()).splitlines()
    file.write_bytes(gzip.compress(b"\n".join([head, lines[0], lines[2]])))
    assert [found.kind.value for found in verify_archive(file, TRUSTED).findings] == ["missing"]
    line = orjson.loads(lines[1])
    line["rows"].pop()
    file.write_bytes(gzip.compress(b"\n".join([head, lines[0], orjson.dumps(line), lines[2]])))
    assert [found.kind.value for found in verify_archive(file, TRUSTED).findings] == ["missing"]


async def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    await old_and_new()
    file = (await moved(tmp_path)).file
    assert file
    whole = file.read_bytes()
    broken = tmp_path / "broken.gz"
    for content in (whole[:-20], b"nonsense"):
        broken.write_bytes(content)
        with pytest.raises(Invalid, match="cannot be read to its end"):
            verify_archive(broken, TRUSTED)
    broken.write_bytes(gzip.compress(b"{}"))
    with pytest.raises(Invalid, match="is no archive of a trail"):
        verify_archive(broken, TRUSTED)
