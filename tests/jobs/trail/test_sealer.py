"""Every row is sealed once, however acts and sealers run into each other, and no act waits for a sealer."""

from __future__ import annotations

import asyncio
import contextvars
import os
import signal
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jobs.trail.anchors import Anchor, Anchors, append, read
from jobs.trail.sealer import keep_sealing, notary_of, seal
from jobs.trail.verify import verify
from kit.errors import Conflict
from kit.notary import Notary
from kit.settings import DOMAINS, Settings
from kit.viewer import GUEST
from models import seals
from models.acts import Act
from models.audit import seals_of, trail_of, unsealed_of
from models.base import open_database, unit_of_work
from services.audit import record
from tests.jobs.trail.chains import NOTARY, TRUSTED, act, sealed_acts
from tests.support.databases import DEVELOPMENT, mysql_url
from tests.support.moments import NOON

ROOT = Path(__file__).parents[3]
WRITERS, ACTS = 3, 20


async def under_seals(domain: str = "orders") -> list[str]:
    """The ids under all seals, in the order of the chain."""
    rows = await seals_of(domain).all().order_by("id").values_list("records", flat=True)
    return [id_ for records in rows for id_, _ in records]


@pytest.mark.usefixtures("database", "noon")
async def test_a_seal_holds_its_rows_and_the_hash_of_the_one_before() -> None:
    ids = await sealed_acts(seals=2)
    first, second = await seals_of("orders").all().order_by("id").values()
    assert (first["id"], first["at"], first["size"], first["previous"]) == (1, NOON, 3, "")
    assert [id_ for id_, _ in first["records"]] == ids[0]
    assert (second["id"], second["previous"]) == (2, first["hash"])
    assert first["hash"] == seals.seal_hash("orders", 1, NOON, first["records"], "")
    assert TRUSTED.trust(first["hash"], signature=first["signature"], key_id=first["key_id"])
    assert await unsealed_of("orders").all().count() == 0
    assert await seal("orders", NOTARY) == 0


@pytest.mark.usefixtures("database")
async def test_a_row_that_commits_late_is_sealed_after_rows_of_later_ids() -> None:
    late = await trail_of("orders").create(
        **{**await a_row(), "id": "aud_00000000000000000000000000"}  # older than all that come
    )
    first = await act()
    assert await seal("orders", NOTARY) == 1
    await unsealed_of("orders").create(id=late.id)
    assert await seal("orders", NOTARY) == 1
    assert await under_seals() == [first, late.id]
    assert (await verify("orders", TRUSTED)).findings == []


async def a_row() -> dict[str, object]:
    id_ = await act("content")
    [row] = await trail_of("content").filter(id=id_).values()
    return row


@pytest.mark.usefixtures("database")
async def test_two_sealers_make_one_chain() -> None:
    for _ in range(5):
        await act()
        assert sorted(await asyncio.gather(seal("orders", NOTARY), seal("orders", NOTARY))) == [0, 1]
    report = await verify("orders", TRUSTED)
    assert (report.seals, report.rows, report.findings) == (5, 5, [])


@pytest.mark.usefixtures("database")
async def test_the_second_who_makes_a_seal_gets_a_conflict() -> None:
    await sealed_acts(seals=1)
    made = await seals.newest("orders")
    assert made
    with pytest.raises(Conflict, match="another sealer made seal 1 of orders"):
        await seals.add("orders", replace(made, hash="another"))


@pytest.mark.usefixtures("database")
async def test_the_chain_stays_one_when_its_key_changes() -> None:
    await sealed_acts(seals=1)
    await act()
    other = Notary(Ed25519PrivateKey.from_private_bytes(b"o" * 32))
    assert await seal("orders", other) == 1
    assert [found.kind for found in (await verify("orders", TRUSTED)).findings] == ["forged"]
    both = type(TRUSTED)([NOTARY.public, other.public])
    assert (await verify("orders", both)).findings == []


@pytest.mark.usefixtures("database")
async def test_writers_and_sealers_at_once_leave_each_row_under_one_seal() -> None:
    async def write(name: int) -> list[str]:
        return [await act(object_id=f"ses_{name}_{number}") for number in range(ACTS)]

    sealers = [asyncio.create_task(keep_sealing(NOTARY, Anchors(Path(os.devnull)), ["orders"])) for _ in range(2)]
    written = await asyncio.gather(*(write(name) for name in range(WRITERS)))
    while await seals.waiting("orders", 1):
        await asyncio.sleep(0.01)
    for sealer in sealers:
        sealer.cancel()
    await asyncio.gather(*sealers, return_exceptions=True)
    sealed = Counter(await under_seals())
    assert sealed == Counter(id_ for ids in written for id_ in ids)
    assert (await verify("orders", TRUSTED)).findings == []


@pytest.mark.usefixtures("database")
@pytest.mark.skipif(mysql_url() is None, reason="SQLite has one transaction at a time")
async def test_an_act_that_takes_long_holds_up_neither_the_sealer_nor_other_acts() -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow() -> str:
        async with unit_of_work("orders"):
            id_ = await record("orders", Act.SESSION_OPENED, viewer=GUEST, object_id="slow")
            begun.set()
            await may_end.wait()
        return id_

    task = asyncio.create_task(slow())
    await begun.wait()
    quick = [await act(object_id=f"quick_{number}") for number in range(5)]
    async with asyncio.timeout(30), unit_of_work("orders"):  # which a sealer does not leave before the act beside it
        assert await seal("orders", NOTARY) == 5
        beside = await asyncio.create_task(act(object_id="beside"), context=contextvars.Context())
    assert await seal("orders", NOTARY) == 1
    may_end.set()
    late = await task
    assert await seal("orders", NOTARY) == 1
    assert await under_seals() == [*quick, beside, late]


ACT_UNTIL_KILLED = """
import asyncio, sys
from kit.settings import DOMAINS, Settings
from kit.viewer import GUEST
from jobs.trail.anchors import Anchors
from jobs.trail.sealer import keep_sealing, notary_of
from models.acts import Act
from models.base import open_database, unit_of_work
from services.audit import record

async def act():
    number = 0
    while True:
        async with unit_of_work("orders"):
            await record("orders", Act.SESSION_OPENED, viewer=GUEST, object_id=f"ses_{number}")
        number += 1
        print(number, flush=True)

async def main():
    settings = Settings.read()
    async with open_database(settings):
        await asyncio.gather(act(), keep_sealing(notary_of(settings), Anchors(settings.audit_anchors), DOMAINS))

asyncio.run(main())
"""


async def test_a_process_that_is_killed_leaves_no_act_without_its_row_and_no_row_without_a_seal(
    empty_mall: Settings, tmp_path: Path
) -> None:
    settings = Settings.read({"DATABASE_URL": empty_mall.database_url, "JISHI_HOME": str(tmp_path), **DEVELOPMENT})
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "JISHI_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        **DEVELOPMENT,
    }
    told = 0
    for _ in range(2):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", ACT_UNTIL_KILLED, env=environment, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout
        for _ in range(40):
            line = await process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        told += max([int(line), *map(int, (await process.stdout.read()).split())])
        await process.wait()
    notary = notary_of(settings)
    async with open_database(settings):
        while await seal("orders", notary):
            pass
        rows = await trail_of("orders").all().count()
        assert told <= rows <= told + 2  # each process may have died between its commit and its word
        report = await verify("orders", type(TRUSTED)([notary.public]), read(settings.audit_anchors))
    assert (report.rows, report.waiting, report.findings) == (rows, 0, [])


@pytest.mark.usefixtures("database", "noon")
async def test_the_newest_seals_are_noted_once(tmp_path: Path) -> None:
    anchors = Anchors(tmp_path / "folder" / "anchors.jsonl", every=0)
    await sealed_acts("orders", seals=2)
    await anchors.note(DOMAINS)
    await anchors.note(DOMAINS)
    await sealed_acts("content", seals=1)
    await anchors.note(DOMAINS)
    ends = {domain: await seals.newest(domain) for domain in ("orders", "content")}
    expected = [Anchor(name, end.number, end.hash) for name, end in ends.items() if end]
    assert read(tmp_path / "folder" / "anchors.jsonl") == expected


@pytest.mark.usefixtures("database")
async def test_anchors_wait_until_it_is_time(tmp_path: Path) -> None:
    anchors = Anchors(tmp_path / "anchors.jsonl", every=3_600)
    await sealed_acts(seals=1)
    await anchors.note(DOMAINS)
    await act()
    await seal("orders", NOTARY)
    await anchors.note(DOMAINS)
    assert [anchor.number for anchor in read(tmp_path / "anchors.jsonl")] == [1]


def test_a_line_that_a_crash_has_torn_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    before, after = Anchor("orders", 1, "a"), Anchor("orders", 2, "b")
    append(path, [before])
    with path.open("ab") as file:
        file.write(b'\n{"domain":"ord')
    append(path, [after])
    assert read(path) == [before, after]
    assert read(tmp_path / "none.jsonl") == []


def test_the_demo_makes_its_key_and_a_mall_must_have_one(tmp_path: Path) -> None:
    demo = Settings.read({"JISHI_HOME": str(tmp_path / "home")})
    assert notary_of(demo).key_id == notary_of(demo).key_id
    with pytest.raises(FileNotFoundError):
        notary_of(replace(demo, development=False, audit_key=tmp_path / "none.pem"))
