"""`docs/security.md` names files of this tree, and every control that is implemented has its test."""

from __future__ import annotations

import re

from tests.test_architecture import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
PATH = re.compile(r"`((?:[\w.-]+/)*[\w-]+\.(?:py|md|lock|graphql|sh))`")
CONTROLS = [f"8.1.{area}" for area in (1, 2, 3)] + [f"8.1.4.{number}" for number in range(1, 12)]
CENTRE = [f"8.1.5.{number}" for number in range(1, 5)]


def rows() -> list[list[str]]:
    """The cells of each control: its name, what implements it, what tests it, what is left to the operator."""
    table = PAGE.partition("## Controls of MLPS level 3")[2].splitlines()
    lines = [line.strip("|").split("|") for line in table if line.startswith("| ")]
    return [[cell.strip() for cell in line] for line in lines[1:]]


def test_every_file_that_the_page_names_is_there() -> None:
    named = PATH.findall(PAGE)
    assert len(named) > 60
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_every_control_stands_in_the_table() -> None:
    known = {name.split()[0] for name, *_ in rows()}
    assert {*CONTROLS, *CENTRE} <= known


def test_what_is_implemented_names_where_and_its_test_and_what_is_left() -> None:
    for name, implemented, tested, left in rows():
        assert left, name
        if implemented == "-" or name.startswith("8.1.6"):
            assert tested == "-", name
        else:
            assert PATH.findall(implemented), name
            assert all(path.startswith("tests/") for path in PATH.findall(tested)), name
            assert PATH.findall(tested), name


def test_every_dependency_is_pinned_by_version_and_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pinned = re.split(r"^(?=\w)", re.sub(r"^ *#.*\n", "", lock, flags=re.MULTILINE), flags=re.MULTILINE)[1:]
    assert len(pinned) > 50
    assert [one for one in pinned if not re.match(r"[\w.-]+==\S+.*\\\n +--hash=sha256:[0-9a-f]{64}", one)] == []
