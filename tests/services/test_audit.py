"""A sensitive act and its record are one: both happen, or neither."""

from __future__ import annotations

from typing import Any

import pytest

from kit.fingerprint import fingerprint
from kit.settings import DOMAINS
from kit.viewer import GUEST, Viewer
from models.acts import Act, Outcome
from models.audit import trail_of, unsealed_of
from models.base import unit_of_work
from services.audit import hat_of, impersonal, record
from tests.support.moments import NOON

pytestmark = pytest.mark.usefixtures("database", "noon")

OWNER = Viewer.shop_staff("mbr_lin", "shp_tea", "OWNER", "ses_1")
BEFORE, AFTER = {"price": 9_800}, {"price": 8_800}


async def written(domain: str) -> list[dict[str, Any]]:
    rows = await trail_of(domain).all().order_by("id").values()
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


@pytest.mark.parametrize("domain", DOMAINS)
async def test_a_record_says_who_as_what_when_what_and_how_it_ended(domain: str) -> None:
    async with unit_of_work(domain):
        id_ = await record(
            domain,
            Act.SHOP_BACKED_UP,
            viewer=OWNER,
            object_id="shp_tea",
            shop_id="shp_tea",
            before=BEFORE,
            after=AFTER,
            reason="moving house",
        )
    assert await written(domain) == [
        {
            "act": "shop.backed_up",
            "viewer_id": "mbr_lin",
            "hat": "shop:OWNER",
            "session_id": "ses_1",
            "at": NOON,
            "object_id": "shp_tea",
            "shop_id": "shp_tea",
            "before": fingerprint(BEFORE, of="shp_tea"),
            "after": fingerprint(AFTER, of="shp_tea"),
            "result": "done",
            "reason": "moving house",
        }
    ]
    assert await unsealed_of(domain).all().values_list("id", flat=True) == [id_]


async def test_an_act_that_is_rolled_back_leaves_no_record() -> None:
    async def fail_late() -> None:
        async with unit_of_work("members"):
            await record("members", Act.SESSION_OPENED, viewer=OWNER, object_id="ses_1")
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await fail_late()
    assert await written("members") == []
    assert await unsealed_of("members").all().count() == 0


async def test_acts_and_outcomes_are_those_that_we_know() -> None:
    with pytest.raises(ValueError, match=r"house\.burnt"):
        await record("members", "house.burnt", viewer=OWNER, object_id="x")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="perhaps"):
        await record("members", Act.SESSION_OPENED, viewer=OWNER, object_id="x", result="perhaps")
    assert await written("members") == []


async def test_values_stay_out_of_the_trail() -> None:
    secret = {"phone": "13812345678", "name": "林晓"}
    await record(
        "members",
        Act.SESSION_OPENED,
        viewer=OWNER,
        object_id="ses_1",
        before=secret,
        result=Outcome.REFUSED,
        reason="call 138 1234 5678 or lin@example.com " + "x" * 300,
    )
    [row] = await written("members")
    assert "1381234" not in repr(row)
    assert "林晓" not in repr(row)
    assert row["reason"] == f"call *** or *** {'x' * 300}"[:200]
    assert (row["result"], row["after"]) == ("refused", None)


@pytest.mark.parametrize(
    ("viewer", "hat"),
    [
        (None, "mall"),
        (GUEST, "guest"),
        (Viewer.member("mbr_lin"), "member"),
        (OWNER, "shop:OWNER"),
        (Viewer.platform_staff("mbr_lin", "AUDITOR"), "platform:AUDITOR"),
        (Viewer.partner("ptn_1"), "partner"),
    ],
)
def test_the_hat_is_told_with_its_role(viewer: Viewer | None, hat: str) -> None:
    assert hat_of(viewer) == hat


def test_case_numbers_and_ids_stay_in_reasons() -> None:
    kept = "case 2026-11-22, order ord_01m5t7a2c4e8g0i2k4m6o8q0, 123456 fen"
    assert impersonal(kept) == kept


@pytest.mark.parametrize("number", ["13812345678", "138-1234-5678", "6222 0212 3456 7890", "11010519491231002X"])
def test_numbers_that_lead_to_a_person_do_not(number: str) -> None:
    assert impersonal(f"called {number}.") == "called ***."


def test_every_act_says_what_it_is() -> None:
    assert [act.name for act in Act if not act.says] == []
    assert all(len(act.value) <= 40 for act in Act)
