"""Whatever is done to a trail is found out, and named."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.trail.anchors import Anchor
from jobs.trail.sealer import seal
from jobs.trail.verify import verify
from kit.settings import DOMAINS
from models import seals
from models.audit import seals_of, trail_of
from models.trail import TrailRow
from tests.jobs.trail.chains import NOTARY, TRUSTED, act, by_force, sealed_acts

pytestmark = pytest.mark.usefixtures("database")

Ids = list[list[str]]


async def findings(anchors: list[Anchor] | None = None) -> list[tuple[str, str]]:
    report = await verify("orders", TRUSTED, anchors or [])
    return [(found.kind.value, found.where) for found in report.findings]


async def anchor() -> Anchor:
    end = await seals.newest("orders")
    assert end
    return Anchor("orders", end.number, end.hash)


async def test_an_untouched_trail_is_whole_and_progress_is_told() -> None:
    steps: list[tuple[int, int]] = []
    for domain in DOMAINS:
        await sealed_acts(domain, seals=2)
        report = await verify(domain, TRUSTED, [], lambda done, total: steps.append((done, total)))
        assert (report.domain, report.seals, report.rows, report.waiting) == (domain, 2, 6, 0)
        assert (report.late, report.findings) == (0, [])
    assert steps == [(2, 2)] * len(DOMAINS)


async def test_an_empty_trail_is_whole() -> None:
    assert await findings() == []


async def test_rows_that_wait_for_their_seal_are_counted_and_no_finding() -> None:
    await sealed_acts(seals=1)
    await act()
    report = await verify("orders", TRUSTED)
    assert (report.rows, report.waiting, report.findings) == (3, 1, [])


COLUMNS = [column for column in TrailRow.__struct_fields__ if column not in ("id", "at")]


@pytest.mark.parametrize("column", COLUMNS)
async def test_a_changed_value_is_found_in_every_column(column: str) -> None:
    ids = await sealed_acts()
    async with by_force():
        await trail_of("orders").filter(id=ids[1][2]).update(**{column: "x"})
    assert await findings() == [("changed", ids[1][2])]


async def test_a_moved_moment_is_found() -> None:
    ids = await sealed_acts()
    async with by_force() as database:
        later = "2026-11-22 04:00:00.000001"
        await database.execute_query(f"UPDATE orders_audit SET at = '{later}' WHERE id = '{ids[0][0]}'")
    assert await findings() == [("changed", ids[0][0])]


async def test_a_row_taken_out_is_found() -> None:
    ids = await sealed_acts()
    async with by_force():
        await trail_of("orders").filter(id=ids[2][1]).delete()
    assert await findings() == [("missing", ids[2][1])]


async def test_a_row_taken_out_before_it_was_sealed_is_found() -> None:
    gone, kept = await act(), await act()
    async with by_force():
        await trail_of("orders").filter(id=gone).delete()
    assert await seal("orders", NOTARY) == 2
    assert kept
    assert await findings() == [("missing", gone)]


async def test_a_row_put_in_is_found_also_while_others_wait() -> None:
    ids = await sealed_acts()
    await act()
    [row] = await trail_of("orders").filter(id=ids[0][0]).values()
    await trail_of("orders").create(**row | {"id": "aud_planted"})
    assert await findings() == [("inserted", "aud_planted")]


async def test_a_row_for_another_is_found_twice() -> None:
    ids = await sealed_acts()
    async with by_force() as database:
        await database.execute_query(f"UPDATE orders_audit SET id = 'aud_planted' WHERE id = '{ids[0][0]}'")
    assert await findings() == [("missing", ids[0][0]), ("inserted", "aud_planted")]


async def test_rows_that_change_places_are_found() -> None:
    ids = await sealed_acts()
    one, two = ids[1][0], ids[1][1]
    async with by_force() as database:
        for old, new in ((one, "aud_free"), (two, one), ("aud_free", two)):
            await database.execute_query(f"UPDATE orders_audit SET id = '{new}' WHERE id = '{old}'")
    assert await findings() == [("changed", one), ("changed", two)]


async def test_seals_that_change_places_are_found() -> None:
    await sealed_acts()
    async with by_force() as database:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            await database.execute_query(f"UPDATE orders_audit_seal SET id = {new} WHERE id = {old}")
    assert (await findings())[0] == ("reordered", "2")


async def test_records_that_change_places_under_a_seal_are_found() -> None:
    await sealed_acts()
    async with by_force():
        made = await seals_of("orders").get(id=3)
        await seals_of("orders").filter(id=3).update(records=made.records[::-1])
    assert await findings() == [("changed", "3")]


async def test_a_seal_taken_out_is_found_with_and_without_its_rows() -> None:
    ids = await sealed_acts()
    async with by_force():
        await seals_of("orders").filter(id=2).delete()
    assert await findings() == [("missing", "2"), *[("inserted", id_) for id_ in ids[1]]]
    async with by_force():
        await trail_of("orders").filter(id__in=ids[1]).delete()
    assert await findings() == [("missing", "2")]


async def test_the_beginning_cut_off_is_found() -> None:
    ids = await sealed_acts()
    async with by_force():
        await seals_of("orders").filter(id__in=[1, 2]).delete()
        await trail_of("orders").filter(id__in=ids[0] + ids[1]).delete()
    assert await findings() == [("truncated", "1")]


async def test_the_end_cut_off_is_found_by_an_anchor() -> None:
    ids = await sealed_acts()
    noted = await anchor()
    async with by_force():
        await seals_of("orders").filter(id__in=[3, 4]).delete()
        await trail_of("orders").filter(id__in=ids[2] + ids[3]).delete()
    assert await findings() == []  # without an anchor nobody could know
    assert await findings([noted]) == [("truncated", "3")]


async def test_everything_cut_off_is_found_by_an_anchor() -> None:
    await sealed_acts()
    noted = await anchor()
    async with by_force():
        await seals_of("orders").all().delete()
        await trail_of("orders").all().delete()
    assert await findings([noted]) == [("truncated", "1")]
    assert await findings([Anchor("content", 9, "x")]) == []  # of another chain


async def test_a_chain_written_anew_by_somebody_with_the_key_is_found_by_an_anchor() -> None:
    await sealed_acts()
    noted = await anchor()
    async with by_force():
        await seals_of("orders").all().delete()
        await trail_of("orders").all().delete()
    await sealed_acts()
    assert await findings([noted]) == [("forged", "4")]


async def forge(**columns: Any) -> None:
    """Write the third seal anew without the key, true to what it holds."""
    made = await seals.newest("orders")
    assert made
    hash_ = seals.seal_hash("orders", made.number, made.at, made.records, made.previous)
    async with by_force():
        await seals_of("orders").filter(id=made.number).update(hash=hash_, **columns)


async def test_a_seal_for_changed_rows_needs_the_key() -> None:
    ids = await sealed_acts(seals=2)
    async with by_force() as database:
        await database.execute_query(f"UPDATE orders_audit SET reason = 'x' WHERE id = '{ids[1][0]}'")
        made = await seals_of("orders").get(id=2)
        [row] = await seals.rows_of("orders", [ids[1][0]])
        records = [[ids[1][0], seals.row_hash(row)], *made.records[1:]]
        await seals_of("orders").filter(id=2).update(records=records)
    assert await findings() == [("changed", "2")]
    await forge()
    assert await findings() == [("forged", "2")]
    await forge(signature="bm9uc2Vuc2U=")
    assert await findings() == [("forged", "2")]
    await forge(signature="%%%", key_id="0" * 16)
    assert await findings() == [("forged", "2")]


@pytest.mark.parametrize("column", ["at", "previous", "hash", "signature", "key_id"])
async def test_no_column_of_a_seal_can_be_changed(column: str) -> None:
    await sealed_acts()
    value = "2026-11-22 04:00:00" if column == "at" else "0" * 16
    async with by_force() as database:
        await database.execute_query(f"UPDATE orders_audit_seal SET {column} = '{value}' WHERE id = 2")
    assert (await findings())[0][1] == "2"


async def test_the_size_of_a_seal_cannot_hide_a_row() -> None:
    """`size` is counted for the seals that come after the check began; it is no part of the hash."""
    ids = await sealed_acts()
    [row] = await trail_of("orders").filter(id=ids[0][0]).values()
    await trail_of("orders").create(**row | {"id": "aud_planted"})
    async with by_force() as database:
        await database.execute_query("UPDATE orders_audit_seal SET size = 4 WHERE id = 4")
    assert await findings() == [("inserted", "aud_planted")]


async def test_the_first_bad_row_comes_first() -> None:
    ids = await sealed_acts()
    async with by_force() as database:
        await trail_of("orders").filter(id=ids[3][0]).delete()
        await database.execute_query(f"UPDATE orders_audit SET result = 'x' WHERE id = '{ids[1][0]}'")
    assert await findings() == [("changed", ids[1][0]), ("missing", ids[3][0])]
