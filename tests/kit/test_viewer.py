"""One hat per request: what it lets one be, and which one is worn."""

from __future__ import annotations

import pytest

from kit.viewer import GUEST, Bearer, Hat, Viewer, name_of

MEMBER = Viewer.member("mbr_lin")
OWNER = Viewer.shop_staff("mbr_lin", "shp_tea", "OWNER")
AUDITOR = Viewer.platform_staff("mbr_lin", "AUDITOR")
PARTNER = Viewer.partner("ptn_erp")
SUPPLIER = Viewer.supplier("spl_tea")
SERVICE = Viewer.service("authors")


@pytest.mark.parametrize(
    ("viewer", "scopes"),
    [
        (GUEST, set()),
        (MEMBER, {"member"}),
        (OWNER, {"shop", "shop:owner"}),
        (AUDITOR, {"platform", "platform:auditor"}),
        (PARTNER, {"partner"}),
        (SUPPLIER, {"supplier"}),
        (SERVICE, {"service", "service:authors"}),
    ],
)
def test_the_scopes_are_the_hat_and_its_role(viewer: Viewer, scopes: set[str]) -> None:
    assert (viewer.scopes, viewer.is_guest) == (scopes, not scopes)


def test_a_person_is_a_member_under_that_hat_only() -> None:
    persons = [(viewer.member_id, viewer.person_id, viewer.shop_id) for viewer in (MEMBER, OWNER, AUDITOR)]
    assert persons == [("mbr_lin", "mbr_lin", None), (None, "mbr_lin", "shp_tea"), (None, "mbr_lin", None)]
    others = [(viewer.member_id, viewer.person_id) for viewer in (GUEST, PARTNER, SUPPLIER, SERVICE)]
    assert others == [(None, None)] * 4


def test_every_hat_has_a_name() -> None:
    named = [name_of(viewer) for viewer in (GUEST, MEMBER, OWNER, AUDITOR, PARTNER, SUPPLIER, SERVICE)]
    assert named == ["guest", "member", "shop:shp_tea", "platform", "partner", "supplier", "service"]
    assert {name.partition(":")[0] for name in named} == set(Hat)


def test_without_a_choice_the_only_hat_is_worn_else_that_of_a_member() -> None:
    assert Bearer.of(PARTNER).wearing(None) == PARTNER
    assert Bearer.of(OWNER, AUDITOR, MEMBER).wearing(None) == MEMBER
    assert Bearer.of(OWNER, AUDITOR, MEMBER).wearing("platform") == AUDITOR
