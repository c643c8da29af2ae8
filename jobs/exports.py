"""A copy of all that is stored about a member: collected from every domain, sealed for them, taken once."""

from __future__ import annotations

from typing import Any

import orjson

from kit import clock
from kit.hidden import Hidden
from kit.keychain import Keychain, KeyOf
from kit.settings import DOMAINS
from models.base import unit_of_work
from services import privacy
from services.events import ExportAsked, Fact
from services.members.privacy.export import keep_copy

FORMAT = "jishi-export/1"


class _Running:
    keychain: Keychain | None = None


def use_keychain(keychain: Keychain) -> None:
    """Let this process open what it copies with `keychain`."""
    _Running.keychain = keychain


async def make_copy(fact: Fact) -> None:
    """Answer `fact`; a second time nobody waits for it any more."""
    if not isinstance(fact, ExportAsked):
        return
    keychain = _Running.keychain
    if keychain is None:
        raise RuntimeError("there is no keychain to open personal data with: use_keychain()")
    (key,) = await keychain.of([KeyOf(fact.member_id)])
    if key is None:  # erased meanwhile
        return
    text = Hidden(orjson.dumps(await collected(fact.member_id, keychain)).decode())
    async with unit_of_work("members"):
        await keep_copy(fact.export_id, fact.member_id, text, key)


async def collected(member_id: str, keychain: Keychain) -> dict[str, Any]:
    """All that is stored about the member, by domain and table."""
    data = {
        domain: {copy.table: list(copy.rows) for copy in await privacy.copies(domain, member_id, keychain)}
        for domain in DOMAINS
    }
    return {"format": FORMAT, "made_at": clock.now().isoformat(), "member_id": member_id, "data": data}
