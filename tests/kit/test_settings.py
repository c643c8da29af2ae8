"""The environment decides; what it leaves out suits the demo, and nothing but the demo."""

from __future__ import annotations

import pytest

from kit.settings import DEMO_SEALING_KEY, Settings

MALL = {"DATABASE_URL": "mysql://mall@127.0.0.1/jishi"}


def test_an_empty_environment_is_the_demo() -> None:
    settings = Settings.read({})
    assert (settings.database_url, settings.redis_url) == ("sqlite://.demo/mall.db", "memory://")
    assert (settings.development, settings.introspection, settings.sealing_key) == (True, True, DEMO_SEALING_KEY)


def test_a_mall_with_a_database_of_its_own_needs_a_key_of_its_own() -> None:
    with pytest.raises(ValueError, match="SEALING_KEY is missing"):
        Settings.read(MALL)


def test_a_mall_is_closed_unless_it_says_that_it_is_for_development() -> None:
    settings = Settings.read({**MALL, "SEALING_KEY": "ab" * 32})
    assert (settings.development, settings.introspection, settings.sealing_key) == (False, False, b"\xab" * 32)
    assert Settings.read({**MALL, "JISHI_ENV": "development"}).development


def test_subgraphs_answer_where_their_addresses_say() -> None:
    settings = Settings.read({"SHOPS_URL": "http://127.0.0.1:4001/graphql", "OTHER_URL": "http://127.0.0.1:1"})
    assert settings.subgraph_urls == {"shops": "http://127.0.0.1:4001/graphql"}
