"""Publishing a note, asked as the gateway asks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import pytest

from kit.ports import Author
from kit.viewer import GUEST, Viewer
from models.content.tables import Entry, EntryProduct
from resolvers.context import Context, Tools
from subgraphs.content import subgraph
from tests.support.asking import data_of, nodes, refused_by

pytestmark = pytest.mark.usefixtures("database", "noon")

LIN = Viewer.member("mbr_lin")


ask = partial(data_of, subgraph)
refusals = partial(refused_by, subgraph)


PUBLISH = """
mutation Publish($input: PublishNoteInput!) {
  publishNote(input: $input) {
    result { title body image author { id nickname avatar } products(first: 3) { edges { node { id } } } }
    errors { __typename ... on UserError { code path } }
    warnings { code }
  }
}
"""
NOTE = {
    "title": "龙井初体验",
    "body": "回甘。",
    "image": "https://img.example/tea.jpg",
    "productIds": [f"prd_{'0' * 26}", f"prd_{'1' * 26}"],
}


@dataclass
class KnownMembers:
    """Members who say these names."""

    known: dict[str, Author] = field(default_factory=lambda: {"mbr_lin": Author("mbr_lin", "小林", "lin.jpg")})

    async def authors(self, member_ids: Sequence[str]) -> list[Author | None]:
        return [self.known.get(member_id) for member_id in member_ids]


def writing(viewer: Viewer) -> Context:
    return Context(viewer, Tools(members=KnownMembers()))


async def test_a_member_publishes_a_note_and_everybody_sees_it() -> None:
    data = await ask(PUBLISH, {"input": NOTE}, writing(LIN))
    assert data["publishNote"] == {
        "result": {
            "title": "龙井初体验",
            "body": "回甘。",
            "image": "https://img.example/tea.jpg",
            "author": {"id": "mbr_lin", "nickname": "小林", "avatar": "lin.jpg"},
            "products": nodes(*NOTE["productIds"]),
        },
        "errors": [],
        "warnings": [],
    }
    seen = await ask("{ notes(first: 1) { edges { node { title author { nickname } } } } }")
    assert seen["notes"]["edges"] == [{"node": {"title": "龙井初体验", "author": {"nickname": "小林"}}}]


async def test_a_wrong_note_comes_back_with_typed_errors_and_changes_nothing() -> None:
    data = await ask(PUBLISH, {"input": NOTE | {"title": "", "image": "tea.jpg", "productIds": ["7"]}}, writing(LIN))
    assert data["publishNote"] == {
        "result": None,
        "errors": [
            {"__typename": "NoteTextRefused", "code": "note.title", "path": ["input", "title"]},
            {"__typename": "NoteImageRefused", "code": "note.image", "path": ["input", "image"]},
            {"__typename": "NoteProductsRefused", "code": "note.products", "path": ["input", "productIds"]},
        ],
        "warnings": [],
    }
    assert await Entry.all().count() == await EntryProduct.all().count() == 0


@pytest.mark.parametrize(
    ("context", "refusal"),
    [
        (Context(GUEST), ("FORBIDDEN", "field.closed", "publishNote")),
        (Context(Viewer.shop_staff("mbr_staff", "shp_tea", "OWNER")), ("FORBIDDEN", "field.closed", "publishNote")),
        (Context(LIN), ("UNAVAILABLE", "members.absent", "publishNote")),
        (writing(Viewer.member("mbr_nobody")), ("NOT_FOUND", "member.unknown", "publishNote")),
    ],
)
async def test_nobody_else_publishes(context: Context, refusal: tuple[str, str, str]) -> None:
    assert await refusals(PUBLISH, {"input": NOTE}, context) == ({"publishNote": None}, [refusal])
    assert await Entry.all().count() == 0
