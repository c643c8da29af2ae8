"""Hidden text shows itself to nobody who does not ask for it by name."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback

import msgspec
import orjson
import pytest

from kit.hidden import Hidden, mask_name, mask_phone

PHONE = "13812345678"


def test_hidden_text_is_revealed_by_name_only(caplog: pytest.LogCaptureFixture) -> None:
    phone = Hidden(PHONE)
    logging.getLogger("jishi").warning("called %s, %r, %s", phone, phone, {"phone": phone})
    shown = [str(phone), repr(phone), f"{phone} {phone!r} {phone:>20}", str([phone]), caplog.text]
    assert [text for text in shown if PHONE in text] == []
    assert phone.reveal() == PHONE


@pytest.mark.parametrize("write", [pickle.dumps, copy.deepcopy, orjson.dumps, msgspec.json.encode, hash])
def test_hidden_text_is_not_written_anywhere(write: object) -> None:
    with pytest.raises(TypeError) as refused:
        write(Hidden(PHONE))  # type: ignore[operator]
    assert PHONE not in "".join(traceback.format_exception(refused.value))


def test_hidden_texts_are_equal_where_their_texts_are() -> None:
    assert Hidden("林晓") == Hidden("林晓")
    assert Hidden("林晓") != Hidden("林晚")
    assert Hidden("林晓") != "林晓"


@pytest.mark.parametrize(
    ("phone", "shown"), [(PHONE, "138****5678"), ("+8613812345678", "+86****5678"), ("1234567", "••••"), ("", "••••")]
)
def test_a_phone_shows_its_ends_only_where_enough_is_between(phone: str, shown: str) -> None:
    assert mask_phone(Hidden(phone)) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三", "张*"), ("张小明", "张**"), ("欧阳修远之", "欧**"), ("张", "张*"), ("", "••••"), ("  ", "••••")],
)
def test_a_name_shows_its_first_character(name: str, shown: str) -> None:
    assert mask_name(Hidden(name)) == shown
