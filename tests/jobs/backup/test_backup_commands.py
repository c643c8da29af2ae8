"""Backup and restore on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.__main__ import main
from kit.settings import Settings
from models.base import open_database
from models.products.tables import Product
from tests.support import world
from tests.support.databases import apart


@pytest.fixture
def mall(empty_mall: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The small world, which the environment names."""
    monkeypatch.setenv("DATABASE_URL", empty_mall.database_url)
    monkeypatch.setenv("JISHI_HOME", str(tmp_path))

    async def build() -> None:
        async with open_database(empty_mall):
            await world.build()

    apart(build())
    return empty_mall


def test_a_shop_goes_out_and_comes_back(mall: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def destroy() -> None:
        async with open_database(mall):
            assert await Product.filter(shop_id="shp_a").delete() == 6

    file = tmp_path / "a.backup"
    assert main(["backup", "--shop", "shp_a", "--to", str(file)]) == 0
    assert capsys.readouterr().out == f"45 rows of shp_a into {file}\n"
    apart(destroy())
    assert main(["restore", "--shop", "shp_a", str(file)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert "product: 6 inserted" in out
    assert "sku: 1 same" in out
    assert main(["restore", "--shop", "shp_b", str(file)]) == 2
    assert capsys.readouterr().err == "backup.shop: this is the backup of another shop: nothing was changed\n"


def test_without_a_place_it_goes_into_the_malls_home(
    mall: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "--shop", "shp_b"]) == 0
    [file] = (tmp_path / "backups").iterdir()
    assert str(file) in capsys.readouterr().out
    assert main(["backup", "--shop", "shp_none"]) == 2
    assert capsys.readouterr().err == "shop.unknown: there is no such shop\n"
