"""Keys are opened in batches, remembered for seconds, bounded in number, and dropped on erasure."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from kit import clock
from kit.errors import Unavailable
from kit.hidden import Hidden
from kit.keychain import HASHES, KEEPER_LIFE_SECONDS, LIFE_SECONDS, PLATFORM, Keychain, KeyOf, Memory
from kit.master_keys import LocalMasterKeys, MasterKeyUnknown
from kit.ports import WrappedKeeperKey, WrappedKey, data_key_context
from kit.sealing import DataKey, SealBroken, Spot, wrap
from tests.support.moments import MINUTE, NOON

MASTER, OTHER_MASTER, KEEPER, SECRET = (bytes([n]) * 32 for n in range(4))
SPOT = Spot("mbr_lin", "address", "street_sealed", "adr_1")


async def keeper_key(keeper: str = PLATFORM, *, version: int = 1, secret: bytes = KEEPER) -> WrappedKeeperKey:
    blank = WrappedKeeperKey(f"kky_{keeper}{version}", keeper, version, NOON, "new", "")
    wrapped = await LocalMasterKeys({"new": MASTER}).wrap(secret, context=blank.context)
    return WrappedKeeperKey(blank.id, keeper, version, NOON, "new", wrapped)


def data_key(person_id: str, under: WrappedKeeperKey, *, secret: bytes = SECRET) -> WrappedKey:
    id_ = f"pky_{person_id}"
    wrapped = wrap(secret, under=KEEPER, bound_to=data_key_context(id_, person_id, under.keeper))
    return WrappedKey(id_, person_id, under.keeper, wrapped, under)


@dataclass
class Shelf:
    """The port's other side; `asked` are the calls that were made."""

    keys: list[WrappedKey] = field(default_factory=list)
    keepers: list[WrappedKeeperKey] = field(default_factory=list)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    gate: asyncio.Event | None = None

    async def wrapped(self, person_ids: Sequence[str]) -> Sequence[WrappedKey]:
        self.asked.append(tuple(person_ids))
        found = [key for key in self.keys if key.person_id in person_ids]
        if self.gate:
            await self.gate.wait()
        return found

    async def keeper_keys(self, keeper: str) -> Sequence[WrappedKeeperKey]:
        self.asked.append((keeper,))
        return [key for key in self.keepers if key.keeper == keeper]


class CountingMasters(LocalMasterKeys):
    """A key management service that counts what it is asked."""

    calls = 0

    async def unwrap(self, wrapped: str, *, master_id: str, context: str) -> bytes:
        self.calls += 1
        return await super().unwrap(wrapped, master_id=master_id, context=context)


class Watch:
    """A clock of seconds that stands still until it is moved."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def masters() -> CountingMasters:
    return CountingMasters({"new": MASTER, "old": OTHER_MASTER})


async def shelf_of(*person_ids: str) -> Shelf:
    under = await keeper_key()
    return Shelf([data_key(person_id, under) for person_id in person_ids])


async def test_many_persons_are_one_call_and_their_keeper_one_unwrapping(
    masters: CountingMasters, watch: Watch
) -> None:
    people = [f"mbr_{n}" for n in range(100)]
    shelf = await shelf_of(*people)
    chain = Keychain(shelf, masters, watch)
    keys = await chain.of([KeyOf(person_id) for person_id in people])
    assert [key and key.id for key in keys] == [f"pky_{person_id}" for person_id in people]
    assert (len(shelf.asked), masters.calls) == (1, 1)
    sealed = DataKey("pky_mbr_7", SECRET).seal(Hidden("林晓"), SPOT)
    assert keys[7] is not None
    assert keys[7].open(sealed, SPOT) == Hidden("林晓")


async def test_a_key_is_remembered_for_seconds(masters: CountingMasters, watch: Watch) -> None:
    shelf = await shelf_of("mbr_lin")
    chain = Keychain(shelf, masters, watch)
    for moved, calls in ((0.0, 1), (LIFE_SECONDS - 0.1, 1), (0.2, 2)):
        watch.now += moved
        assert (await chain.of([KeyOf("mbr_lin")]))[0] is not None
        assert len(shelf.asked) == calls
    assert masters.calls == 1
    watch.now += KEEPER_LIFE_SECONDS
    await chain.of([KeyOf("mbr_lin")])
    assert masters.calls == 2


async def test_who_has_no_key_has_none_and_may_have_one_a_moment_later(masters: CountingMasters, watch: Watch) -> None:
    shelf = await shelf_of()
    chain = Keychain(shelf, masters, watch)
    assert await chain.of([KeyOf("mbr_lin")]) == [None]
    shelf.keys.append(data_key("mbr_lin", await keeper_key()))
    assert (await chain.of([KeyOf("mbr_lin")]))[0] is not None


async def test_a_person_has_a_key_with_each_keeper(masters: CountingMasters, watch: Watch) -> None:
    shelf = Shelf([data_key("mbr_lin", await keeper_key()), data_key("mbr_lin", await keeper_key("shp_tea"))])
    chain = Keychain(shelf, masters, watch)
    keys = await chain.of([KeyOf("mbr_lin"), KeyOf("mbr_lin", "shp_tea"), KeyOf("mbr_lin", "shp_rice")])
    assert [key is not None for key in keys] == [True, True, False]
    assert len(shelf.asked) == 1


async def test_an_erased_person_is_forgotten_at_once(masters: CountingMasters, watch: Watch) -> None:
    shelf = await shelf_of("mbr_lin", "mbr_wang")
    chain = Keychain(shelf, masters, watch)
    await chain.of([KeyOf("mbr_lin"), KeyOf("mbr_wang")])
    shelf.keys = [key for key in shelf.keys if key.person_id != "mbr_lin"]
    chain.forget("mbr_lin")
    keys = await chain.of([KeyOf("mbr_lin"), KeyOf("mbr_wang")])
    assert [key is not None for key in keys] == [False, True]
    assert shelf.asked == [("mbr_lin", "mbr_wang"), ("mbr_lin",)]


async def test_a_key_that_was_on_its_way_while_the_person_was_erased_is_not_remembered(
    masters: CountingMasters, watch: Watch
) -> None:
    shelf = await shelf_of("mbr_lin")
    shelf.gate = asyncio.Event()
    chain = Keychain(shelf, masters, watch)
    under_way = asyncio.create_task(chain.of([KeyOf("mbr_lin")]))
    await asyncio.sleep(0)
    shelf.keys = []
    chain.forget("mbr_lin")
    shelf.gate.set()
    await under_way
    assert await chain.of([KeyOf("mbr_lin")]) == [None]


async def test_a_key_wrapped_for_another_person_does_not_open(masters: CountingMasters, watch: Watch) -> None:
    stolen = data_key("mbr_lin", await keeper_key())
    moved = WrappedKey(stolen.id, "mbr_wang", stolen.keeper, stolen.wrapped, stolen.under)
    with pytest.raises(SealBroken):
        await Keychain(Shelf([moved]), masters, watch).of([KeyOf("mbr_wang")])


async def test_a_retired_master_key_is_missed_by_its_name(watch: Watch) -> None:
    chain = Keychain(await shelf_of("mbr_lin"), LocalMasterKeys({"next": OTHER_MASTER}), watch)
    with pytest.raises(MasterKeyUnknown, match="no master key 'new' here"):
        await chain.of([KeyOf("mbr_lin")])


async def test_the_newest_hash_key_writes_and_all_are_searched(masters: CountingMasters, watch: Watch) -> None:
    shelf = Shelf(keepers=[await keeper_key(HASHES), await keeper_key(HASHES, version=2, secret=SECRET)])
    chain = Keychain(shelf, masters, watch)
    with clock.at(NOON):
        assert [key.version for key in await chain.hash_keys()] == [2, 1]


async def test_an_announced_key_is_searched_but_not_written_with(masters: CountingMasters, watch: Watch) -> None:
    announced = await keeper_key(HASHES, version=2)
    shelf = Shelf(keepers=[await keeper_key(HASHES), announced, await keeper_key()])
    chain = Keychain(shelf, masters, watch)
    with clock.at(NOON - MINUTE):
        assert await chain.keeper(PLATFORM) is None
    shelf.keepers[1] = WrappedKeeperKey(announced.id, HASHES, 2, NOON + MINUTE, announced.master_id, announced.wrapped)
    with clock.at(NOON):
        assert [key.version for key in await chain.hash_keys()] == [1, 2]
        platform = await chain.keeper(PLATFORM)
    assert platform is not None
    assert platform.secret == KEEPER
    assert "secret" not in repr(platform)


async def test_without_hash_keys_nothing_can_be_searched(masters: CountingMasters, watch: Watch) -> None:
    with pytest.raises(Unavailable):
        await Keychain(Shelf(), masters, watch).hash_keys()


def test_memory_is_bounded_and_keeps_the_latest(watch: Watch) -> None:
    memory: Memory[int, str] = Memory(10.0, 3, watch)
    for number in range(5):
        memory.put(number, str(number))
    assert len(memory) == 3
    assert [memory.get(number) for number in range(5)] == [None, None, "2", "3", "4"]
    watch.now += 10.0
    assert memory.get(4) is None
    assert len(memory) == 2
