"""What is logged of an exception names its type and its place, and quotes nothing."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from kit import logs

CANARY = "林金丝雀13812345678"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What a quiet process writes."""
    factory, text = logging.getLogRecordFactory(), io.StringIO()
    handler, log = logging.StreamHandler(text), logging.getLogger("canary")
    log.addHandler(handler)
    logging.setLogRecordFactory(logs._record)
    yield text
    logging.setLogRecordFactory(factory)
    log.removeHandler(handler)


def fail() -> None:
    try:
        raise KeyError(CANARY)
    except KeyError as error:
        raise ExceptionGroup(CANARY, [ValueError(CANARY), OSError(111, CANARY)]) from error


def test_an_exceptions_words_are_not_logged_nor_those_of_what_it_came_from(logged: io.StringIO) -> None:
    try:
        fail()
    except ExceptionGroup:
        logging.getLogger("canary").exception("reaction failed")
    text = logged.getvalue()
    assert CANARY not in text
    assert text.startswith("reaction failed\n")
    assert [name for name in ("KeyError", "ExceptionGroup", "ValueError", "OSError") if name not in text] == []
    assert "in fail" in text
    assert "111" in text


def test_an_exception_as_an_argument_is_its_type_unless_it_speaks_of_the_network(logged: io.StringIO) -> None:
    logging.getLogger("canary").warning("facts wait: %s", ValueError(CANARY))
    logging.getLogger("canary").warning("facts wait: %s", ConnectionRefusedError("nobody listens"))
    assert logged.getvalue() == "facts wait: builtins.ValueError\nfacts wait: nobody listens\n"


def test_an_exception_that_nobody_catches_says_no_word(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        fail()
    except ExceptionGroup as error:
        logs._uncaught(type(error), error, error.__traceback__)
    assert CANARY not in capsys.readouterr().err


def test_the_handshake_of_a_socket_is_not_logged_for_it_quotes_the_address() -> None:
    line, other = '%s - "WebSocket %s" [accepted]', "connection open"
    records = [logging.LogRecord("uvicorn.error", logging.INFO, "", 0, text, (), None) for text in (line, other)]
    assert [logs._is_no_handshake(record) for record in records] == [False, True]
