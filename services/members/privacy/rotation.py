"""Replacing keys while the mall is open: in small batches, each row by itself, resumed where it was left.

What a new key wraps is told by the rows: whoever is killed half-way and started again finds the rest. A new version of
a keeper's key is announced before it is written with, so that every process knows it by then; the old one goes when no
row needs it, and when nobody can write with it any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tortoise.exceptions import IntegrityError

from kit import clock
from kit.errors import NotFound
from kit.keychain import HASHES, LIFE_SECONDS, KeeperKey, Keychain, KeyOf
from kit.master_keys import MasterKeys
from kit.ports import WrappedKeeperKey, data_key_context
from kit.sealing import HashKey, SealBroken, Spot, unwrap, wrap
from models.base import unit_of_work
from models.members import reads
from models.members.account import Member
from models.members.privacy import KeeperKey as KeeperKeyTable
from models.members.privacy import PersonKey
from models.members.session import Credential
from models.members.signing import SigningKey
from services.members.privacy.keys import new_keeper_key, store_keeper_key
from services.members.session import LOGIN
from services.members.signing import signing_context

BATCH = 200
ANNOUNCED = timedelta(seconds=2 * LIFE_SECONDS)
"""How long before its use a new key is known: twice as long as a process remembers that there was none."""

Progress = Callable[[int], None]
"""Told of each batch: how many rows it was."""
Wait = Callable[[float], Awaitable[None]]


async def wrapped() -> int:
    """How many keys a master key wraps."""
    return await KeeperKeyTable.all().count() + await SigningKey.all().count()


async def people_of(keeper: str) -> int:
    """How many people a keeper has a key of."""
    return await PersonKey.filter(keeper=keeper).count()


async def logins() -> int:
    """How many telephones can sign in."""
    return await Credential.all().count()


async def rotate_master(keychain: Keychain, progress: Progress) -> None:
    """Wrap every key of a keeper, and every one that signs, by the current master key. No other key changes.

    Raises MasterKeyUnknown, SealBroken.
    """
    await _wrap_again(KeeperKeyTable, _keepers_context, keychain.masters, progress)
    await _wrap_again(SigningKey, lambda row: signing_context(row.id), keychain.masters, progress)


def _keepers_context(row: KeeperKeyTable) -> str:
    return WrappedKeeperKey(row.id, row.keeper, row.version, row.since, row.master_id, "").context


async def _wrap_again(table: type[Any], context: Callable[[Any], str], masters: MasterKeys, progress: Progress) -> None:
    while batch := await table.exclude(master_id=masters.current).order_by("id").limit(BATCH):
        for row in batch:
            secret = await masters.unwrap(row.wrapped, master_id=row.master_id, context=context(row))
            wrapped = await masters.wrap(secret, context=context(row))
            async with unit_of_work("members"):
                same = table.filter(id=row.id, master_id=row.master_id)
                await same.update(master_id=masters.current, wrapped=wrapped)
        progress(len(batch))


async def begin(keychain: Keychain, keeper: str) -> tuple[WrappedKeeperKey, list[WrappedKeeperKey]]:
    """The version of the keeper's key that comes, announced now or by who began before, and those that go.

    Raises NotFound where the keeper has no key.
    """
    versions = sorted(await reads.keeper_keys_of(keeper), key=lambda key: key.version)
    if not versions:
        raise NotFound("keys.unknown", f"{keeper} has no key to rotate")
    if len(versions) == 1:
        fresh = await new_keeper_key(keychain.masters, keeper, version=versions[-1].version + 1)
        try:
            async with unit_of_work("members"):
                await store_keeper_key(replace(fresh, since=clock.now() + ANNOUNCED))
        except IntegrityError:  # another command began at the same moment
            pass
        versions = sorted(await reads.keeper_keys_of(keeper), key=lambda key: key.version)
    return versions[-1], versions[:-1]


async def rotate_keeper(keychain: Keychain, keeper: str, progress: Progress, wait: Wait = asyncio.sleep) -> None:
    """Wrap the data keys of all the keeper's people by a fresh key; the old one is destroyed."""
    coming, going = await begin(keychain, keeper)
    await _until(coming, wait)
    under = await keychain.opened(coming)
    for pause in (0.0, ANNOUNCED.total_seconds()):  # twice: somebody may just be writing with the old one
        await wait(pause)
        for old in going:
            await _rewrap(await keychain.opened(old), under, progress)
    await _destroy([old.id for old in going])


async def _rewrap(old: KeeperKey, new: KeeperKey, progress: Progress) -> None:
    while batch := await PersonKey.filter(keeper_key_id=old.id).order_by("id").limit(BATCH):
        async with unit_of_work("members"):
            for row in batch:
                bound_to = data_key_context(row.id, row.person_id, row.keeper)
                secret = unwrap(row.wrapped, under=old.secret, bound_to=bound_to)
                wrapped = wrap(secret, under=new.secret, bound_to=bound_to)
                same = PersonKey.filter(id=row.id, keeper_key_id=old.id)
                await same.update(keeper_key_id=new.id, wrapped=wrapped)
        progress(len(batch))


async def rotate_hashes(keychain: Keychain, progress: Progress, wait: Wait = asyncio.sleep) -> int:
    """Name every telephone by a fresh hash key; how many could not be, and keep the old key in use.

    Those are credentials whose member has no telephone, or another one.
    """
    coming, going = await begin(keychain, HASHES)
    await _until(coming, wait)
    keys = {key.version: HashKey(key.version, (await keychain.opened(key)).secret) for key in (coming, *going)}
    left = 0
    for pause in (0.0, ANNOUNCED.total_seconds()):
        await wait(pause)
        left = await _rehash(keychain, keys, coming.version, progress)
    if not left:
        await _destroy([old.id for old in going])
    return left


async def _rehash(keychain: Keychain, keys: dict[int, HashKey], version: int, progress: Progress) -> int:
    """Go once through all credentials of other versions; how many stay so."""
    last, left = "", 0
    old = Credential.exclude(login_hash__startswith=f"{version}.")
    while batch := await old.filter(id__gt=last).order_by("id").limit(BATCH):
        last = batch[-1].id
        renamed = await _renamed(keychain, keys, version, batch)
        async with unit_of_work("members"):
            for row in batch:
                if row.id in renamed:
                    same = Credential.filter(id=row.id, login_hash=row.login_hash)
                    await same.update(login_hash=renamed[row.id])
        left += len(batch) - len(renamed)
        progress(len(renamed))
    return left


async def _renamed(
    keychain: Keychain, keys: dict[int, HashKey], version: int, batch: Sequence[Credential]
) -> dict[str, str]:
    """The new hash of each credential whose telephone is the member's."""
    ids = [row.member_id for row in batch]
    members = {member.id: member for member in await Member.filter(id__in=ids)}
    found = dict(zip(ids, await keychain.of([KeyOf(id_) for id_ in ids]), strict=True))
    renamed = {}
    for row in batch:
        member, key = members.get(row.member_id), found[row.member_id]
        hashed_by = keys.get(int(row.login_hash.partition(".")[0]))
        if member is None or key is None or hashed_by is None:
            continue
        try:
            phone = key.open(member.phone_sealed, Spot(member.id, "member", "phone_sealed", member.id))
        except SealBroken:
            continue
        if hashed_by.hash(phone, purpose=LOGIN) == row.login_hash:
            renamed[row.id] = keys[version].hash(phone, purpose=LOGIN)
    return renamed


async def _until(key: WrappedKeeperKey, wait: Wait) -> None:
    """Wait for the moment from which on every process knows the key."""
    await wait(max((key.since - clock.now()).total_seconds(), 0.0))


async def _destroy(key_ids: Sequence[str]) -> None:
    """No row needs these keys any more. A row that does keeps its key."""
    async with unit_of_work("members"):
        for key_id in key_ids:
            if not await PersonKey.exists(keeper_key_id=key_id):
                await KeeperKeyTable.filter(id=key_id).delete()
