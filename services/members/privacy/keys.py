"""The keys behind personal fields: who has which, and how new ones are made."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from tortoise.exceptions import IntegrityError

from kit import clock
from kit.errors import NotFound
from kit.ids import new_id
from kit.keychain import HASHES, PLATFORM, KeeperKey, Keychain, KeyOf
from kit.master_keys import LocalMasterKeys, MasterKeys
from kit.ports import WrappedKeeperKey, WrappedKey, data_key_context
from kit.sealing import KEY_BYTES, DataKey, wrap
from models.members import reads
from models.members.account import Member
from models.members.privacy import Erasure, PersonKey
from models.members.privacy import KeeperKey as KeeperKeyTable
from models.repeating import carry_out


class OwnKeys:
    """The port `Keys`, answered from members' own tables."""

    async def wrapped(self, person_ids: Sequence[str]) -> list[WrappedKey]:
        return await reads.data_keys_of(person_ids)

    async def keeper_keys(self, keeper: str) -> list[WrappedKeeperKey]:
        return await reads.keeper_keys_of(keeper)


def own_keychain(master_keys: Mapping[str, bytes]) -> Keychain:
    """The keychain of a process that has members' tables at hand."""
    return Keychain(OwnKeys(), LocalMasterKeys(master_keys))


async def make_keys(keychain: Keychain) -> None:
    """Make the keys without which nobody can sign in or write an address, where they are missing."""
    for keeper in (PLATFORM, HASHES):
        await keeper_ready(keychain, keeper)


async def data_key(keychain: Keychain, name: KeyOf) -> DataKey:
    """The person's data key, made where there is none, in a transaction of its own.

    To be asked before the transaction that writes what it seals, for the master keys may be asked over a network.
    Raises NotFound where the person was erased: their tokens hold for some seconds more.
    """
    known = (await keychain.of([name]))[0]
    if known is not None:
        return known
    under = await keeper_ready(keychain, name.keeper)
    try:
        return await carry_out("members", _new_data_key, name, under)
    except IntegrityError:  # somebody made it at the same time
        known = (await keychain.of([name]))[0]
        if known is None:
            raise
        return known


async def _new_data_key(name: KeyOf, under: KeeperKey) -> DataKey:
    """Runs in the caller's transaction. Raises NotFound where the person was erased, also while it waited for that."""
    await Member.filter(id=name.person_id).select_for_update().first()
    if await Erasure.exists(person_id=name.person_id):
        raise NotFound("member.unknown", "there is no such member")
    id_, secret = new_id("pky"), secrets.token_bytes(KEY_BYTES)
    wrapped = wrap(secret, under=under.secret, bound_to=data_key_context(id_, name.person_id, name.keeper))
    await PersonKey.create(
        id=id_, person_id=name.person_id, keeper=name.keeper, keeper_key_id=under.id, wrapped=wrapped
    )
    return DataKey(id_, secret)


async def keeper_ready(keychain: Keychain, keeper: str) -> KeeperKey:
    """The keeper's key, made where there is none. Asks the master keys, so never inside a transaction."""
    known = await keychain.keeper(keeper)
    if known is not None:
        return known
    made = await new_keeper_key(keychain.masters, keeper, version=1)
    with suppress(IntegrityError):  # somebody made it at the same time
        await carry_out("members", store_keeper_key, made)
    keychain.forget_keeper(keeper)
    known = await keychain.keeper(keeper)
    assert known is not None, "it was made now, or by somebody else a moment ago"
    return known


async def new_keeper_key(masters: MasterKeys, keeper: str, *, version: int) -> WrappedKeeperKey:
    """A fresh key of a keeper, wrapped by the current master key and stored nowhere yet."""
    blank = WrappedKeeperKey(new_id("kky"), keeper, version, clock.now(), masters.current, "")
    wrapped = await masters.wrap(secrets.token_bytes(KEY_BYTES), context=blank.context)
    return replace(blank, wrapped=wrapped)


async def store_keeper_key(key: WrappedKeeperKey) -> None:
    """Keep `key`, in the running transaction."""
    await KeeperKeyTable.create(
        id=key.id,
        keeper=key.keeper,
        version=key.version,
        since=key.since,
        master_id=key.master_id,
        wrapped=key.wrapped,
    )
