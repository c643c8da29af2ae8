"""Fixtures for everybody: an empty mall, a seeded one, a stopped clock."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest

from kit import clock, cursors
from kit.settings import DEMO_SEALING_KEY, Settings
from models.base import open_database
from tests.support.databases import (
    apart,
    copied,
    fill,
    migrated_file,
    migrated_schemas,
    mysql_name,
    mysql_settings,
    mysql_url,
    seeded,
)
from tests.support.moments import NOON

os.environ.setdefault("JISHI_ENV", "development")  # for the commands that tests run on databases of their own

cursors.use(DEMO_SEALING_KEY)

# The same examples in every run, however slow the machine: a failure is a fact, not an event.
hypothesis.settings.register_profile("jishi", derandomize=True, deadline=None, database=None, max_examples=50)
hypothesis.settings.load_profile("jishi")


@pytest.fixture(scope="session")
def schemas() -> str:
    """The prefix of the MariaDB schemas of this pytest process, unlike those of others that run at once."""
    return f"{mysql_name()}_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"


@pytest.fixture(scope="session")
def empty_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row."""
    return migrated_file(tmp_path_factory.mktemp("empty") / "mall.db")


@pytest.fixture(scope="session")
def tiny_template(empty_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tiny mall."""
    settings = copied(empty_template, tmp_path_factory.mktemp("tiny"))
    apart(seeded(settings))
    return settings.home / "mall.db"


@pytest.fixture(scope="session")
def mysql_mall(schemas: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """MariaDB schemas with every table, for tests to fill."""
    settings = mysql_settings(schemas, tmp_path_factory.mktemp("mysql"))
    apart(migrated_schemas(settings))
    return settings


@pytest.fixture(scope="session")
def mysql_tiny(schemas: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """MariaDB schemas with the tiny mall, to be copied from."""
    settings = mysql_settings(f"{schemas}_tiny", tmp_path_factory.mktemp("mysql_tiny"))
    apart(migrated_schemas(settings))
    apart(seeded(settings))
    return settings


@pytest.fixture
def empty_mall(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Where a mall without a row is: a SQLite file of this test's own, or MariaDB's schemas, emptied."""
    if mysql_url() is None:
        return copied(request.getfixturevalue("empty_template"), tmp_path)
    settings: Settings = request.getfixturevalue("mysql_mall")
    apart(fill(settings, None))
    return settings


@pytest.fixture
async def database(empty_mall: Settings) -> AsyncIterator[Settings]:
    """An open mall without a row."""
    async with open_database(empty_mall):
        yield empty_mall


@pytest.fixture
def seeded_mall(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Where a tiny mall is, seeded at NOON, of this test's own; its people stand in `personas.json` in its home."""
    if mysql_url() is None:
        return copied(request.getfixturevalue("tiny_template"), tmp_path)
    settings: Settings = request.getfixturevalue("mysql_mall")
    template: Settings = request.getfixturevalue("mysql_tiny")
    apart(fill(settings, template))
    return settings


@pytest.fixture
async def tiny_mall(seeded_mall: Settings) -> AsyncIterator[Settings]:
    """An open tiny mall."""
    async with open_database(seeded_mall):
        yield seeded_mall


@pytest.fixture
def noon() -> Iterator[None]:
    """While the test runs it is NOON."""
    with clock.at(NOON):
        yield
