"""A mutation's key: whoever asks twice under one key gets the first answer, and nothing happens twice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from tortoise.exceptions import IntegrityError

from kit import clock
from kit.errors import Conflict, Invalid
from models.orders.order import IdempotencyRow

_KEY = re.compile(r"[!-~]{1,64}")
"""Visible ASCII: in MariaDB a text and the same text with a blank behind it are one key."""

Answer = dict[str, Any]


async def once(key: str, *, by: str, asked: Mapping[str, Any], act: Callable[[], Awaitable[Answer]]) -> Answer:
    """What `act` answers to the member `by`, or what it answered when the same was `asked` under `key` before.

    Runs in the caller's transaction. The key's row is inserted before anything else: a second request under the same
    key waits there until the first has ended, and finds its answer. Raises Invalid for what is no key, and Conflict
    where the key has belonged to another question.
    """
    if not _KEY.fullmatch(key):
        raise Invalid("idempotency.key", "idempotencyKey is 1 to 64 visible ASCII characters, such as a UUID")
    row_id, digest = f"{by}:{key}", _digest(asked)
    try:
        await IdempotencyRow.create(id=row_id, asked=digest, answer={}, at=clock.now())
    except IntegrityError:
        first = await IdempotencyRow.get(id=row_id)
        if first.asked != digest:
            raise Conflict("idempotency.reused", "this idempotencyKey was used for another question") from None
        return first.answer
    answer = await act()
    await IdempotencyRow.filter(id=row_id).update(answer=answer)
    return answer


def _digest(asked: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).hexdigest()
