"""Keys are replaced in batches, while others read and write, and half-way done is resumed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from kit import clock
from kit.errors import NotFound
from kit.hidden import Hidden
from kit.keychain import HASHES, PLATFORM, Keychain, KeyOf
from kit.master_keys import LocalMasterKeys, MasterKeyUnknown
from kit.sealing import Spot
from kit.settings import DEMO_MASTER_KEYS
from models.base import unit_of_work
from models.members.privacy import KeeperKey, PersonKey
from models.members.session import Credential
from models.members.signing import SigningKey
from models.members.throttle import Throttle
from services.members.privacy import rotation
from services.members.privacy.keys import OwnKeys, data_key
from services.members.session import Attempt, begin_attempt
from services.members.signing import draft_key, keep_key, signing_key
from tests.factories import keys
from tests.factories import members as make
from tests.support.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

NEXT = {"next": b"n" * 32, **DEMO_MASTER_KEYS}
SPOT = Spot("mbr_1", "address", "street_sealed", "adr_1")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 3)


class Progress:
    """Counts what it is told."""

    def __init__(self) -> None:
        self.rows = 0

    def __call__(self, rows: int) -> None:
        self.rows += rows


class Passing:
    """Time that passes when it is waited for."""

    def __init__(self) -> None:
        self.now = NOON
        clock.use(lambda: self.now)

    async def __call__(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)


@pytest.fixture
def wait() -> Callable[[float], Awaitable[None]]:
    return Passing()


@pytest.fixture(autouse=True)
def real_time_afterwards() -> None:
    yield  # type: ignore[misc]
    clock.use(clock.system_clock)


async def people(count: int) -> dict[str, str]:
    """People with a sealed street each: envelope by person."""
    return {
        f"mbr_{n}": await keys.sealed(f"南京西路 {n} 号", Spot(f"mbr_{n}", "address", "street_sealed", f"adr_{n}"))
        for n in range(count)
    }


async def all_open(streets: dict[str, str], chain: Keychain) -> bool:
    """Whether every street opens."""
    found = await chain.of([KeyOf(person) for person in streets])
    for (person, sealed), key in zip(streets.items(), found, strict=True):
        assert key is not None, person
        number = person.removeprefix("mbr_")
        spot = Spot(person, "address", "street_sealed", f"adr_{number}")
        assert key.open(sealed, spot) == Hidden(f"南京西路 {number} 号")
    return True


async def test_a_fresh_platform_key_wraps_everybodys_and_the_old_one_is_destroyed(wait: Passing) -> None:
    streets = await people(10)
    await keys.person("mbr_1", "shp_tea")
    old = {row.keeper: row.id for row in await KeeperKey.all()}
    progress = Progress()
    await rotation.rotate_keeper(keys.keychain(), PLATFORM, progress, wait)
    assert progress.rows == 10
    new = {row.keeper: (row.id, row.version) for row in await KeeperKey.all()}
    assert new[PLATFORM][0] != old[PLATFORM]
    assert new[PLATFORM][1] == 2
    assert new["shp_tea"] == (old["shp_tea"], 1)
    assert {row.keeper_key_id for row in await PersonKey.filter(keeper=PLATFORM)} == {new[PLATFORM][0]}
    assert await all_open(streets, keys.keychain())


async def test_a_rotation_that_was_killed_is_resumed_and_begins_no_other(wait: Passing) -> None:
    streets = await people(10)

    def killed(rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await rotation.rotate_keeper(keys.keychain(), PLATFORM, killed, wait)
    assert sorted(row.version for row in await KeeperKey.all()) == [1, 2]
    assert await all_open(streets, keys.keychain()), "half-way, everybody is still readable"
    progress = Progress()
    await rotation.rotate_keeper(keys.keychain(), PLATFORM, progress, wait)
    assert progress.rows == 7
    assert [row.version for row in await KeeperKey.all()] == [2]
    assert await all_open(streets, keys.keychain())


async def test_somebody_who_comes_while_keys_rotate_is_not_lost(wait: Passing) -> None:
    """A process that knows the old key alone still writes with it while the new one is announced."""
    streets = await people(4)
    late = keys.keychain()
    assert await late.keeper(PLATFORM) is not None

    async def wait_and_write(seconds: float) -> None:
        person = f"mbr_{len(streets)}"
        key = await data_key(late, KeyOf(person))
        number = person.removeprefix("mbr_")
        spot = Spot(person, "address", "street_sealed", f"adr_{number}")
        streets[person] = key.seal(Hidden(f"南京西路 {number} 号"), spot)
        await wait(seconds)

    await rotation.rotate_keeper(keys.keychain(), PLATFORM, Progress(), wait_and_write)
    assert len(streets) == 7
    assert [row.version for row in await KeeperKey.all()] == [2]
    assert await all_open(streets, keys.keychain())


async def test_readers_and_writers_see_nothing_of_a_rotation(wait: Passing) -> None:
    streets = await people(12)
    done = asyncio.Event()

    async def read() -> int:
        times = 0
        while not done.is_set():
            assert await all_open(dict(streets), keys.keychain())
            times += 1
            await asyncio.sleep(0)
        return times

    async def write() -> int:
        number = 100
        while not done.is_set():
            person, spot = f"mbr_{number}", Spot(f"mbr_{number}", "address", "street_sealed", f"adr_{number}")
            key = await data_key(keys.keychain(), KeyOf(person))
            streets[person] = key.seal(Hidden(f"南京西路 {number} 号"), spot)
            number += 1
            await asyncio.sleep(0)
        return number - 100

    async def rotate() -> None:
        for _ in range(3):
            await rotation.rotate_keeper(keys.keychain(), PLATFORM, Progress(), wait)
        done.set()

    read_times, written, _ = await asyncio.gather(read(), write(), rotate())
    assert read_times > 3
    assert written > 3
    assert [row.version for row in await KeeperKey.all()] == [4]
    assert await all_open(streets, keys.keychain())


async def test_an_erasure_while_keys_rotate_stays_one(wait: Passing) -> None:
    await people(5)

    async def wait_and_erase(seconds: float) -> None:
        await PersonKey.filter(person_id="mbr_3").delete()
        await wait(seconds)

    await rotation.rotate_keeper(keys.keychain(), PLATFORM, Progress(), wait_and_erase)
    assert sorted(row.person_id for row in await PersonKey.all()) == ["mbr_0", "mbr_1", "mbr_2", "mbr_4"]


async def test_every_keepers_and_signing_key_is_wrapped_by_the_new_master_key_alone() -> None:
    streets = await people(3)
    for shop in ("shp_a", "shp_b", "shp_c"):
        await keys.person("mbr_1", shop)
    draft = await draft_key(LocalMasterKeys(DEMO_MASTER_KEYS))
    await keep_key(draft, longest=timedelta(days=1))
    progress = Progress()
    await rotation.rotate_master(Keychain(OwnKeys(), LocalMasterKeys(NEXT)), progress)
    assert progress.rows == await rotation.wrapped() == 5
    assert {row.master_id for table in (KeeperKey, SigningKey) for row in await table.all()} == {"next"}
    assert (await signing_key(LocalMasterKeys({"next": NEXT["next"]}))).kid == draft.opened.kid
    assert await all_open(streets, Keychain(OwnKeys(), LocalMasterKeys({"next": NEXT["next"]})))
    with pytest.raises(MasterKeyUnknown):
        await keys.keychain().of([KeyOf("mbr_1")])


async def test_a_master_key_that_is_missing_changes_nothing() -> None:
    await people(1)
    before = (await KeeperKey.get()).wrapped
    with pytest.raises(MasterKeyUnknown):
        await rotation.rotate_master(Keychain(OwnKeys(), LocalMasterKeys({"next": NEXT["next"]})), Progress())
    assert (await KeeperKey.get()).wrapped == before


PHONES = {f"mbr_{n}": f"1381234000{n}" for n in range(8)}


async def found(phone: str, chain: Keychain) -> str | None:
    """Who signs in with a telephone."""
    hash_keys = await chain.hash_keys()
    async with unit_of_work("members"):
        attempt = await begin_attempt(Hidden(phone), address="", hash_keys=hash_keys)
    assert isinstance(attempt, Attempt)
    return attempt.member_id


async def test_telephones_are_found_before_while_and_after_their_hash_key_is_replaced(wait: Passing) -> None:
    for member_id, phone in PHONES.items():
        await make.member(id=member_id, phone=phone)
        await make.credential(member_id, phone=phone)
    times = 0

    async def wait_and_sign_in(seconds: float) -> None:
        nonlocal times
        for member_id, phone in PHONES.items():
            times += 1
            assert await found(phone, keys.keychain()) == member_id
            await Throttle.all().delete()
        await wait(seconds)

    assert await rotation.rotate_hashes(keys.keychain(), Progress(), wait_and_sign_in) == 0
    assert times == 3 * 8
    assert {row.login_hash.partition(".")[0] for row in await Credential.all()} == {"2"}
    assert [row.version for row in await KeeperKey.filter(keeper=HASHES)] == [2]
    for member_id, phone in PHONES.items():
        assert await found(phone, keys.keychain()) == member_id
    assert await found("13900000000", keys.keychain()) is None


async def test_a_login_that_is_not_the_members_telephone_keeps_the_old_hash_key(wait: Passing) -> None:
    await make.member(id="mbr_lin")
    await make.credential("mbr_lin")
    await make.member(id="mbr_wang", phone="13900000000")
    await make.credential("mbr_wang", phone="13911111111")
    progress = Progress()
    assert await rotation.rotate_hashes(keys.keychain(), progress, wait) == 1
    assert progress.rows == 1
    assert sorted(row.version for row in await KeeperKey.filter(keeper=HASHES)) == [1, 2]
    assert await found("13911111111", keys.keychain()) == "mbr_wang"
    assert await found(make.PHONE, keys.keychain()) == "mbr_lin"


async def test_a_keeper_without_a_key_is_unknown(wait: Passing) -> None:
    with pytest.raises(NotFound) as refused:
        await rotation.rotate_keeper(keys.keychain(), "shp_none", Progress(), wait)
    assert refused.value.code == "keys.unknown"
