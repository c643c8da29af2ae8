"""What is append-only stays as it was written, whatever a process of the mall tries."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from tortoise import connections
from tortoise.exceptions import BaseORMException

from kit.errors import Refused
from kit.settings import DOMAINS, Settings
from kit.viewer import GUEST
from models.acts import Act
from models.audit import seals_of, trail_of, unsealed_of
from models.base import connection_name, open_database
from models.migrating import migrate
from models.orders.stock import Quota
from models.protection import Account, append_only, lifted, protect
from services.audit import record
from tests.support.databases import apart, mysql_url
from tests.support.moments import NOON

sqlite_only = pytest.mark.skipif(mysql_url() is not None, reason="the triggers are SQLite's")
mysql_only = pytest.mark.skipif(mysql_url() is None, reason="the grants are MariaDB's")

USER = f"jishi_test_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"
"""One for each process of tests: what one takes from it, another may need."""
FORBIDDEN = [
    "UPDATE {table} SET reason = 'never'",
    "DELETE FROM {table}",
    "REPLACE INTO {table} SELECT * FROM {table}",
]
FORBIDDEN_IN_MARIADB = [
    "INSERT INTO {table} SELECT * FROM {table} ON DUPLICATE KEY UPDATE reason = 'never'",
    "TRUNCATE TABLE {table}",
    "ALTER TABLE {table} DROP COLUMN reason",
    "DROP TABLE {table}",
    "RENAME TABLE {table} TO gone",
    "CREATE TRIGGER t BEFORE INSERT ON {table} FOR EACH ROW SET NEW.reason = 'never'",
]


def as_application(settings: Settings) -> str:
    url = urlsplit(settings.database_url)
    return urlunsplit(url._replace(netloc=f"{USER}:s'e\\cret@{url.hostname}:{url.port or 3306}".replace("'", "%27")))


@pytest.fixture
async def mall(empty_mall: Settings) -> AsyncIterator[Settings]:
    """The mall as its own user opens it, with a row in each trail."""
    opened = empty_mall
    if mysql_url():
        apart(migrate(replace(empty_mall, application_database_url=as_application(empty_mall))))
        opened = replace(empty_mall, database_url=as_application(empty_mall))
    async with open_database(opened):
        for domain in DOMAINS:
            await record(domain, Act.SESSION_OPENED, viewer=GUEST, object_id="ses_1", reason="as it was")
            columns = dict.fromkeys(("previous", "hash", "key_id", "signature"), "")
            await seals_of(domain).create(id=1, at=NOON, size=0, records=[], **columns)
        yield opened


async def execute(domain: str, sql: str) -> Any:
    return await connections.get(connection_name(domain)).execute_script(sql)


async def refused(domain: str, template: str, table: str) -> str:
    with pytest.raises(BaseORMException) as caught:
        await execute(domain, template.format(table=table))
    return str(caught.value)


@pytest.mark.usefixtures("mall")
@pytest.mark.parametrize("domain", DOMAINS)
async def test_rows_of_the_trail_are_neither_changed_nor_taken_out(domain: str) -> None:
    for statement in FORBIDDEN:
        said = await refused(domain, statement, f"{domain}_audit")
        assert "append-only" in said or "command denied" in said
    assert await trail_of(domain).all().values_list("reason", flat=True) == ["as it was"]


@pytest.mark.usefixtures("mall")
@pytest.mark.parametrize("domain", DOMAINS)
async def test_neither_are_seals(domain: str) -> None:
    for statement in ("UPDATE {table} SET hash = 'x'", "DELETE FROM {table}", FORBIDDEN[-1]):
        await refused(domain, statement, f"{domain}_audit_seal")
    assert await seals_of(domain).all().values_list("id", "hash") == [(1, "")]


@mysql_only
@pytest.mark.usefixtures("mall")
@pytest.mark.parametrize("statement", FORBIDDEN_IN_MARIADB)
async def test_the_malls_user_cannot_get_round_it(statement: str) -> None:
    assert "denied" in await refused("orders", statement, "orders_audit")
    assert await trail_of("orders").all().values_list("reason", flat=True) == ["as it was"]


@mysql_only
@pytest.mark.usefixtures("mall")
async def test_the_malls_user_makes_and_drops_no_table_anywhere() -> None:
    for statement in ("CREATE TABLE x (id INT)", "DROP TABLE {table}", "CREATE DATABASE jishi_x"):
        assert "denied" in await refused("orders", statement, "quota")


async def test_everything_else_can_be_changed_and_deleted(mall: Settings) -> None:
    await Quota.create(id="pit_1", shop_id="shp_1", total=10, taken=0)
    await Quota.filter(id="pit_1").select_for_update().update(taken=1)
    assert (await Quota.get()).taken == 1
    await Quota.filter(id="pit_1").delete()
    await unsealed_of("orders").all().delete()
    assert await Quota.all().count() == await unsealed_of("orders").all().count() == 0


@mysql_only
async def test_a_table_that_becomes_append_only_loses_its_rights(empty_mall: Settings) -> None:
    settings = replace(empty_mall, application_database_url=as_application(empty_mall))
    async with open_database(settings):
        await protect(settings)
        [found] = await connections.get("orders").execute_query_dict("SELECT DATABASE() AS name")
        await execute("orders", f"GRANT UPDATE, DROP ON `{found['name']}`.orders_audit TO '{USER}'@'%'")
        await protect(settings)
    async with open_database(replace(settings, database_url=as_application(empty_mall))):
        await record("orders", Act.SESSION_OPENED, viewer=GUEST, object_id="ses_1")
        await refused("orders", FORBIDDEN[0], "orders_audit")


@mysql_only
async def test_a_user_who_may_change_whole_schemas_is_refused(empty_mall: Settings) -> None:
    settings = replace(empty_mall, application_database_url=as_application(empty_mall))
    async with open_database(settings):
        await protect(settings)
        await execute("orders", f"GRANT DELETE ON *.* TO '{USER}'@'%'")
        try:
            with pytest.raises(Refused, match=f"{USER} may DELETE beyond single tables"):
                await protect(settings)
        finally:
            await execute("orders", f"REVOKE DELETE ON *.* FROM '{USER}'@'%'")


@pytest.mark.parametrize("url", ["sqlite://x", "mysql://h/x", "mysql://root@h/x"])
def test_the_malls_user_has_a_name_and_a_password(url: str) -> None:
    with pytest.raises(ValueError, match="APPLICATION_DATABASE_URL must be"):
        Account.of(url)


@sqlite_only
async def test_what_is_lifted_is_put_back(mall: Settings) -> None:
    async with lifted("orders"):
        await trail_of("orders").all().delete()
    assert await trail_of("orders").all().count() == 0
    await record("orders", Act.SESSION_OPENED, viewer=GUEST, object_id="ses_1", reason="as it was")
    await refused("orders", "DELETE FROM {table}", "orders_audit")


@sqlite_only
async def test_a_lift_that_fails_changes_nothing(mall: Settings) -> None:
    async def fail_late() -> None:
        async with lifted("orders"):
            await trail_of("orders").all().delete()
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await fail_late()
    assert await trail_of("orders").all().count() == 1
    await refused("orders", "DELETE FROM {table}", "orders_audit")


async def test_every_domain_has_a_trail_and_seals_that_are_protected(mall: Settings) -> None:
    for domain in DOMAINS:
        assert {f"{domain}_audit", f"{domain}_audit_seal"} <= set(append_only(domain))
