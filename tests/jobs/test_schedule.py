"""What the timetable names is done by whoever works its queue off, and once is enough."""

from __future__ import annotations

import pytest

from jobs.schedule import queue_of, timetable
from kit.settings import Settings
from models.members.privacy import Erasure, PersonKey
from models.members.session import Session
from tests.support.moments import DAY, NOON

pytestmark = pytest.mark.usefixtures("noon")


def test_personal_data_is_looked_after_every_night(empty_mall: Settings) -> None:
    crons = {task.__name__: cron for task, cron in timetable(empty_mall).items()}
    assert {name: crons[name] for name in ("forget_expired", "sweep")} == {
        "forget_expired": "17 4 * * *",
        "sweep": "47 4 * * *",
    }


async def test_a_night_lets_go_what_has_served_its_time_and_who_was_erased(database: Settings) -> None:
    await Session.create(id="ses_old", member_id="mbr_a", created_at=NOON - 400 * DAY, expires_at=NOON - 181 * DAY)
    await Session.create(id="ses_new", member_id="mbr_a", created_at=NOON - DAY, expires_at=NOON + DAY)
    await Erasure.create(id="ers_b", person_id="mbr_b", at=NOON - DAY)
    await PersonKey.create(id="pky_b", person_id="mbr_b", keeper="platform", keeper_key_id="kky", wrapped="late")
    async with queue_of(database) as queue:
        for name in ("forget_expired", "sweep"):
            task = queue.find_task(name)
            assert task is not None
            done = await (await task.kiq()).wait_result(timeout=30)
            assert (done.is_err, done.return_value) == (False, 1)
    assert await Session.all().values_list("id", flat=True) == ["ses_new"]
    assert await PersonKey.all().count() == 0
