"""The pages: README leads to every one of them, and names every command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_architecture import ROOT

README = ROOT / "README.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!\w+:|#)([^)#]+)")


def links(page: Path) -> set[Path]:
    """The files and folders to which a page leads."""
    return {(page.parent / target).resolve() for target in LINK.findall(page.read_text("utf-8"))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_leads_somewhere(page: Path) -> None:
    assert [target for target in links(page) if not target.exists()] == []


def test_readme_leads_to_every_page() -> None:
    there = links(README)
    assert [page for page in PAGES[1:] if page not in there and page.parent not in there] == []


def test_readme_names_every_command_of_make_and_no_other() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"`?\bmake ([a-z][a-z-]*)", README.read_text("utf-8")))
    assert named == targets - {"help"}
