"""Three administrators: added by security alone, one office for one person, for good."""

from __future__ import annotations

import pytest
from tortoise.exceptions import IntegrityError

from kit.errors import Conflict, Forbidden, NotFound
from kit.hidden import Hidden
from kit.keychain import KeyOf
from kit.viewer import Viewer
from models.acts import Act
from models.audit import trail_of
from models.base import unit_of_work
from models.members.staff import PlatformStaff
from models.states import PlatformRole
from services.members import platform
from services.members.platform import Newcomer
from services.members.privacy.keys import data_key
from tests.factories import keys
from tests.factories import members as make

pytestmark = pytest.mark.usefixtures("database", "noon")

SECURITY = Viewer.platform_staff("pst_shen", "SECURITY")
NUMBER = "110101199003070000"
OTHERS = [role for role in PlatformRole if role is not PlatformRole.SECURITY]


async def added(
    role: PlatformRole, *, by: Viewer | None = SECURITY, number: str = NUMBER, login: str = "gu"
) -> PlatformStaff:
    newcomer = Newcomer(platform.new_staff_id(), Hidden("顾宁"), Hidden(number), login, role)
    key = await data_key(keys.keychain(), KeyOf(newcomer.id))
    async with unit_of_work("members"):
        await platform.add(newcomer, key, by=by)
    return await PlatformStaff.get(id=newcomer.id)


@pytest.mark.parametrize("role", OTHERS)
async def test_nobody_but_security_adds_or_ends_anybody(role: PlatformRole) -> None:
    by = Viewer.platform_staff("pst_other", role)
    with pytest.raises(Forbidden):
        await added(PlatformRole.AUDITOR, by=by)
    await added(PlatformRole.AUDITOR)
    with pytest.raises(Forbidden):
        async with unit_of_work("members"):
            await platform.end("gu", by=by)
    assert (await PlatformStaff.get()).ended_at is None


async def test_the_first_security_administrator_is_added_by_nobody_and_only_the_first() -> None:
    with pytest.raises(Forbidden):
        await added(PlatformRole.OPERATOR, by=None)
    await added(PlatformRole.SECURITY, by=None)
    await PlatformStaff.all().update(secret="chosen")
    with pytest.raises(Forbidden):
        await added(PlatformRole.SECURITY, by=None, number="2", login="other")


@pytest.mark.parametrize("first", PlatformRole)
@pytest.mark.parametrize("second", [PlatformRole.OPERATOR, PlatformRole.SECURITY, PlatformRole.AUDITOR])
async def test_nobody_holds_two_offices_at_once_or_one_after_the_other(
    first: PlatformRole, second: PlatformRole
) -> None:
    await added(first)
    with pytest.raises(Conflict):
        await added(second, login="gu2")
    async with unit_of_work("members"):
        await platform.end("gu", by=SECURITY)
    with pytest.raises(Conflict):
        await added(second, login="gu2")
    assert await PlatformStaff.all().count() == 1


async def test_the_database_lets_nobody_hold_two_offices_either() -> None:
    await make.platform_staff(person="x", role=PlatformRole.OPERATOR)
    with pytest.raises(IntegrityError):
        await make.platform_staff(person="x", role=PlatformRole.AUDITOR)


async def test_what_is_kept_names_nobody_and_is_on_record() -> None:
    staff = await added(PlatformRole.AUDITOR)
    kept = str(await PlatformStaff.all().values())
    assert NUMBER not in kept
    assert "顾宁" not in kept
    async with unit_of_work("members"):
        await platform.end("gu", by=SECURITY)
    rows = [(row.act, row.viewer_id, row.object_id) for row in await trail_of("members").all().order_by("id")]
    assert rows == [(Act.STAFF_ADDED, "pst_shen", staff.id), (Act.STAFF_ENDED, "pst_shen", staff.id)]
    with pytest.raises(NotFound):
        async with unit_of_work("members"):
            await platform.end("gu", by=SECURITY)


async def test_a_login_is_one_persons() -> None:
    await added(PlatformRole.AUDITOR)
    with pytest.raises(Conflict):
        await added(PlatformRole.AUDITOR, number="2")
