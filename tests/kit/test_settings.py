"""The environment decides; what it leaves out suits the demo, and nothing but the demo."""

from __future__ import annotations

import pytest

from kit.settings import DEMO_MASTER_KEYS, Settings

MALL = {"DATABASE_URL": "mysql://mall@127.0.0.1/jishi"}
KEYS = {"MASTER_KEYS": f"2026:{'ab' * 32}, 2025:{'cd' * 32}", "SEALING_KEY": "ef" * 32}


def test_an_empty_environment_is_the_demo() -> None:
    settings = Settings.read({})
    assert (settings.database_url, settings.redis_url) == ("sqlite://.demo/mall.db", "memory://")
    assert (settings.development, settings.introspection, settings.master_keys) == (True, True, DEMO_MASTER_KEYS)


@pytest.mark.parametrize("missing", ["MASTER_KEYS", "SEALING_KEY"])
def test_a_mall_with_a_database_of_its_own_needs_keys_of_its_own(missing: str) -> None:
    with pytest.raises(ValueError, match=f"{missing} is missing"):
        Settings.read({name: value for name, value in {**MALL, **KEYS}.items() if name != missing})


def test_a_mall_is_closed_unless_it_says_that_it_is_for_development() -> None:
    settings = Settings.read({**MALL, **KEYS})
    assert (settings.development, settings.introspection, settings.sealing_key) == (False, False, b"\xef" * 32)
    assert list(settings.master_keys.items()) == [("2026", b"\xab" * 32), ("2025", b"\xcd" * 32)]
    assert Settings.read({**MALL, "JISHI_ENV": "development"}).development


def test_subgraphs_answer_where_their_addresses_say() -> None:
    settings = Settings.read({"SHOPS_URL": "http://127.0.0.1:4001/graphql", "OTHER_URL": "http://127.0.0.1:1"})
    assert settings.subgraph_urls == {"shops": "http://127.0.0.1:4001/graphql"}


@pytest.mark.parametrize("keys", ["", "ab", "2026:", "2026:abcd", f":{'ab' * 32}", f"2026:{'xy' * 32}", f"{'ab' * 32}"])
def test_master_keys_that_are_none_are_refused_without_being_shown(keys: str) -> None:
    with pytest.raises(ValueError, match="MASTER_KEYS must be") as refused:
        Settings.read({**MALL, **KEYS, "MASTER_KEYS": keys})
    assert len(keys) < 10 or keys not in str(refused.value)
