"""What /metrics shows."""

from __future__ import annotations

import prometheus_client


class Metrics:
    """The numbers of one gateway, in a registry of its own. `streams` counts operations open over WebSocket and SSE."""

    def __init__(self) -> None:
        self.registry = prometheus_client.CollectorRegistry()
        self._requests = prometheus_client.Histogram(
            "graphql_request_seconds", "GraphQL requests by HTTP status", ["status"], registry=self.registry
        )
        self._calls = prometheus_client.Histogram(
            "subgraph_call_seconds", "Calls to subgraphs by outcome", ["service", "outcome"], registry=self.registry
        )
        self.streams = prometheus_client.Gauge(
            "graphql_streams", "Operations open over WebSocket and Server-Sent Events", registry=self.registry
        )

    def request(self, status: int, seconds: float) -> None:
        """Count a GraphQL request."""
        self._requests.labels(str(status)).observe(seconds)

    def call(self, service: str, outcome: str, seconds: float) -> None:
        """Count a call to a subgraph; the `observe` of HttpTransport."""
        self._calls.labels(service, outcome).observe(seconds)

    def text(self) -> bytes:
        """All of it in the text format of Prometheus, version 0.0.4."""
        return prometheus_client.generate_latest(self.registry)
