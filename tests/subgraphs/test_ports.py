"""Ports that another subgraph answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from kit.errors import Unavailable
from kit.ports import Author
from kit.settings import Settings
from kit.viewer import Viewer
from resolvers.context import Context, Tools
from subgraphs.content import subgraph as content
from subgraphs.members import subgraph as members
from subgraphs.ports import GraphMembers, GraphStaff, asked_in_process
from subgraphs.shops import subgraph as shops
from tests.factories import members as make
from tests.factories import shops as make_shops
from tests.support.statements import counted_statements

PORT = GraphMembers(asked_in_process(members))


async def test_members_are_told_as_authors_in_their_order_from_one_statement(database: Settings) -> None:
    await make.member(id="mbr_a", nickname="小林", avatar="https://img.example/lin.jpg")
    await make.member(id="mbr_b", nickname="阿May", avatar="https://img.example/may.jpg")
    with counted_statements() as statements:
        authors = await PORT.authors(["mbr_b", "mbr_none", "mbr_a"])
    assert authors == [
        Author("mbr_b", "阿May", "https://img.example/may.jpg"),
        None,
        Author("mbr_a", "小林", "https://img.example/lin.jpg"),
    ]
    assert statements.by_domain == {"members": 1}


async def silent(query: str, variables: Mapping[str, Any], viewer: Viewer) -> None:
    """Asks somebody who does not answer."""


async def test_members_who_do_not_answer_are_unavailable() -> None:
    with pytest.raises(Unavailable) as refused:
        await GraphMembers(silent).authors(["mbr_a"])
    assert refused.value.code == "members.silent"


async def test_a_members_hats_are_their_jobs(database: Settings) -> None:
    await make_shops.staff(shop_id="shp_a", member_id="mbr_a", role="OWNER")
    await make_shops.staff(shop_id="shp_b", member_id="mbr_a", role="CLERK")
    await make_shops.staff(shop_id="shp_c", member_id="mbr_b", role="OWNER")
    for shop_id in ("shp_a", "shp_b", "shp_c"):
        await make_shops.shop(id=shop_id)
    staff = GraphStaff(asked_in_process(shops))
    assert await staff.hats("mbr_a") == {"shp_a": "OWNER", "shp_b": "CLERK"}
    assert await staff.hats("mbr_none") == {}


async def test_shops_that_do_not_answer_are_unavailable() -> None:
    with pytest.raises(Unavailable) as refused:
        await GraphStaff(silent).hats("mbr_a")
    assert refused.value.code == "shops.silent"


async def test_a_note_carries_the_name_that_its_author_has_in_members(database: Settings) -> None:
    await make.member(id="mbr_a", nickname="小林", avatar="https://img.example/lin.jpg")
    note = {"title": "茶", "body": "好", "image": "https://img.example/tea.jpg", "productIds": []}
    answer = await content.answer(
        """mutation Publish($input: PublishNoteInput!) {
          publishNote(input: $input) { result { author { id nickname avatar } } }
        }""",
        {"input": note},
        Context(Viewer.member("mbr_a"), Tools(members=PORT)),
    )
    assert (answer.errors, answer.data) == (
        [],
        {
            "publishNote": {
                "result": {"author": {"id": "mbr_a", "nickname": "小林", "avatar": "https://img.example/lin.jpg"}}
            }
        },
    )
