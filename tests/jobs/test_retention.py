"""What has served its time goes, in small batches, and nothing else does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from jobs import retention
from jobs.retention import forget_expired, retentions
from kit import clock
from kit.settings import DOMAINS
from models.base import HeardRow, OutboxRow, RecallRow, Row
from models.members.account import Viewing
from models.members.privacy import Consent, Export
from models.members.session import RefreshToken, Session
from models.members.throttle import Throttle
from models.orders.order import IdempotencyRow
from tests.factories import members as make
from tests.support.moments import DAY, NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")

SECOND = timedelta(seconds=1)


async def row_of(model: type[Row], column: str, at: datetime) -> Row:
    """A row of a table whose moment is `at`."""
    columns: dict[type[Row], dict[str, Any]] = {
        Viewing: {"id": "vwg_1", "member_id": "mbr_1", "product_id": "prd_1"},
        Session: {"id": "ses_1", "member_id": "mbr_1", "created_at": at},
        RefreshToken: {"id": "rft_1", "session_id": "ses_1", "secret_hash": "x"},
        Throttle: {"id": "thr_1", "tries": 1, "since": at},
        Export: {"id": "exp_1", "member_id": "mbr_1", "archive_sealed": "1.pky_1.AAAA"},
        Consent: {"id": "cns_1", "member_id": "mbr_1", "purpose": "MARKETING", "version": 1, "given_at": at},
        IdempotencyRow: {"id": "mbr_1/key", "asked": "0" * 64, "answer": {}},
    }
    if issubclass(model, OutboxRow):
        return await model.create(id="fct_1", kind="CouponTaken", body={}, at=at, **{column: at})
    if issubclass(model, RecallRow):
        return await model.create(id="rcl_1", subject="ses_1", **{column: at})
    if issubclass(model, HeardRow):
        return await model.create(id="fct_1/reaction", **{column: at})
    return await model.create(**columns[model], **{column: at})


async def test_each_rule_lets_go_at_its_time_and_not_before() -> None:
    for rule in retentions():
        row = await row_of(rule.table, rule.column, NOON)
        with clock.at(NOON + rule.kept):
            await forget_expired()
            assert await rule.table.exists(id=row.id), rule
        with clock.at(NOON + rule.kept + SECOND):
            await forget_expired()
        left = await rule.table.get_or_none(id=row.id)
        assert (left and {name: getattr(left, name) for name in rule.scrub or {}}) == rule.scrub, rule
        await rule.table.all().delete()


async def test_the_page_says_why_and_knows_every_domain() -> None:
    rules = retentions()
    assert all(rule.why.split(":")[0] and rule.kept >= DAY for rule in rules)
    assert {rule.domain for rule in rules} == set(DOMAINS)


async def test_many_rows_go_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 10)
    for n in range(25):
        await make.viewing("mbr_1", f"prd_{n}", at=NOON - 181 * DAY)
    await make.viewing("mbr_1", "prd_fresh", at=NOON - 179 * DAY)
    with counted_statements() as statements:
        assert await forget_expired() == 25
    deletes = [text for text in statements.texts if text.startswith("DELETE") and "viewing" in text]
    assert len(deletes) == 3
    assert [row.product_id for row in await Viewing.all()] == ["prd_fresh"]


async def test_what_has_no_moment_yet_stays() -> None:
    await Consent.create(id="cns_1", member_id="mbr_1", purpose="MARKETING", version=1, given_at=NOON - 9_000 * DAY)
    with clock.at(NOON + 9_000 * DAY):
        await forget_expired()
    assert await Consent.exists(id="cns_1")
