"""The commands of `python -m jobs`: what they print, what they write, and how they refuse."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import orjson
import pytest

from jobs.__main__ import main
from kit.settings import Settings
from kit.viewer import Viewer


@pytest.fixture
def home(empty_mall: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a mall without rows, which the environment names."""
    monkeypatch.setenv("DATABASE_URL", empty_mall.database_url)
    monkeypatch.setenv("JISHI_HOME", str(empty_mall.home))
    return empty_mall.home


def test_seeding_says_what_it_made_writes_the_personas_and_is_done_once(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["seed", "--size", "tiny"]) == 0
    line = r"seeded 8 shops, 376 products, \d+ SKUs, 60 members, 600 orders \([\d,]+ rows\) in [\d.]+ s\n"
    assert re.fullmatch(line, capsys.readouterr().out)
    people = orjson.loads((home / "personas.json").read_bytes())
    assert [person["name"] for person in people] == [
        "buyer", "dormant", "owner-a", "clerk-a", "owner-b", "manager-a", "finance-a", "redeemer-a", "host-a", "hired",
        "operator", "reviewer", "finance", "risk", "auditor", "security", "partner", "supplier",
    ]  # fmt: skip
    assert all(
        set(person) == {"name", "title", "hats", "phone", "password"}
        and all(msgspec.convert(hat, Viewer).scopes for hat in person["hats"])
        for person in people
    )
    assert (home / "personas.json").stat().st_mode & 0o777 == 0o600
    assert main(["seed", "--size", "tiny"]) == 2
    assert capsys.readouterr().err.startswith("seed.present: ")


def test_a_refusal_has_its_code_and_an_exit_code(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import-catalogue", "missing.csv", "--shop", "shp_nobody"]) == 2
    assert capsys.readouterr().err == "shop.unknown: there is no such shop\n"


def test_migrating_twice_is_harmless(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [main(["migrate"]), main(["migrate"])] == [0, 0]
    assert capsys.readouterr().out == "the tables of all domains are up to date\n" * 2
