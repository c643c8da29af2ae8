"""Adding and ending who works for the platform, on a console."""

from __future__ import annotations

import io
import re

import pytest

from jobs.__main__ import main
from kit.settings import Settings
from models.base import open_database
from models.members.staff import PlatformStaff
from tests.factories import members as make
from tests.support.databases import apart

ADD = ["add-platform-staff", "--login", "gu", "--role", "AUDITOR"]
NEWCOMER = "顾宁\n110101199003070000\n"


@pytest.fixture
def mall(empty_mall: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A mall with its keys, which the environment names."""
    monkeypatch.setenv("DATABASE_URL", empty_mall.database_url)
    monkeypatch.setenv("JISHI_HOME", str(empty_mall.home))
    assert main(["migrate"]) == 0
    return empty_mall


def run(arguments: list[str], typed: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return main(arguments)


async def _shen(settings: Settings) -> None:
    async with open_database(settings):
        await make.platform_staff(id="pst_shen")


async def _staff(settings: Settings, found: list[PlatformStaff]) -> None:
    async with open_database(settings):
        found += await PlatformStaff.all().order_by("login")


def staff_of(settings: Settings) -> list[PlatformStaff]:
    found: list[PlatformStaff] = []
    apart(_staff(settings, found))
    return found


def test_the_first_security_administrator_comes_from_nobody(
    mall: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(ADD, NEWCOMER, monkeypatch) == 2
    assert capsys.readouterr().err.startswith("staff.security: ")
    first = ["add-platform-staff", "--login", "shen", "--role", "SECURITY"]
    assert run(first, "沈岳\n110101198001010000\n", monkeypatch) == 0
    told = r"pst_\w+ may activate shen as SECURITY within a day, with the code \S{32}\n"
    assert re.fullmatch(told, capsys.readouterr().out)
    assert [staff.login for staff in staff_of(mall)] == ["shen"]


def test_a_security_administrator_adds_and_ends_by_password_and_code(
    mall: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    apart(_shen(mall))
    capsys.readouterr()
    for typed in (f"wrong\n{make.code_now()}\n", f"{make.PASSWORD}\n000000\n"):
        assert run([*ADD, "--by", "shen"], typed + NEWCOMER, monkeypatch) == 2
        assert capsys.readouterr().err == "staff.credentials: there is no such login, password and code\n"
    proven = f"{make.PASSWORD}\n{make.code_now(later=-1)}\n"
    assert run([*ADD, "--by", "shen"], proven + NEWCOMER, monkeypatch) == 0
    assert [staff.login for staff in staff_of(mall)] == ["gu", "shen"]
    proven = f"{make.PASSWORD}\n{make.code_now(later=1)}\n"
    assert run(["end-platform-staff", "--login", "gu", "--by", "shen"], proven, monkeypatch) == 0
    assert [staff.ended_at is None for staff in staff_of(mall)] == [False, True]


def test_a_security_administrator_lets_another_person_choose_anew(
    mall: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    apart(_shen(mall))
    assert run([*ADD, "--by", "shen"], f"{make.PASSWORD}\n{make.code_now(later=-1)}\n{NEWCOMER}", monkeypatch) == 0
    [before] = [staff.activation_hash for staff in staff_of(mall) if staff.login == "gu"]
    capsys.readouterr()
    proven = f"{make.PASSWORD}\n{make.code_now(later=1)}\n"
    assert run(["reset-platform-staff", "--login", "gu", "--by", "shen"], proven, monkeypatch) == 0
    told = r"gu may activate anew within a day, with the code \S{32}\n"
    assert re.fullmatch(told, capsys.readouterr().out)
    assert [staff.activation_hash == before for staff in staff_of(mall) if staff.login == "gu"] == [False]
