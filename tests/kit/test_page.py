"""Cursors come back as they were given; nothing else does."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kit import cursors
from kit.errors import Invalid
from kit.page import PAGE_CAP, Page, connection, cursor_of
from kit.settings import DEMO_SEALING_KEY

numbers = some.integers(-(2**63), 2**63 - 1)
texts = some.text(some.characters(codec="utf-8"))
keys = some.lists(numbers | texts, min_size=1, max_size=5).map(tuple)


@given(key=keys)
def test_a_cursor_gives_back_the_key_it_was_made_of(key: tuple[int | str, ...]) -> None:
    assert Page(1, cursor_of(key)).key(*map(type, key)) == key


@given(key=keys, other=some.lists(some.sampled_from([int, str]), max_size=6))
def test_a_cursor_of_another_list_is_refused(key: tuple[int | str, ...], other: list[type]) -> None:
    if list(map(type, key)) == other:
        return
    with pytest.raises(Invalid) as refused:
        Page(1, cursor_of(key)).key(*other)
    assert (refused.value.code, refused.value.kind) == ("page.after", "BAD_USER_INPUT")


@given(after=some.text() | some.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_text_whatsoever_does_more_than_be_refused(after: str) -> None:
    with pytest.raises(Invalid) as refused:
        Page(1, after).key(int, str, int, str)
    assert refused.value.code == "page.after"


@pytest.mark.parametrize("value", [[True, "a"], [1.0, "a"], [None, "a"], {"0": 1}, 7, [2**63, "a"]])
def test_what_is_no_sort_key_is_refused(value: object) -> None:
    with pytest.raises(Invalid):
        Page(1, cursors.seal(value)).key(int, str)


def test_a_cursor_tells_nothing_of_its_row_and_nobody_can_make_one() -> None:
    cursor = cursor_of((9_800, "ord_secret"))
    raw = base64.urlsafe_b64decode(cursor)
    assert b"ord_secret" not in raw
    assert b"9800" not in raw
    with pytest.raises(Invalid):
        Page(1, base64.urlsafe_b64encode(b'[9800, "ord_secret"]').decode()).key(int, str)
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises(Invalid):
            Page(1, base64.urlsafe_b64encode(changed).decode()).key(int, str)


def test_a_cursor_of_another_mall_is_refused() -> None:
    cursor = cursor_of((1, "a"))
    try:
        cursors.use(b"another mall's key")
        with pytest.raises(Invalid):
            Page(1, cursor).key(int, str)
    finally:
        cursors.use(DEMO_SEALING_KEY)
    assert Page(1, cursor).key(int, str) == (1, "a")


def test_a_page_without_a_cursor_starts_at_the_start() -> None:
    assert Page(1).key(int, str) is None


@pytest.mark.parametrize("first", [1, 7, PAGE_CAP])
def test_one_row_more_than_shown_is_read(first: int) -> None:
    assert Page(first).limit() == first + 1


@pytest.mark.parametrize("first", [0, -1, PAGE_CAP + 1, 2**40])
def test_a_page_has_from_1_to_50_rows(first: int) -> None:
    with pytest.raises(Invalid) as refused:
        Page(first).limit()
    assert refused.value.extensions() == {"code": "BAD_USER_INPUT", "reason": "page.first", "cap": 50}


@given(rows=some.lists(some.integers(0, 9), max_size=30, unique=True).map(sorted), first=some.integers(1, 9))
def test_pages_one_after_the_other_show_every_row_once(rows: list[int], first: int) -> None:
    after, seen = None, []
    while True:
        page = Page(first, after)
        start = page.key(int)
        read = [row for row in rows if start is None or row > start[0]][: page.limit()]
        shown = connection(read, page, key=lambda row: (row,))
        seen += [edge.node for edge in shown.edges]
        assert shown.page_info.has_previous_page is (after is not None)
        assert len(shown.edges) <= first
        if not shown.page_info.has_next_page:
            break
        after = shown.page_info.end_cursor
    assert seen == rows


def test_an_empty_page_has_no_cursors() -> None:
    page = connection([], Page(3), key=lambda row: (row,))
    info = page.page_info
    assert (page.edges, info.start_cursor, info.end_cursor, info.has_next_page) == ([], None, None, False)


def test_an_edge_carries_what_belongs_to_it_and_the_page_what_is_counted() -> None:
    page = connection([4, 5], Page(1), key=lambda row: (row,), facts=lambda row: row * 2, of="all")
    assert [(edge.node, edge.facts, edge.cursor) for edge in page.edges] == [(4, 8, cursor_of((4,)))]
    assert page.page_info.start_cursor == page.page_info.end_cursor == cursor_of((4,))
    assert page.of == "all"
