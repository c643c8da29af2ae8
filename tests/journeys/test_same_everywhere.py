"""The same data gives the same Home on every database: SQLite's answer is kept in a file, MariaDB must give it too."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kit.settings import Settings
from kit.viewer import GUEST
from tests.support.mall import embedded_mall, persona

KEPT = Path(__file__).with_name("home.json")
SMALL = {"sections": 4, "cards": 3, "few": 2}


@pytest.mark.parametrize("name", ["guest", "buyer"])
async def test_home_is_what_was_kept(tiny_mall: Settings, noon: None, name: str) -> None:
    viewer = GUEST if name == "guest" else persona(tiny_mall, name)
    answer = await embedded_mall().home(viewer, SMALL)
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    if os.environ.get("HOME_ANSWER") == "write":
        KEPT.write_text(
            json.dumps({**kept, name: answer}, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8"
        )
        kept[name] = answer
    assert answer == kept[name]
