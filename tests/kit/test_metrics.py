"""What /metrics shows of a cache."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from kit.cache import Cache
from kit.metrics import Metrics


async def one_each(keys: Sequence[str]) -> list[int]:
    return [1 for _ in keys]


async def test_hits_misses_drops_and_what_went_past_are_counted_by_read() -> None:
    cache = Cache(100, 10**6)
    shelf = cache.shelf("prices", by={"product": "id"}, max_age=100.0)
    metrics = Metrics()
    metrics.watch(cache)
    await shelf.through(one_each, ["a"])
    cache.trust(monotonic() + 100)
    await shelf.through(one_each, ["a", "b"])
    shelf.found(["a", "b"])
    cache.apply("chg_1", {"product": {"id": ["a"]}})
    lines = metrics.text().decode().splitlines()
    shown = {line for line in lines if line.startswith("cache_") and "bytes" not in line}
    assert shown == {
        "cache_trusted 1.0",
        "cache_untrusted_total 1.0",
        "cache_evicted_total 0.0",
        "cache_lapses_total 1.0",
        'cache_lookups_total{outcome="hit",read="prices"} 2.0',
        'cache_lookups_total{outcome="miss",read="prices"} 2.0',
        'cache_dropped_total{read="prices"} 1.0',
        'cache_values{read="prices"} 1.0',
    }


def test_what_somebody_counts_is_shown_by_outcome() -> None:
    counts, metrics = {"hit": 1, "make": 2}, Metrics()
    metrics.counting("fragments", "Parts", lambda: counts)
    counts["hit"] = 3
    lines = metrics.text().decode().splitlines()
    shown = {line for line in lines if line.startswith("fragments")}
    assert shown == {'fragments_total{outcome="hit"} 3.0', 'fragments_total{outcome="make"} 2.0'}
