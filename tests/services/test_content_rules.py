"""The rules of content: what is seen when, how rooms move, how a note is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kit.errors import MallError, NotFound, Refused
from kit.payload import UserError
from kit.ports import Author
from kit.settings import Settings
from kit.viewer import GUEST, Viewer
from models.base import unit_of_work
from models.content.tables import Entry, EntryProduct
from models.states import EntryState
from services.content import (
    BODY_CAP,
    LINKS_CAP,
    NoteImageRefused,
    NoteProductsRefused,
    NoteTextRefused,
    end_live,
    go_live,
    is_seen,
    must_run,
    publish_note,
    score_of,
)
from tests.factories import content as make
from tests.support.moments import DAY, HOUR, MINUTE, NOON

SELLER = Viewer.shop_staff("mbr_lin", "shp_tea", "OWNER")
LIN = Author("mbr_lin", "小林", "https://img.example/lin.jpg")


@dataclass
class Shown:
    state: str
    starts_at: datetime = NOON - HOUR
    ends_at: datetime | None = None


@pytest.mark.parametrize(
    ("entry", "seen"),
    [
        (Shown("PUBLISHED"), True),
        (Shown("PUBLISHED", NOON), True),
        (Shown("PUBLISHED", NOON + MINUTE), False),
        (Shown("PUBLISHED", ends_at=NOON), False),
        (Shown("PUBLISHED", ends_at=NOON + MINUTE), True),
        (Shown("WITHDRAWN"), False),
        (Shown("LIVE"), True),
        (Shown("PLANNED", NOON + DAY), True),
        (Shown("ENDED", ends_at=NOON - MINUTE), True),
    ],
)
def test_an_entry_is_seen_while_it_runs_and_a_room_before_and_after_too(entry: Shown, seen: bool) -> None:
    assert is_seen(entry, NOON) is seen


def test_only_what_is_published_or_live_must_be_running_to_be_listed() -> None:
    assert {state for state in EntryState if must_run(state)} == {EntryState.PUBLISHED, EntryState.LIVE}


def test_a_doubling_of_likes_is_worth_a_day() -> None:
    assert score_of(NOON, likes=1) - score_of(NOON) == 24 * 60
    assert score_of(NOON, likes=1_023) - score_of(NOON, likes=511) == 24 * 60
    assert score_of(NOON + DAY) == score_of(NOON, likes=1) == score_of(NOON, viewers=10)


@given(likes=some.integers(0, 10**9), viewers=some.integers(0, 10**9), days=some.integers(0, 365 * 30))
def test_a_rank_grows_with_likes_and_fits_its_column(likes: int, viewers: int, days: int) -> None:
    rank = score_of(NOON + days * DAY, likes=likes, viewers=viewers)
    assert rank <= score_of(NOON + days * DAY, likes=likes + 1, viewers=viewers) < 2**31


async def test_a_planned_room_goes_live_and_ends(database: Settings, noon: None) -> None:
    room = await make.live_room(state=EntryState.PLANNED, starts_at=NOON + HOUR)
    await go_live(room.id, by=SELLER)
    live = await Entry.get(id=room.id)
    assert (live.state, live.starts_at, live.ends_at) == (EntryState.LIVE, NOON, None)
    await end_live(room.id, by=SELLER)
    ended = await Entry.get(id=room.id)
    assert (ended.state, ended.starts_at, ended.ends_at) == (EntryState.ENDED, NOON, NOON)


@pytest.mark.parametrize(
    ("state", "move"),
    [
        (EntryState.LIVE, go_live),
        (EntryState.ENDED, go_live),
        (EntryState.WITHDRAWN, go_live),
        (EntryState.PLANNED, end_live),
        (EntryState.ENDED, end_live),
    ],
)
async def test_other_moves_are_refused_and_change_nothing(
    database: Settings, noon: None, state: EntryState, move: Any
) -> None:
    room = await make.live_room(state=state)
    with pytest.raises(Refused) as refused:
        await move(room.id, by=SELLER)
    assert refused.value.code == "live_room.move"
    after = await Entry.get(id=room.id)
    assert (after.state, after.starts_at, after.ends_at) == (state, NOON - HOUR, None)


@pytest.mark.parametrize("viewer", [GUEST, Viewer.shop_staff("mbr_wu", "shp_other", "OWNER")])
@pytest.mark.parametrize("move", [go_live, end_live])
async def test_a_foreign_room_is_as_a_missing_one(database: Settings, viewer: Viewer, move: Any) -> None:
    foreign, planned = await make.live_room(), await make.live_room(state=EntryState.PLANNED)
    said: list[tuple[type[MallError], str, str]] = []
    for room_id in (foreign.id, planned.id, "liv_missing"):
        with pytest.raises(NotFound) as refused:
            await move(room_id, by=viewer)
        said.append((type(refused.value), refused.value.code, refused.value.message))
    assert len(set(said)) == 1
    assert (await Entry.get(id=planned.id)).state is EntryState.PLANNED


async def test_a_note_of_the_shop_is_no_room_of_it(database: Settings) -> None:
    note = await make.note(shop_id="shp_tea", state=EntryState.PLANNED)
    with pytest.raises(NotFound):
        await go_live(note.id, by=SELLER)


async def test_a_published_note_stands_with_its_author_and_its_products_in_order(
    database: Settings, noon: None
) -> None:
    products = product_ids(LINKS_CAP)
    async with unit_of_work("content"):
        note = await publish_note(
            LIN, title=" 龙井初体验 ", body="回甘。\n", image="https://img.example/tea.jpg", product_ids=products
        )
    assert isinstance(note, Entry)
    row = await Entry.get(id=note.id)
    assert (row.kind, row.state, row.title, row.body, row.image) == (
        "NOTE",
        "PUBLISHED",
        "龙井初体验",
        "回甘。",
        "https://img.example/tea.jpg",
    )
    assert (row.author_id, row.author_name, row.author_avatar) == ("mbr_lin", "小林", "https://img.example/lin.jpg")
    assert (row.likes, row.score, row.starts_at, row.ends_at) == (0, score_of(NOON), NOON, None)
    links = await EntryProduct.filter(entry_id=note.id).order_by("position")
    assert [(link.position, link.product_id) for link in links] == list(enumerate(products, 1))


def product_ids(count: int) -> list[str]:
    return [f"prd_{number:026}" for number in range(count)]


TEXT = NoteTextRefused
TITLE = TEXT("note.title", "title has from 1 to 60 characters", ("input", "title"))
BODY = TEXT("note.body", "body has from 1 to 1000 characters", ("input", "body"))


@pytest.mark.parametrize(
    ("wrong", "reasons"),
    [
        ({"title": "  "}, (TITLE,)),
        ({"title": "茶" * 61}, (TITLE,)),
        ({"body": ""}, (BODY,)),
        ({"body": "茶" * (BODY_CAP + 1)}, (BODY,)),
        ({"image": "http://img.example/tea.jpg"}, (NoteImageRefused(),)),
        ({"image": "javascript:alert(1)"}, (NoteImageRefused(),)),
        ({"image": "https://img.example/\n"}, (NoteImageRefused(),)),
        ({"image": "https://" + "a" * 193}, (NoteImageRefused(),)),
        ({"product_ids": product_ids(LINKS_CAP + 1)}, (NoteProductsRefused(),)),
        ({"product_ids": product_ids(1) * 2}, (NoteProductsRefused(),)),
        ({"product_ids": [f"sku_{'0' * 26}"]}, (NoteProductsRefused(),)),
        ({"product_ids": ["prd_" + "0" * 40]}, (NoteProductsRefused(),)),
        (
            {"title": "", "body": "", "image": "", "product_ids": [""]},
            (TITLE, BODY, NoteImageRefused(), NoteProductsRefused()),
        ),
    ],
)
async def test_a_wrong_note_is_refused_with_all_reasons_and_writes_nothing(
    database: Settings, wrong: dict[str, Any], reasons: Sequence[UserError]
) -> None:
    right: dict[str, Any] = {"title": "茶", "body": "好", "image": "https://img.example/a.jpg", "product_ids": []}
    assert await publish_note(LIN, **right | wrong) == reasons
    assert await Entry.all().count() == await EntryProduct.all().count() == 0
