"""The configuration file of a gateway: what it changes, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from federation.configuration import Configuration, ConfigurationError
from federation.execution.transport import HttpLimits, HttpTransport
from tests.federation.small_mall import supergraph

TEXT = """
deadline = 5
introspection = false
labels = ["new-Prices"]

[limits]
cost = 200_000
depth = 30

[subgraphs]
timeout = 2.5
forward = ["Authorization", "x-tenant"]

[subgraphs.reviews]
timeout = 4
subscriptions = "ws://127.0.0.1:4004/graphql"
"""


def test_what_a_file_says_is_what_holds() -> None:
    read = Configuration.read(TEXT)
    options, reviews = read.options, read.own["reviews"]
    assert (options.deadline, options.introspection, options.labels) == (5.0, False, frozenset({"new-Prices"}))
    assert (options.limits.cost, options.limits.depth, options.limits.aliases) == (200_000.0, 30, 30)
    assert read.everywhere == HttpLimits(timeout=2.5, forward=frozenset({"authorization", "x-tenant"}))
    assert reviews == HttpLimits(timeout=4.0, forward=frozenset({"authorization", "x-tenant"}))
    assert read.subscriptions == {"reviews": "ws://127.0.0.1:4004/graphql"}


def test_an_empty_file_changes_nothing() -> None:
    read, default = Configuration.read(""), Configuration()
    assert (read.everywhere, read.own, read.subscriptions) == (default.everywhere, {}, {})
    assert replace(read.options, store=default.options.store) == default.options


async def test_each_subgraph_has_its_transport() -> None:
    ways = Configuration.read(TEXT).transports(supergraph(), lambda *_: None)
    assert {name: type(way) for name, way in ways.items()} == dict.fromkeys(("products", "reviews"), HttpTransport)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("deadline =", "not TOML: Invalid value (at end of document)"),
        ("dealine = 1", "the file has no dealine"),
        ("store = 1", "the file has no store"),
        ("deadline = 'soon'", "the file deadline: Expected `float`, got `str`"),
        ("deadline = 0", "the file deadline: it must be over 0"),
        ("limits = 3", "limits is a table: [limits]"),
        ("[limits]\ndepth = 2.5", "[limits] depth: Expected `int`, got `float`"),
        ("[limits]\ndepht = 2", "[limits] has no depht"),
        ("[subgraphs]\ntimeout = -1", "[subgraphs] timeout: it must be over 0"),
        ("[subgraphs]\nforward = ['a', 1]", "[subgraphs] forward: Expected `str`, got `int` - at `$[1]`"),
        ("[subgraphs.reviews]\nurl = 'x'", "[subgraphs.reviews] has no url"),
        ("[subgraphs.reviews]\nsubscriptions = 1", "[subgraphs.reviews] subscriptions: an address is expected"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_key(text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Configuration.read(text)
    assert (refused.value.code, refused.value.message) == ("INVALID_CONFIGURATION", message)


def test_a_subgraph_that_is_not_there_is_refused() -> None:
    read = Configuration.read("[subgraphs.nowhere]\ntimeout = 1")
    with pytest.raises(ConfigurationError, match="the supergraph has no subgraph nowhere"):
        read.transports(supergraph(), lambda *_: None)
