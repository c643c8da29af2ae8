"""The trail: one record for each sensitive act, in the transaction that makes it true."""

from __future__ import annotations

import re
from typing import Any

from kit import clock
from kit.fingerprint import fingerprint
from kit.ids import new_id
from kit.viewer import Viewer
from models.acts import Act, Outcome
from models.audit import trail_of, unsealed_of

REASON_CAP = 200
"""Characters, the width of the column."""

_LONG_NUMBER = re.compile(r"(?<![A-Za-z0-9_])(\d{7,}[\dXx]?|\d{3}([ -]\d{4}){2,}|\d{4}([ -]\d{4}){2,})")
_MAIL_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")


async def record(
    domain: str,
    act: Act,
    *,
    viewer: Viewer | None,
    object_id: str,
    shop_id: str | None = None,
    before: Any = None,
    after: Any = None,
    result: str = Outcome.DONE,
    reason: str = "",
) -> str:
    """Record `act` of `viewer` (None: the mall itself) upon `object_id`, in the running transaction; the record's id.

    `before` and `after` are the object's state as plain data; only fingerprints of them are kept. `shop_id` lets that
    shop read the record. `reason` is what a person gave as reason: long numbers and mail addresses in it are struck
    out. Raises ValueError where `act` or `result` is none that we know.
    """
    id_ = new_id("aud")
    await trail_of(
        domain
    ).create(
        id=id_,
        act=Act(act).value,  # type: ignore[call-arg]  # mypy takes the arguments of __new__ for those of a look-up
        viewer_id=viewer.subject if viewer else None,
        hat=hat_of(viewer),
        session_id=viewer.session_id if viewer else None,
        at=clock.now(),
        object_id=object_id,
        shop_id=shop_id,
        before=None if before is None else fingerprint(before, of=object_id),
        after=None if after is None else fingerprint(after, of=object_id),
        result=Outcome(result).value,
        reason=impersonal(reason)[:REASON_CAP],
    )
    await unsealed_of(domain).create(id=id_)
    return id_


def hat_of(viewer: Viewer | None) -> str:
    """As what somebody acts: the hat, with the role under it."""
    if viewer is None:
        return "mall"
    return f"{viewer.hat}:{viewer.role}" if viewer.role else viewer.hat.value


def impersonal(text: str) -> str:
    """`text` without the numbers and addresses by which a person could be found."""
    return _MAIL_ADDRESS.sub("***", _LONG_NUMBER.sub("***", text))
