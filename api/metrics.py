"""What Prometheus reads at `/metrics`. One registry per application; the hot path only adds to plain numbers."""

import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
UNMATCHED = "-"


class Gauge(NamedTuple):
    """Numbers that are asked for when metrics are read: label values to value."""

    name: str
    text: str
    labels: tuple[str, ...]
    read: Callable[[], dict[tuple[str, ...], float]]


class Metrics(Collector):
    """Requests by route and status, their duration, outcomes of commands, and gauges of other parts."""

    def __init__(self) -> None:
        self.requests: defaultdict[tuple[str, str, int], int] = defaultdict(int)
        self.lines: defaultdict[int, int] = defaultdict(int)
        """Bulk lines by status."""
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS) + 1))
        self._gauges: list[Gauge] = []
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def gauge(self, gauge: Gauge) -> None:
        self._gauges.append(gauge)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        self.requests[method, route, status] += 1
        self._seconds[route] += seconds
        self._buckets[route][bisect_left(BOUNDS, seconds)] += 1

    def text(self) -> bytes:
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        requests = CounterMetricFamily("luoshi_http_requests", "HTTP requests", labels=("method", "route", "status"))
        for (method, route, status), count in sorted(self.requests.items()):
            requests.add_metric((method, route, str(status)), count)
        yield requests
        lines = CounterMetricFamily("luoshi_bulk_lines", "Lines of bulk requests", labels=("status",))
        for status, count in sorted(self.lines.items()):
            lines.add_metric((str(status),), count)
        yield lines
        durations = HistogramMetricFamily("luoshi_http_seconds", "Seconds to answer", labels=("route",))
        for route, buckets in sorted(self._buckets.items()):
            total, cumulated = 0, []
            for bound, count in zip((*map(str, BOUNDS), "+Inf"), buckets, strict=True):
                total += count
                cumulated.append((bound, total))
            durations.add_metric((route,), cumulated, self._seconds[route])
        yield durations
        for gauge in self._gauges:
            family = GaugeMetricFamily(gauge.name, gauge.text, labels=gauge.labels)
            for labels, value in sorted(gauge.read().items()):
                family.add_metric(labels, value)
            yield family


class Observed:
    """Counts every answer under its route's template, never under the address asked for: that may hold an id."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", None) or UNMATCHED
                self._metrics.observe(scope["method"], route, message["status"], time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, watch)
