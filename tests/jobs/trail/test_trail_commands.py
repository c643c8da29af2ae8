"""The trail on the command line: what is printed, what is written, and the exit code."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jobs.__main__ import main
from jobs.embedded import working
from jobs.trail import anchors
from jobs.trail.sealer import notary_of, seal
from kit import clock
from kit.notary import public_pem
from kit.settings import Settings
from models import seals
from models.audit import trail_of
from models.base import open_database
from tests.jobs.trail.chains import act, by_force
from tests.support.databases import apart
from tests.support.moments import NOON

WHOLE = "{domain}: whole ({rows} rows under {seals} seals)\n"


@pytest.fixture
def mall(empty_mall: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A mall without rows and with files of its own, which the environment names."""
    monkeypatch.setenv("DATABASE_URL", empty_mall.database_url)
    monkeypatch.setenv("JISHI_HOME", str(tmp_path))
    return Settings.read()


def within(settings: Settings, work: Callable[[], Awaitable[Any]]) -> None:
    """Do `work` in the open database, as another process would."""

    async def run() -> None:
        async with open_database(settings):
            await work()

    apart(run())


async def three_acts() -> None:
    for _ in range(3):
        await act()


def sealed(settings: Settings) -> None:
    async def work() -> None:
        await three_acts()
        assert await seal("orders", notary_of(settings)) == 3

    within(settings, work)


def test_the_background_of_a_mall_seals_and_anchors(mall: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        async with working(mall):
            await three_acts()
            while await seals.waiting("orders", 1):
                await asyncio.sleep(0.05)

    apart(work())
    assert main(["verify-audit", "--domain", "orders"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("orders: whole (3 rows under ")
    assert len(out.splitlines()) == 1


def test_a_whole_trail_is_told_by_domain(mall: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    sealed(mall)
    assert main(["verify-audit"]) == 0
    counted = {"orders": (3, 1)}
    lines = [(domain, *counted.get(domain, (0, 0))) for domain in ("shops", "products", "orders", "members", "content")]
    assert capsys.readouterr().out == "".join(WHOLE.format(domain=d, rows=r, seals=s) for d, r, s in lines)


def test_a_tampered_trail_has_its_first_bad_row_named(mall: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    sealed(mall)
    gone: list[str] = []

    async def tamper() -> None:
        async with by_force():
            ids = await trail_of("orders").all().order_by("id").values_list("id", flat=True)
            gone.extend(map(str, ids[1:]))
            await trail_of("orders").filter(id__in=gone).delete()

    within(mall, tamper)
    assert main(["verify-audit", "--domain", "orders"]) == 1
    assert capsys.readouterr().out == (
        "orders: NOT WHOLE: 2 findings, the first one first (1 rows under 1 seals)\n"
        f"  missing: row {gone[0]} of seal 1 is missing\n"
        f"  missing: row {gone[1]} of seal 1 is missing\n"
    )


def test_a_cut_end_is_found_by_the_anchors_of_the_mall(mall: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    sealed(mall)
    anchors.append(mall.audit_anchors, [anchors.Anchor("orders", 2, "gone")])
    assert main(["verify-audit", "--domain", "orders"]) == 1
    assert "truncated: the chain ends with seal 1, but seal 2 was anchored" in capsys.readouterr().out


def test_what_waits_or_came_late_is_told(mall: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        with clock.at(NOON):
            await act()
        with clock.at(NOON + timedelta(minutes=6)):
            await seal("orders", notary_of(mall))
            await act()

    within(mall, work)
    assert main(["verify-audit", "--domain", "orders"]) == 0
    assert capsys.readouterr().out == (
        WHOLE.format(domain="orders", rows=1, seals=1) + "  1 rows wait for their seal\n"
        "  1 rows were sealed more than five minutes after their act\n"
    )


def test_public_keys_are_enough_to_check(
    mall: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sealed(mall)
    pems = [public_pem(notary_of(mall).public), public_pem(Ed25519PrivateKey.generate().public_key())]
    trusted = mall.home / "trusted.pem"
    monkeypatch.setenv("AUDIT_PUBLIC_KEYS", str(trusted))
    trusted.write_bytes(b"".join(pems))
    mall.audit_key.unlink()
    assert main(["verify-audit", "--domain", "orders"]) == 0
    trusted.write_bytes(pems[1])
    assert main(["verify-audit", "--domain", "orders"]) == 1
    assert "forged: seal 1 is not signed by a key that we trust" in capsys.readouterr().out


def test_the_old_part_is_moved_and_can_be_checked_where_it_is(
    mall: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def old() -> None:
        with clock.at(NOON - timedelta(days=3_650)):
            for _ in range(2):
                await act()
                assert await seal("orders", notary_of(mall)) == 1

    within(mall, old)
    folder = tmp_path / "archive"
    assert main(["archive-audit", "--to", str(folder)]) == 0
    file = folder / "orders-1-1.jsonl.gz"
    assert capsys.readouterr().out == (
        f"orders: 1 rows under 1 seals into {file}\nnothing is left that is old enough\n"
    )
    assert main(["verify-audit", "--archive", str(file)]) == 0
    assert capsys.readouterr().out == WHOLE.format(domain="orders", rows=1, seals=1)
    assert main(["archive-audit", "--to", str(folder), "--days", "30"]) == 2
    assert capsys.readouterr().err == "archive.early: the trail stays in the database for 184 days at least\n"
