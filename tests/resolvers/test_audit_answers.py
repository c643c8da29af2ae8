"""The trail as clients read it: a shop's owner of what is the shop's, auditors of all, and nobody unseen."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from kit import clock
from kit.fingerprint import fingerprint
from kit.settings import DOMAINS
from kit.viewer import GUEST, Viewer
from models.acts import Act, Outcome
from models.audit import trail_of
from resolvers.context import Context
from services.audit import record
from subgraphs.mall import SUBGRAPHS
from subgraphs.orders import subgraph
from tests.factories import shops as make
from tests.support.asking import data_of, refused_by
from tests.support.mall import embedded_mall
from tests.support.moments import HOUR, NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")

OWNER = Viewer.shop_staff("mbr_shen", "shp_tea", "OWNER", "ses_shen")
AUDITOR = Viewer.platform_staff("mbr_audit", "AUDITOR", "ses_audit")
ask, refusals = partial(data_of, subgraph), partial(refused_by, subgraph)

TRAIL = """
query ($trail: _Any!, $first: Int! = 10, $after: String, $where: AuditRecordWhere) {
  _entities(representations: [$trail]) {
    ... on AuditTrail {
      orders(first: $first, after: $after, where: $where) {
        edges { node { id act viewerId hat at objectId shopId before after result reason } }
        pageInfo { hasNextPage endCursor }
        totalCount
      }
    }
  }
}
"""


def trail(id_: str = "shp_tea", **more: Any) -> dict[str, Any]:
    return {"trail": {"__typename": "AuditTrail", "id": id_}, **more}


async def acts_upon(shop_id: str | None, *objects: str, **more: Any) -> list[str]:
    """Records of one act upon each object."""
    return [
        await record("orders", Act.SHOP_BACKED_UP, viewer=OWNER, object_id=one, shop_id=shop_id, **more)
        for one in objects
    ]


async def listed(viewer: Viewer, **variables: Any) -> Any:
    [found] = (await ask(TRAIL, trail(**variables), Context(viewer)))["_entities"]
    return found["orders"]


async def ids(viewer: Viewer, **variables: Any) -> list[str]:
    return [edge["node"]["id"] for edge in (await listed(viewer, **variables))["edges"]]


async def test_the_owner_of_a_shop_reads_of_the_acts_upon_it_the_newest_first() -> None:
    mine = await acts_upon("shp_tea", "shp_tea", "shp_tea", before={"a": 1}, after={"a": 2}, reason="case 7")
    await acts_upon("shp_cup", "shp_cup")
    await acts_upon(None, "mall")
    with counted_statements() as statements:
        found = await listed(OWNER)
    assert [edge["node"]["id"] for edge in found["edges"]] == mine[::-1]
    assert found["edges"][0]["node"] == {
        "id": mine[1],
        "act": "SHOP_BACKED_UP",
        "viewerId": "mbr_shen",
        "hat": "shop:OWNER",
        "at": "2026-11-22T04:00:00+00:00",
        "objectId": "shp_tea",
        "shopId": "shp_tea",
        "before": fingerprint({"a": 1}, of="shp_tea"),
        "after": fingerprint({"a": 2}, of="shp_tea"),
        "result": "DONE",
        "reason": "case 7",
    }
    assert (found["totalCount"], found["pageInfo"]["hasNextPage"]) == (2, False)
    assert len(statements) == 2
    assert await trail_of("orders").filter(act=Act.TRAIL_READ).count() == 0


async def test_pages_follow_each_other() -> None:
    mine = await acts_upon("shp_tea", "a", "b", "c")
    first = await listed(OWNER, first=2)
    assert first["pageInfo"]["hasNextPage"]
    assert [edge["node"]["objectId"] for edge in first["edges"]] == ["c", "b"]
    assert await ids(OWNER, first=2, after=first["pageInfo"]["endCursor"]) == mine[:1]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({}, [2, 1, 0]),
        ({"act": {"eq": "SESSION_OPENED"}}, [2]),
        ({"act": {"in": ["SESSION_OPENED", "SHOP_BACKED_UP"]}}, [2, 1, 0]),
        ({"viewerId": {"eq": "mbr_lin"}}, [2]),
        ({"objectId": {"eq": "b"}}, [1]),
        ({"result": {"eq": "REFUSED"}}, [1]),
        ({"at": {"since": "2026-11-22T05:00:00Z"}}, [2, 1]),
        ({"at": {"since": "2026-11-22T05:00:00Z", "before": "2026-11-22T06:00:00Z"}}, [1]),
        ({"act": {"eq": "SESSION_OPENED"}, "objectId": {"eq": "b"}}, []),
    ],
)
async def test_a_list_is_about_what_is_asked_for(where: dict[str, Any], found: list[int]) -> None:
    made = await acts_upon("shp_tea", "a")
    with clock.at(NOON + HOUR):
        made += await acts_upon("shp_tea", "b", result=Outcome.REFUSED)
    with clock.at(NOON + 2 * HOUR):
        lin = Viewer.member("mbr_lin")
        made.append(await record("orders", Act.SESSION_OPENED, viewer=lin, object_id="c", shop_id="shp_tea"))
    assert await ids(OWNER, where=where) == [made[index] for index in found]


async def test_a_moment_without_its_zone_is_refused() -> None:
    _, told = await refusals(TRAIL, trail(where={"at": {"since": "2026-11-22T05:00:00"}}), Context(OWNER))
    assert told == [("BAD_USER_INPUT", "filter.zone", "_entities.0.orders")]


async def test_auditors_read_of_all_and_their_reading_is_recorded_first() -> None:
    made = await acts_upon("shp_tea", "a") + await acts_upon("shp_cup", "b") + await acts_upon(None, "c")
    found = await ids(AUDITOR, id_="mall")
    [reading] = await trail_of("orders").filter(act=Act.TRAIL_READ).values()
    assert found == [reading["id"], *made[::-1]]
    assert (reading["viewer_id"], reading["hat"]) == ("mbr_audit", "platform:AUDITOR")
    assert (reading["object_id"], reading["shop_id"], reading["session_id"]) == ("mall", None, "ses_audit")


async def test_a_shop_sees_that_an_auditor_read_of_it() -> None:
    [mine] = await acts_upon("shp_tea", "a")
    await acts_upon("shp_cup", "b")
    assert (await ids(AUDITOR))[1:] == [mine]
    told = [edge["node"] for edge in (await listed(OWNER))["edges"]]
    assert [(one["act"], one["viewerId"]) for one in told] == [
        ("TRAIL_READ", "mbr_audit"),
        ("SHOP_BACKED_UP", "mbr_shen"),
    ]


@pytest.mark.parametrize(
    "viewer",
    [
        GUEST,
        Viewer.member("mbr_shen"),
        Viewer.shop_staff("mbr_shen", "shp_tea", "MANAGER"),
        Viewer.shop_staff("mbr_wang", "shp_cup", "OWNER"),
        Viewer.platform_staff("mbr_ops", "OPERATOR"),
        Viewer.platform_staff("mbr_sec", "SECURITY"),
        Viewer.partner("prt_1"),
    ],
    ids=lambda viewer: f"{viewer.hat}-{viewer.role}",
)
@pytest.mark.parametrize("id_", ["shp_tea", "mall", "shp_none"])
async def test_nobody_else_reads_it(viewer: Viewer, id_: str) -> None:
    await acts_upon("shp_tea", "a")
    assert await refusals(TRAIL, trail(id_), Context(viewer)) == ({"_entities": [None]}, [])
    assert await trail_of("orders").all().count() == 1


async def test_the_session_is_for_auditors() -> None:
    await acts_upon("shp_tea", "a")
    query = TRAIL.replace("viewerId", "sessionId viewerId")
    [found] = (await ask(query, trail(), Context(AUDITOR)))["_entities"]
    assert [edge["node"]["sessionId"] for edge in found["orders"]["edges"]] == ["ses_audit", "ses_shen"]
    data, told = await refusals(query, trail(), Context(OWNER))
    assert [edge["node"]["sessionId"] for edge in data["_entities"][0]["orders"]["edges"]] == [None, None]
    assert {code for code, _, _ in told} == {"FORBIDDEN"}


ALL = "{ %s { shops(first: 5) { ...ids } products(first: 5) { ...ids } orders(first: 5) { ...ids }" + (
    " members(first: 5) { ...ids } content(first: 5) { ...ids } } }"
    " fragment ids on AuditRecordConnection { edges { node { objectId } } }"
)


def objects(found: Any) -> dict[str, list[str]]:
    return {domain: [edge["node"]["objectId"] for edge in found[domain]["edges"]] for domain in DOMAINS}


async def test_one_query_reads_of_all_domains_through_the_gateway() -> None:
    await make.shop(id="shp_tea")
    for domain in DOMAINS:
        await record(domain, Act.SHOP_BACKED_UP, viewer=OWNER, object_id=f"of {domain}", shop_id="shp_tea")
    mall = embedded_mall()
    answer = await mall.ask(ALL.replace("%s", 'shop(id: "shp_tea") { auditTrail').replace("} } }", "} } } }", 1), OWNER)
    assert "errors" not in answer
    assert objects(answer["data"]["shop"]["auditTrail"]) == {domain: [f"of {domain}"] for domain in DOMAINS}
    answer = await mall.ask(ALL.replace("%s", "auditTrail"), AUDITOR)
    assert objects(answer["data"]["auditTrail"]) == {domain: ["mall", f"of {domain}"] for domain in DOMAINS}


def test_every_subgraph_shows_its_own_acts() -> None:
    fields = {name: one.schema._schema.type_map["AuditTrail"].fields for name, one in SUBGRAPHS.items()}  # type: ignore[attr-defined]
    assert {name: sorted(found) for name, found in fields.items()} == {name: sorted({"id", name}) for name in DOMAINS}
