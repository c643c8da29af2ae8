"""Logs without personal data: of an exception its type and where it was raised, never its words; no address asked for.

What an exception says may quote a row or an input: a driver names the value that is there twice, a parser the text that
it could not read. Refusals of ours, of the network and of Redis name nothing of anybody, and stay. An address that is
asked for has whatever a client wrote into it: of uvicorn's log the requests are off where it is started, the handshakes
of sockets can only be sifted out.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

_SPEAK_FOR_US = ("federation", "redis")
"""Packages whose exceptions name places and reasons only."""


def quiet_logs() -> None:
    """From now on, whatever this process logs is without what clients wrote. Call it at the start."""
    logging.setLogRecordFactory(_record)
    logging.getLogger("uvicorn.error").addFilter(_is_no_handshake)
    sys.excepthook = _uncaught


def told(error: BaseException) -> str:
    """The exception, what it came from, and where, without a word of theirs."""
    return "\n".join(_lines(error, set()))


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    came_from = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if came_from is not None and id(came_from) not in seen:
        yield from _lines(came_from, seen)
        yield "and then"
    yield "".join(traceback.format_tb(error.__traceback__)) + _name(error)
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _lines(one, seen)


def _name(error: BaseException) -> str:
    """The type, with the number by which a driver names what went wrong."""
    number = next((one for one in error.args if type(one) is int), None)
    return f"{type(error).__module__}.{type(error).__qualname__}{'' if number is None else f' {number}'}"


def _record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    if isinstance(record.args, tuple):
        record.args = tuple(_spoken(one) if isinstance(one, BaseException) else one for one in record.args)
    if record.exc_info and record.exc_info[1] is not None:
        record.exc_text, record.exc_info = told(record.exc_info[1]), None
    return record


def _spoken(error: BaseException) -> object:
    speaks = isinstance(error, OSError) or type(error).__module__.partition(".")[0] in _SPEAK_FOR_US
    return error if speaks else _name(error)


def _is_no_handshake(record: logging.LogRecord) -> bool:
    return '"WebSocket %s"' not in str(record.msg)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not isinstance(error, KeyboardInterrupt):
        print(told(error), file=sys.stderr)  # noqa: T201
