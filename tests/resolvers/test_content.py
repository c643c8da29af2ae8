"""The content subgraph, asked as the gateway asks it."""

from __future__ import annotations

from functools import partial

import pytest

from kit.page import cursor_of
from models.states import EntryState
from subgraphs.content import subgraph
from tests.factories import content as make
from tests.support.asking import data_of, nodes, refused_by
from tests.support.moments import HOUR, MINUTE, NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")


ask = partial(data_of, subgraph)
refusals = partial(refused_by, subgraph)


HOME = """
query Home($few: Int!) {
  banners(first: $few) {
    edges {
      node {
        id
        target {
          __typename
          ... on Product { id }
          ... on Shop { id }
          ... on Category { id }
          ... on LiveRoom { id title products(first: 1) { edges { node { id } } } }
        }
      }
    }
  }
  zones(first: $few) { edges { node { id title image products(first: 2) { edges { node { id } } } } } }
  liveNow: liveRooms(first: $few, state: LIVE) {
    edges { node { id viewers shop { id } products(first: 3) { edges { node { id } } } } }
  }
  notes(first: $few) {
    edges { node { id author { id nickname avatar } products(first: 3) { edges { node { id } } } } }
    pageInfo { endCursor hasNextPage }
  }
}
"""


async def a_screenful(count: int) -> None:
    for number in range(count):
        room = await make.live_room(products=[f"prd_{number}", "prd_a"])
        await make.banner(target_kind="LIVE_ROOM", target_id=room.id)
        await make.zone(products=["prd_b"])
        await make.note(products=["prd_c"])


@pytest.mark.parametrize("few", [1, 10, 50])
async def test_all_that_home_shows_of_content_is_one_statement(few: int) -> None:
    await a_screenful(12)
    with counted_statements() as statements:
        data = await ask(HOME, {"few": few})
    assert statements.by_domain == {"content": 1}
    assert {len(data[name]["edges"]) for name in data} == {min(few, 12)}


async def test_home_shows_what_is_there() -> None:
    await make.live_room(id="liv_a", title="夜场", viewers=320, products=["prd_1", "prd_2", "prd_3", "prd_4"])
    for score, (kind, id_) in enumerate(
        [("PRODUCT", "prd_1"), ("SHOP", "shp_1"), ("CATEGORY", "cat_1"), ("LIVE_ROOM", "liv_a"), (None, None)]
    ):
        await make.banner(id=f"bnr_{score}", score=-score, target_kind=kind, target_id=id_)
    await make.zone(id="zon_a", title="百亿补贴", image="https://img.example/z.jpg", products=["prd_9"])
    await make.note(id="nte_a")
    data = await ask(HOME, {"few": 5})
    assert data["banners"]["edges"] == [
        {"node": {"id": "bnr_0", "target": {"__typename": "Product", "id": "prd_1"}}},
        {"node": {"id": "bnr_1", "target": {"__typename": "Shop", "id": "shp_1"}}},
        {"node": {"id": "bnr_2", "target": {"__typename": "Category", "id": "cat_1"}}},
        {
            "node": {
                "id": "bnr_3",
                "target": {"__typename": "LiveRoom", "id": "liv_a", "title": "夜场", "products": nodes("prd_1")},
            }
        },
        {"node": {"id": "bnr_4", "target": None}},
    ]
    assert data["zones"]["edges"] == [
        {
            "node": {
                "id": "zon_a",
                "title": "百亿补贴",
                "image": "https://img.example/z.jpg",
                "products": nodes("prd_9"),
            }
        }
    ]
    assert data["liveNow"]["edges"] == [
        {
            "node": {
                "id": "liv_a",
                "viewers": 320,
                "shop": {"id": "shp_tea"},
                "products": nodes("prd_1", "prd_2", "prd_3"),
            }
        }
    ]
    assert data["notes"] == {
        "edges": [
            {
                "node": {
                    "id": "nte_a",
                    "author": {"id": "mbr_lin", "nickname": "小林", "avatar": "https://img.example/lin.jpg"},
                    "products": nodes(),
                }
            }
        ],
        "pageInfo": {"endCursor": cursor_of((0, "nte_a")), "hasNextPage": False},
    }


async def test_a_banner_does_not_lead_to_a_room_that_is_withdrawn() -> None:
    await make.live_room(id="liv_a", state=EntryState.WITHDRAWN)
    await make.banner(target_kind="LIVE_ROOM", target_id="liv_a")
    data = await ask("{ banners(first: 1) { edges { node { target { __typename } } } } }")
    assert data == {"banners": {"edges": [{"node": {"target": None}}]}}


PRODUCTS = """
query Products($after: String) {
  note(id: "nte_a") {
    products(first: 20, after: $after) {
      totalCount
      edges { node { id } }
      pageInfo { hasNextPage hasPreviousPage endCursor }
    }
  }
}
"""


async def test_linked_products_scroll_and_are_counted_without_a_statement_of_their_own() -> None:
    await make.note(id="nte_a", products=[f"prd_{number}" for number in range(50)])
    after, seen, flags = None, [], []
    for _ in range(3):
        with counted_statements() as statements:
            products = (await ask(PRODUCTS, {"after": after}))["note"]["products"]
        assert len(statements) == 1
        assert products["totalCount"] == 50
        seen += [edge["node"]["id"] for edge in products["edges"]]
        flags.append((products["pageInfo"]["hasPreviousPage"], products["pageInfo"]["hasNextPage"]))
        after = products["pageInfo"]["endCursor"]
    assert seen == [f"prd_{number}" for number in range(50)]
    assert flags == [(False, True), (True, True), (True, False)]


FEED = """
query Feed($after: String) {
  feed(first: 3, after: $after) {
    totalCount
    edges { cursor node { __typename ... on Post { id title } ... on LiveRoom { id viewers } } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


async def test_the_feed_mixes_notes_videos_and_rooms_by_rank_in_one_statement() -> None:
    await make.note(id="nte_a", score=5, title="笔记")
    await make.video(id="vid_a", score=7, title="视频")
    await make.live_room(id="liv_a", score=6, viewers=9)
    await make.live_room(id="liv_soon", score=99, state=EntryState.PLANNED)
    await make.note(id="nte_b", score=2, title="笔记")
    await make.video(id="vid_b", score=2, title="视频")
    with counted_statements() as statements:
        first = (await ask(FEED))["feed"]
    assert len(statements) == 2, "the page, and its count because it was asked for"
    assert [edge["node"] for edge in first["edges"]] == [
        {"__typename": "Video", "id": "vid_a", "title": "视频"},
        {"__typename": "LiveRoom", "id": "liv_a", "viewers": 9},
        {"__typename": "Note", "id": "nte_a", "title": "笔记"},
    ]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (5, True)
    second = (await ask(FEED, {"after": first["pageInfo"]["endCursor"]}))["feed"]
    assert [edge["node"]["id"] for edge in second["edges"]] == ["vid_b", "nte_b"]
    assert second["pageInfo"]["hasNextPage"] is False


async def test_lists_count_what_is_listed_in_one_statement_for_all() -> None:
    await a_screenful(3)
    await make.note(starts_at=NOON + HOUR)
    await make.live_room(state=EntryState.PLANNED, starts_at=NOON + HOUR)
    query = """{
      banners(first: 1) { totalCount } zones(first: 1) { totalCount } notes(first: 1) { totalCount }
      live: liveRooms(first: 1) { totalCount } soon: liveRooms(first: 1, state: PLANNED) { totalCount }
      videos(first: 1) { totalCount }
    }"""
    with counted_statements() as statements:
        data = await ask(query)
    assert statements.by_domain == {"content": 2}
    assert {name: data[name]["totalCount"] for name in data} == {
        "banners": 3,
        "zones": 3,
        "notes": 3,
        "live": 3,
        "soon": 1,
        "videos": 0,
    }


async def test_a_room_a_note_and_a_video_show_all_they_have() -> None:
    await make.live_room(id="liv_a", author_id="mbr_host", author_name="阿May", author_avatar="a.jpg", likes=4)
    await make.note(id="nte_a", title="茶", body="好茶", media=[{"url": "p.jpg", "alt": "茶园"}], likes=3)
    await make.video(id="vid_a", shop_id="shp_1", likes=2)
    await make.video(id="vid_raw", media=[], author_id="mbr_lin", author_name="小林", score=-1)
    data = await ask("""{
      liveRoom(id: "liv_a") { title image state likes startsAt endsAt host { id nickname } }
      note(id: "nte_a") { title body image likes publishedAt pictures { url alt } }
      videos(first: 2) { edges { node { url seconds author { nickname } shop { id } } } }
    }""")
    assert data == {
        "liveRoom": {
            "title": "春茶上新",
            "image": "https://img.example/cover.jpg",
            "state": "LIVE",
            "likes": 4,
            "startsAt": "2026-11-22T03:00:00+00:00",
            "endsAt": None,
            "host": {"id": "mbr_host", "nickname": "阿May"},
        },
        "note": {
            "title": "茶",
            "body": "好茶",
            "image": "https://img.example/cover.jpg",
            "likes": 3,
            "publishedAt": "2026-11-22T03:00:00+00:00",
            "pictures": [{"url": "p.jpg", "alt": "茶园"}],
        },
        "videos": {
            "edges": [
                {
                    "node": {
                        "url": "https://img.example/film.mp4",
                        "seconds": 31,
                        "author": None,
                        "shop": {"id": "shp_1"},
                    }
                },
                {"node": {"url": None, "seconds": None, "author": {"nickname": "小林"}, "shop": None}},
            ]
        },
    }


async def test_what_is_not_to_be_seen_answers_as_what_is_not_there() -> None:
    await make.note(id="nte_gone", state=EntryState.WITHDRAWN)
    await make.note(id="nte_soon", starts_at=NOON + MINUTE)
    await make.live_room(id="liv_over", state=EntryState.ENDED, ends_at=NOON - MINUTE)
    answer = await refused_by(
        subgraph,
        """{
      gone: note(id: "nte_gone") { id } soon: note(id: "nte_soon") { id } none: note(id: "nte_none") { id }
      room: note(id: "liv_over") { id } over: liveRoom(id: "liv_over") { state }
    }""",
    )
    hidden = ("gone", "none", "room", "soon")
    assert answer == (
        {**dict.fromkeys(hidden), "over": {"state": "ENDED"}},
        [("NOT_FOUND", "note.unknown", name) for name in hidden],
    )


ENTITIES = """
query Entities($of: [_Any!]!) {
  _entities(representations: $of) {
    __typename
    ... on Product {
      id
      notes(first: 1) { totalCount edges { node { id products(first: 5) { edges { node { id } } } } } }
    }
    ... on Shop { liveRooms(first: 2) { edges { node { id } } } }
    ... on Member { notes(first: 2) { edges { node { id } } } }
    ... on LiveRoom { id state }
    ... on Note { id body }
    ... on Video { id seconds }
  }
}
"""


def entity(kind: str, id_: str) -> dict[str, str]:
    return {"__typename": kind, "id": id_}


async def test_entities_are_found_by_key_with_a_constant_number_of_statements() -> None:
    await make.note(id="nte_a", body="好", products=["prd_a", "prd_b"], score=2)
    await make.note(id="nte_b", products=["prd_a"], author_id="mbr_wu", score=1)
    await make.live_room(id="liv_a", shop_id="shp_a")
    await make.live_room(id="liv_soon", shop_id="shp_a", state=EntryState.PLANNED)
    await make.video(id="vid_a")
    asked = [
        entity("Product", "prd_a"),
        entity("Product", "prd_none"),
        entity("Shop", "shp_a"),
        entity("Member", "mbr_wu"),
        entity("Note", "nte_a"),
        entity("Note", "liv_a"),
        entity("LiveRoom", "liv_soon"),
        entity("Video", "vid_a"),
    ]
    with counted_statements() as statements:
        found = (await ask(ENTITIES, {"of": asked}))["_entities"]
    assert statements.by_domain == {"content": 5}, (
        "entries by id; notes of products, their counts; rooms; notes of members"
    )
    assert found == [
        {
            "__typename": "Product",
            "id": "prd_a",
            "notes": {"totalCount": 2, "edges": [{"node": {"id": "nte_a", "products": nodes("prd_a", "prd_b")}}]},
        },
        {"__typename": "Product", "id": "prd_none", "notes": {"totalCount": 0, "edges": []}},
        {"__typename": "Shop", "liveRooms": nodes("liv_a")},
        {"__typename": "Member", "notes": nodes("nte_b")},
        {"__typename": "Note", "id": "nte_a", "body": "好"},
        None,
        {"__typename": "LiveRoom", "id": "liv_soon", "state": "PLANNED"},
        {"__typename": "Video", "id": "vid_a", "seconds": 31},
    ]


async def test_a_representation_without_its_key_and_one_that_is_no_entity_are_refused() -> None:
    for wrong, reason in (
        ({"__typename": "Product"}, "entity.key"),
        ({"__typename": "Note", "id": 7}, "entity.key"),
        ({"__typename": "Category", "id": "cat_a"}, "entity.type"),
        ({"__typename": "Banner", "id": "bnr_a"}, "entity.type"),
    ):
        refused = {"_entities": [None]}, [("BAD_USER_INPUT", reason, "_entities.0")]
        assert await refusals(ENTITIES, {"of": [wrong]}) == refused


async def test_bad_pages_are_refused_where_they_stand_and_the_rest_is_answered() -> None:
    await make.note(id="nte_a", products=["prd_a"])
    data, told = await refusals("""{
      none: notes(first: 0) { totalCount }
      many: banners(first: 51) { totalCount }
      feed(first: 3, after: "WzFd") { totalCount }
      zones(first: 1, after: "\\u0000") { totalCount }
      notes(first: 1) {
        edges { node { products(first: 51) { totalCount } tail: products(first: 1, after: "x") { totalCount } } }
      }
    }""")
    assert data == {
        "none": None,
        "many": None,
        "feed": None,
        "zones": None,
        "notes": {"edges": [{"node": {"products": None, "tail": None}}]},
    }
    assert told == [
        ("BAD_USER_INPUT", "page.after", "feed"),
        ("BAD_USER_INPUT", "page.after", "notes.edges.0.node.tail"),
        ("BAD_USER_INPUT", "page.after", "zones"),
        ("BAD_USER_INPUT", "page.first", "many"),
        ("BAD_USER_INPUT", "page.first", "none"),
        ("BAD_USER_INPUT", "page.first", "notes.edges.0.node.products"),
    ]
