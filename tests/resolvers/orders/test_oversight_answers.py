"""Break-glass: two persons, named fields, a time; every reading on record before its rows, and the shop is told."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest

from jobs.reactions import react
from kit import clock
from kit.viewer import GUEST, Viewer
from models.orders.audit import OrdersAudit
from models.orders.news import OrdersOutbox
from models.orders.oversight import OversightCase
from models.shops.tables import Notice
from resolvers.context import Context
from services.orders import oversight as rules
from subgraphs.orders import subgraph
from tests.factories import orders as make
from tests.factories.ids import fresh
from tests.support.moments import HOUR, NOON

pytestmark = pytest.mark.usefixtures("database", "noon")

SHOP = fresh("shp")
RISK = Viewer.platform_staff("mbr_risk", "RISK")
OTHER_RISK = Viewer.platform_staff("mbr_risk2", "RISK")
SECURITY = Viewer.platform_staff("mbr_guard", "SECURITY")
OWNER = Viewer.shop_staff("mbr_lin", SHOP, "OWNER")
RIVAL = Viewer.shop_staff("mbr_rival", "shp_cup", "OWNER")
OPEN = """
mutation ($shop: ID!, $reason: String!, $fields: [CaseField!]!, $hours: Int!) {
  openOversightCase(input: { shopId: $shop, reason: $reason, fields: $fields, hours: $hours }) {
    result { id shop { id } reason fields hours openedBy expiresAt }
    errors { __typename ... on UserError { code } }
  }
}
"""
APPROVE = """
mutation ($id: ID!) {
  approveOversightCase(id: $id) { result { approvedBy expiresAt } errors { __typename } }
}
"""
CLOSE = "mutation ($id: ID!) { closeOversightCase(id: $id) { result { closedAt } errors { __typename } } }"
READ = """
query ($id: ID!) {
  oversightCase(id: $id) {
    id
    orders(first: 10) {
      edges { node { id state payable { amount } buyer { id } lines(first: 5) { edges { node { name } } } } }
    }
  }
}
"""
SHOPS = """
query ($shops: [_Any!]!) {
  _entities(representations: $shops) {
    ... on Shop { oversightCases(first: 5) { edges { node { id reason openedBy approvedAt } } } }
  }
}
"""


async def asked(query: str, viewer: Viewer, **variables: Any) -> tuple[Any, list[str]]:
    answer = await subgraph.answer(query, variables, Context(viewer))
    return answer.data, [error["extensions"]["reason"] for error in answer.errors]


async def opened(viewer: Viewer = RISK, **given: Any) -> str:
    variables = {"shop": SHOP, "reason": "complaints about fakes", "fields": ["AMOUNTS"], "hours": 2} | given
    data, errors = await asked(OPEN, viewer, **variables)
    assert errors == []
    case: str = data["openOversightCase"]["result"]["id"]
    return case


async def approved(**given: Any) -> str:
    case = await opened(**given)
    data, errors = await asked(APPROVE, SECURITY, id=case)
    assert (data["approveOversightCase"]["errors"], errors) == ([], [])
    return case


async def on_record() -> list[tuple[str, str, str | None]]:
    rows = await OrdersAudit.all().order_by("id").values_list("act", "result", "shop_id")
    return [tuple(row) for row in rows]


async def test_a_case_opens_what_it_names_and_nothing_else() -> None:
    order = await make.order("mbr_wang", shop_id=SHOP, payable=9_800)
    case = await approved()
    data, errors = await asked(READ, RISK, id=case)
    node = {"id": order.id, "state": "COMPLETED", "payable": {"amount": 9_800}, "buyer": None, "lines": None}
    assert data == {"oversightCase": {"id": case, "orders": {"edges": [{"node": node}]}}}
    assert errors == ["case.field", "case.field"]


async def test_opened_approved_and_read_are_on_record_for_the_shop() -> None:
    case = await approved()
    await asked(READ, RISK, id=case)
    await asked(READ, OTHER_RISK, id=case)
    await asked(CLOSE, SECURITY, id=case)
    assert await on_record() == [
        ("case.opened", "done", SHOP),
        ("case.approved", "done", SHOP),
        ("case.read", "done", SHOP),
        ("case.read", "refused", SHOP),
        ("case.closed", "done", SHOP),
    ]


async def test_what_cannot_be_recorded_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    await make.order("mbr_wang", shop_id=SHOP)
    case = await approved()

    async def full(*_: Any, **__: Any) -> str:
        raise OSError("no space left on the device")

    monkeypatch.setattr(rules, "record", full)
    answer = await subgraph.answer(READ, {"id": case}, Context(RISK))
    assert answer.data == {"oversightCase": {"id": case, "orders": None}}
    assert [error["extensions"]["code"] for error in answer.errors] == ["INTERNAL"]


async def test_the_record_stands_before_the_orders_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    case = await approved()

    async def broken(*_: Any) -> Any:
        raise OSError("the database went away")

    monkeypatch.setattr("resolvers.orders.oversight.listed_within", broken)
    await asked_broken(case)
    assert ("case.read", "done", SHOP) in await on_record()


async def asked_broken(case: str) -> None:
    answer = await subgraph.answer(
        "query ($id: ID!) { oversightCase(id: $id) { orders(first: 1) { edges { cursor } } } }",
        {"id": case},
        Context(RISK),
    )
    assert [error["extensions"]["code"] for error in answer.errors] == ["INTERNAL"]


@pytest.mark.parametrize("state", ["waiting", "expired", "closed", "anothers"])
async def test_a_case_that_is_not_open_to_the_reader_shows_nothing(state: str) -> None:
    await make.order("mbr_wang", shop_id=SHOP)
    case = await opened() if state == "waiting" else await approved()
    if state == "closed":
        await asked(CLOSE, RISK, id=case)
    with clock.at(NOON + 2 * HOUR if state == "expired" else NOON):
        data, errors = await asked(READ, OTHER_RISK if state == "anothers" else RISK, id=case)
    assert (data, errors) == ({"oversightCase": {"id": case, "orders": None}}, ["case.closed"])


async def test_nobody_approves_their_own_case() -> None:
    both = Viewer.platform_staff("mbr_risk", "SECURITY")
    case = await opened()
    data, _ = await asked(APPROVE, both, id=case)
    assert data == {"approveOversightCase": {"result": None, "errors": [{"__typename": "CaseOwn"}]}}
    assert (await OversightCase.get(id=case)).approved_at is None
    assert (await on_record())[-1] == ("case.approved", "refused", SHOP)


@pytest.mark.parametrize("id_", ["cas_unknown", "decided", "closed"])
async def test_only_a_case_that_waits_is_approved(id_: str) -> None:
    case = await approved() if id_ == "decided" else await opened()
    if id_ == "closed":
        await asked(CLOSE, RISK, id=case)
    data, _ = await asked(APPROVE, SECURITY, id=id_ if id_ == "cas_unknown" else case)
    assert data == {"approveOversightCase": {"result": None, "errors": [{"__typename": "CaseUnknown"}]}}


@pytest.mark.parametrize(
    "given",
    [{"shop": "prd_1"}, {"reason": "curious"}, {"reason": " " * 20}, {"reason": "x" * 201}, {"fields": []}]
    + [{"hours": hours} for hours in (0, -1, 73)],
)
async def test_a_case_that_lacks_something_is_refused(given: dict[str, Any]) -> None:
    variables = {"shop": SHOP, "reason": "complaints about fakes", "fields": ["LINES"], "hours": 2} | given
    data, _ = await asked(OPEN, RISK, **variables)
    refused = [{"__typename": "CaseRefused", "code": "case.invalid"}]
    assert data == {"openOversightCase": {"result": None, "errors": refused}}
    assert await OversightCase.all().count() == 0
    assert await on_record() == []


async def test_the_shop_is_told_once_and_sees_its_cases_without_names() -> None:
    case = await approved()
    fact = await OrdersOutbox.get(kind="ShopDataOpened")
    for _ in range(2):
        await react(fact.id, fact.kind, fact.body)
    told = await Notice.all().values("shop_id", "kind", "about_id", "until", "at")
    until = NOON + timedelta(hours=2)
    assert told == [{"shop_id": SHOP, "kind": "ORDERS_OPENED", "about_id": case, "until": until, "at": NOON}]
    data, errors = await asked(SHOPS, OWNER, shops=[{"__typename": "Shop", "id": SHOP}])
    node = {
        "id": case,
        "reason": "complaints about fakes",
        "openedBy": None,
        "approvedAt": NOON.astimezone(UTC).isoformat(),
    }
    assert data == {"_entities": [{"oversightCases": {"edges": [{"node": node}]}}]}
    assert errors == ["field.closed"]


@pytest.mark.parametrize("viewer", [GUEST, Viewer.member("mbr_lin"), OWNER, RIVAL])
async def test_a_case_is_no_way_in_for_others(viewer: Viewer) -> None:
    await make.order("mbr_wang", shop_id=SHOP)
    case = await approved()
    data, errors = await asked(READ, viewer, id=case)
    assert data["oversightCase"] is None or data["oversightCase"]["orders"] is None
    assert errors
    data, errors = await asked(SHOPS, RIVAL, shops=[{"__typename": "Shop", "id": SHOP}])
    assert (data, errors) == ({"_entities": [{"oversightCases": None}]}, ["field.closed"])
