"""What /metrics shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

import prometheus_client
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kit.cache import Cache

METRICS_TYPE = "text/plain; version=0.0.4"


class Metrics:
    """The numbers of one gateway, in a registry of its own. `streams` counts operations open over WebSocket and SSE."""

    def __init__(self) -> None:
        self.registry = prometheus_client.CollectorRegistry()
        requests = prometheus_client.Histogram(
            "graphql_request_seconds", "GraphQL requests by HTTP status", ["status"], registry=self.registry
        )
        calls = prometheus_client.Histogram(
            "subgraph_call_seconds", "Calls to subgraphs by outcome", ["service", "outcome"], registry=self.registry
        )
        self._request, self._call = cache(requests.labels), cache(calls.labels)
        self.streams = prometheus_client.Gauge(
            "graphql_streams", "Operations open over WebSocket and Server-Sent Events", registry=self.registry
        )

    def watch(self, cache: Cache) -> None:
        """Show the numbers of a cache too."""
        self.registry.register(_CacheNumbers(cache))

    def counting(self, name: str, says: str, counts: Callable[[], Mapping[str, float]]) -> None:
        """Show what somebody counts, by outcome."""
        self.registry.register(_Counts(name, says, counts))

    def operations(self, counts: Callable[[], Mapping[str, float]]) -> None:
        """Show how operations of subgraphs were run: compiled, or for which reason not."""
        self.counting("graphql_operations", "Operations of subgraphs by how they were run", counts)

    def request(self, status: int, seconds: float) -> None:
        """Count a GraphQL request."""
        self._request(str(status)).observe(seconds)

    def call(self, service: str, outcome: str, seconds: float) -> None:
        """Count a call to a subgraph; the `observe` of HttpTransport."""
        self._call(service, outcome).observe(seconds)

    def text(self) -> bytes:
        """All of it in the text format of Prometheus, version 0.0.4."""
        return prometheus_client.generate_latest(self.registry)


class _Counts(Collector):
    """What somebody counts by outcome, looked at only when somebody asks."""

    def __init__(self, name: str, says: str, counts: Callable[[], Mapping[str, float]]) -> None:
        self._name, self._says, self._counts = name, says, counts

    def describe(self) -> Iterator[Metric]:
        yield CounterMetricFamily(self._name, self._says, labels=["outcome"])

    def collect(self) -> Iterator[Metric]:
        family = CounterMetricFamily(self._name, self._says, labels=["outcome"])
        for outcome, count in sorted(self._counts().items()):
            family.add_metric([outcome], count)
        yield family


class _CacheNumbers(Collector):
    """What a cache counts, looked at only when somebody asks."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def collect(self) -> Iterator[Metric]:
        cache = self._cache
        yield GaugeMetricFamily("cache_trusted", "Whether the cache answers", value=cache.trusted)
        for name, says, value in (
            ("cache_untrusted", "Keys read past a cache that was not trusted", cache.untrusted),
            ("cache_evicted", "Values that had no room", cache.evicted),
            ("cache_lapses", "Times that trust came back, the first included", cache.lapses),
        ):
            yield CounterMetricFamily(name, says, value=value)
        looked = CounterMetricFamily("cache_lookups", "Keys looked up in a trusted cache", labels=["read", "outcome"])
        dropped = CounterMetricFamily("cache_dropped", "Values dropped as rows changed", labels=["read"])
        held = GaugeMetricFamily("cache_values", "Values held", labels=["read"])
        weight = GaugeMetricFamily("cache_bytes", "About what they take", labels=["read"])
        for shelf in cache.shelves:
            looked.add_metric([shelf.name, "hit"], shelf.hits)
            looked.add_metric([shelf.name, "miss"], shelf.misses)
            dropped.add_metric([shelf.name], shelf.dropped)
            held.add_metric([shelf.name], len(shelf))
            weight.add_metric([shelf.name], shelf.bytes)
        yield from (looked, dropped, held, weight)
