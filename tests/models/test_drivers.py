"""Which driver speaks to MariaDB."""

from __future__ import annotations

import pytest

from models import drivers
from models.drivers import driver


@pytest.mark.parametrize("name", ["aiomysql", "asyncmy"])
def test_the_driver_is_the_one_that_was_named(name: str) -> None:
    chosen = driver(name)
    assert chosen.name == name
    assert chosen.connect.__module__.split(".")[0] == name
    assert issubclass(chosen.integrity_error, chosen.error)


def test_the_fastest_that_is_installed_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert driver(None).name == "asyncmy"
    monkeypatch.setattr(drivers, "find_spec", lambda name: None if name == "asyncmy" else object())
    assert driver(None).name == "aiomysql"


def test_another_driver_is_refused() -> None:
    with pytest.raises(ValueError, match="MYSQL_DRIVER must be one of asyncmy, aiomysql, not mysqlclient"):
        driver("mysqlclient")
