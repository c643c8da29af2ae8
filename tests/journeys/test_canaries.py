"""A thousand personal values go through every flow of a running mall, and are found nowhere in clear."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import redis.asyncio as redis

from jobs.signing import rotate_when_due
from kit.hidden import Hidden
from kit.keychain import KeyOf
from kit.settings import DOMAINS, Settings
from kit.viewer import Viewer
from models.base import open_database, unit_of_work
from models.members.account import Address, Member
from models.members.privacy import PersonKey
from models.personal import Deleted, personal_tables, rows_about
from models.products.tables import Product
from models.shops.tables import Shop
from models.states import PlatformRole, StaffRole
from services import privacy
from services.members import platform
from services.members.platform import Newcomer
from tests.factories import keys
from tests.factories import members as make
from tests.factories import shops as make_shop
from tests.support.canaries import CANARIES, STEMS, found_in, in_database, in_files, in_redis
from tests.support.canary_doors import MISPLACED, MISSAID, WAYS, Front, Heard, Record, at, by_http, some
from tests.support.canary_flows import BAD, PATIENCE_SECONDS, errs, leaves, lives, signs_in, takes_a_copy, works
from tests.support.databases import apart, mysql_url
from tests.support.servers import environment_of, gateway, own_redis, process

LEAVING = range(0, len(CANARIES), 5)
COPYING = range(1, len(CANARIES), 10)
WORKING = range(2, len(CANARIES), 20)
"""Who also works for the platform."""
KEPT_OF_A_BUYER = {"member", "members_audit", "erasure"}
"""Tables that still know the number of who has left: their acts, that they left, and a name that is nobody's."""
AT_ONCE = 4
EXPECTED = {200, 400, 401, 403, 404, 405, 415, 4400, 4401, 4403}
"""Statuses of HTTP, and codes that sockets are closed with: every kind of refusal was met."""
BROKEN = 1011
"""The code that a socket is closed with whose server failed (RFC 6455, section 7.4.1)."""
HEADER = "code,name,subtitle,category,shop_category,kind,price,list_price,image,tags,origin,sku_code,options,stock\n"


async def settle(settings: Settings, codes: dict[int, str]) -> None:
    """The people with canaries come to live in the mall, a clerk in its first shop with each of them.

    Some are to work for the platform: `codes` is filled with what activates them.
    """
    async with open_database(settings):
        await rotate_when_due(settings, keys.keychain())
        shop = await Shop.all().order_by("id").first()
        assert shop is not None
        for number, canary in enumerate(CANARIES):
            await make.member(id=f"mbr_c{number}", phone=canary.phone)
            await make.credential(f"mbr_c{number}", phone=canary.phone, password=canary.password)
            await make_shop.staff(shop.id, name=canary.staff, role=StaffRole.CLERK, member_id=f"mbr_s{number}")
            if number in WORKING:
                codes[number] = await hired(number)


async def hired(number: int) -> str:
    """The code with which somebody begins to work for the platform."""
    canary, id_ = CANARIES[number], platform.new_staff_id()
    role = PlatformRole.OPERATOR
    newcomer = Newcomer(id_, Hidden(canary.staff), Hidden(canary.id_number), login(number), role)
    key = await keys.person(id_)
    async with unit_of_work("members"):
        return await platform.add(newcomer, key, by=Viewer.platform_staff("pst_security", PlatformRole.SECURITY))


def login(number: int) -> str:
    return f"operator{number}"


async def erased_everywhere(settings: Settings, late: frozenset[str] = frozenset()) -> None:
    """Wait until nothing is left of who has left; but in the tables `late`, for tokens hold some seconds longer."""
    members = [f"mbr_c{number}" for number in LEAVING]
    deadline = time.monotonic() + PATIENCE_SECONDS
    async with open_database(settings):
        while left := {member_id: tables for member_id in members if (tables := await left_of(member_id) - late)}:
            assert time.monotonic() < deadline, left
            await asyncio.sleep(0.5)


async def left_of(member_id: str) -> set[str]:
    """The tables that should have nothing of a person any more, and have."""
    return {
        model._meta.db_table
        for domain in DOMAINS
        for model, personal in personal_tables(domain)
        if isinstance(personal.fate, Deleted) and await rows_about(domain, model, personal, member_id)
    }


async def what_is_kept(settings: Settings) -> None:
    """Of who has left only what the law keeps, and of that nothing opens; of the others everything does."""
    async with open_database(settings):
        for number in LEAVING:
            member_id = f"mbr_c{number}"
            assert await keys.keychain().of([KeyOf(member_id)]) == [None]
            copied = [copy for domain in DOMAINS for copy in await privacy.copies(domain, member_id, keys.keychain())]
            assert found_in(member_id, repr(copied).encode()) == []
            assert {copy.table for copy in copied} == KEPT_OF_A_BUYER
        staying = [f"mbr_c{number}" for number in range(len(CANARIES)) if number not in LEAVING]
        assert await PersonKey.filter(person_id__in=staying).count() == len(staying)
        lived = await Address.filter(member_id__in=staying).values_list("member_id", flat=True)
        assert set(lived) == set(staying)
        assert await Member.filter(id__in=staying, erased_at=None).count() == len(staying)


def import_file(path: Path) -> Path:
    """A shop's catalogue whose every row is refused for a canary where something else should stand."""
    rows = (
        f"A{number},茶,,水果,,{canary.account},{canary.phone},{canary.id_number}x,{canary.email},,,,{canary.street},"
        f"{canary.receiver}\n"
        for number, canary in enumerate(CANARIES)
    )
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


@contextmanager
def running(settings: Settings, said: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The mall's gateway and, where there is a Redis, a worker beside it: the address and the environment."""
    environment = environment_of(settings)
    if mysql_url() is None:
        with gateway(environment, output=said / "gateway") as (address, _):
            yield address, environment
        return
    with own_redis() as (url, _):
        environment["REDIS_URL"] = url
        with (
            process("-m", "jobs", "worker", environment=environment, output=said / "worker"),
            gateway(environment, output=said / "gateway") as (address, _),
        ):
            yield address, environment


async def everything(address: str, codes: Mapping[int, str]) -> Record:
    """All people live, err and leave, a third of them by each way into a mall."""
    record = Record()

    async def life(number: int) -> None:
        place = f"127.0.1.{number + 1}"  # tries to sign in count by place
        async with at(address, place, WAYS[number % len(WAYS)], record) as front:
            await lived(front, number)

    async def lived(front: Front, number: int) -> None:
        canary = CANARIES[number]
        token = await signs_in(front, canary)
        await lives(front, canary, number, token)
        if number in WORKING:
            await works(front, canary, login(number), codes[number])
        if number in COPYING:
            await takes_a_copy(front, canary, token)
        if number in LEAVING:
            await leaves(front, canary, token)
        await errs(front, canary, number, token)

    for start in range(0, len(CANARIES), AT_ONCE):
        await asyncio.gather(*map(life, range(start, min(start + AT_ONCE, len(CANARIES)))))
    async with at(address, "127.0.0.1", by_http, record) as front:
        metrics = await front.client.get("/metrics")
        front.heard(Heard(metrics.status_code, metrics.content))
    return record


def test_a_thousand_values_are_found_nowhere_in_clear(
    seeded_mall: Settings, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert sum(len(set(canary.texts())) for canary in CANARIES) == 1_000
    said, codes = tmp_path / "said", dict[int, str]()
    said.mkdir()
    apart(settle(seeded_mall, codes))
    catalogue = import_file(tmp_path_factory.mktemp("import") / "catalogue.csv")
    found: list[str] = []
    with running(seeded_mall, said) as (address, environment):

        async def journey() -> None:
            record = await everything(address, codes)
            found.extend(record.leaks)
            issued.update(record.issued)
            assert {status for status in record.statuses if 500 <= status < 600 or status == BROKEN} == set()
            assert record.statuses >= EXPECTED
            await erased_everywhere(seeded_mall, late=frozenset({"orders_idempotency"}))
            if environment["REDIS_URL"] != "memory://":
                found.extend(await in_redis(environment["REDIS_URL"], issued))

        issued: set[str] = set()
        apart(journey())
        operated(commands(seeded_mall, catalogue), environment, said)
        found += in_files(seeded_mall.home)  # with the write-ahead log, while the mall is open

    async def search() -> None:
        found.extend(await in_database(seeded_mall, issued))

    apart(search())
    found += in_files(tmp_path, issued) + in_files(seeded_mall.home)
    assert sorted(set(found)) == []
    assert len(issued) > 4 * len(CANARIES) - 1
    apart(erased_everywhere(seeded_mall))
    assert "refused" in (said / "0").read_text("utf-8")
    assert list(seeded_mall.backups.iterdir())
    apart(what_is_kept(seeded_mall))


@pytest.mark.parametrize("kinds", [BAD, MISPLACED, MISSAID])
def test_all_people_together_meet_every_mistake_by_every_way(kinds: Sequence[object]) -> None:
    met = {
        (number % len(WAYS), kind)
        for number, canary in enumerate(CANARIES)
        for kind in some(kinds, number, len(canary.texts()))
    }
    assert len(met) == len(WAYS) * len(kinds)


def operated(commands: Iterable[Sequence[str]], environment: Mapping[str, str], said: Path) -> None:
    """The commands run to their ends, all at once; what each says goes into a file of its number."""
    with ExitStack() as stack:
        started = [
            stack.enter_context(process("-m", "jobs", *command, environment=environment, output=said / f"{number}"))
            for number, command in enumerate(commands)
        ]
        for one in started:
            one.wait(timeout=120)


def commands(settings: Settings, catalogue: Path) -> list[list[str]]:
    """What an operator does in a day: an import, and backups of everything."""
    shop = shop_of(settings)
    return [
        ["import-catalogue", str(catalogue), "--shop", shop],
        ["backup", "--shop", shop],
        ["backup-keys", str(settings.home / "keys.bak")],
        ["replay-erasures"],
    ]


def shop_of(settings: Settings) -> str:
    """The shop in which the clerks are."""
    found: list[str] = []

    async def read() -> None:
        async with open_database(settings):
            shop = await Shop.all().order_by("id").first()
            assert shop is not None
            found.append(shop.id)

    apart(read())
    return found[0]


@pytest.mark.parametrize("stem", STEMS)
def test_the_search_finds_a_value_however_it_is_written(stem: str) -> None:
    (text,) = [text for text in CANARIES[7].texts() if stem in text]
    plain = text.encode()
    ways = [
        plain, text.encode("gbk"), text.encode("utf-16-le"), plain.hex().encode(), repr({"a": text}).encode(),
        *(base64.b64encode(b"x" * shift + plain) for shift in range(3)),
        hashlib.sha256(plain).hexdigest().encode(), hashlib.md5(plain).hexdigest().upper().encode(),
    ]  # fmt: skip
    assert [way for way in ways if not found_in("here", b"before " + way + b" after")] == []
    assert found_in("here", b"13812345678 nobody's") == []


@pytest.mark.services
async def test_the_search_finds_a_value_in_any_kind_of_redis_key() -> None:
    with own_redis() as (url, _):
        client = redis.from_url(url)
        text = CANARIES[3].street
        await client.set("a", text)
        await client.hset("b", mapping={"field": text})
        await client.rpush("c", text)
        await client.sadd("d", text)
        await client.zadd("e", {text: 1})
        await client.xadd("f", {"body": text})
        await client.set(text, "g")
        await client.aclose()
        assert len({one.partition(":")[0] for one in await in_redis(url)}) == 7


async def test_the_search_finds_a_value_in_a_table(tiny_mall: Settings) -> None:
    product = await Product.all().first()
    assert product is not None
    assert await in_database(tiny_mall) == []
    await Product.filter(id=product.id).update(name=CANARIES[1].receiver)
    assert {one.partition(":")[0] for one in await in_database(tiny_mall)} == {"product"}
