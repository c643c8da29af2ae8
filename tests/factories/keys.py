"""Keys of people in tests, wrapped by the demo's master key."""

from __future__ import annotations

from dataclasses import replace

from kit.hidden import Hidden
from kit.keychain import HASHES, PLATFORM, Keychain, KeyOf
from kit.sealing import DataKey, HashKey, Spot
from kit.settings import DEMO_MASTER_KEYS, LONGEST_TOKEN
from models.base import unit_of_work
from services.members import signing
from services.members.privacy.keys import data_key, new_keeper_key, own_keychain, store_keeper_key
from tests.support.moments import DAY, NOON


def keychain() -> Keychain:
    """A keychain that remembers nothing yet."""
    return own_keychain(DEMO_MASTER_KEYS)


async def keeper(name: str) -> Keychain:
    """A keychain to which the keeper is known; its key was made long ago, so that it is in use at every moment."""
    chain = keychain()
    if not await chain.keeper(name):
        made = await new_keeper_key(chain.masters, name, version=1)
        await store_keeper_key(replace(made, since=NOON - 1_000 * DAY))
        chain = keychain()
    return chain


async def person(person_id: str, shop_id: str = PLATFORM) -> DataKey:
    """The person's data key with the platform, or with a shop."""
    return await data_key(await keeper(shop_id), KeyOf(person_id, shop_id))


async def hash_key() -> HashKey:
    """The key of equality search."""
    return (await (await keeper(HASHES)).hash_keys())[0]


async def sealed(text: str, spot: Spot, shop_id: str = PLATFORM) -> str:
    """`text` as it stands at `spot`."""
    return (await person(spot.person_id, shop_id)).seal(Hidden(text), spot)


async def signing_key() -> None:
    """A key that signs tokens from now on, where there is no other."""
    draft = await signing.draft_key(keychain().masters)
    async with unit_of_work("members"):
        await signing.keep_key(draft, longest=LONGEST_TOKEN)
