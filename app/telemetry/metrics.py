"""The metrics of web processes for Prometheus.

Every web process writes to its own files in PROMETHEUS_MULTIPROC_DIR, and the one that is scraped adds them up. Without
that folder, as in a test, metrics are those of this process.
"""

import os
from collections.abc import Iterable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Metric,
    disable_created_metrics,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.telemetry.requests import OTHER

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)
STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx", "aborted")  # aborted: the client disconnected before the response
# Gauges by how those of several web processes become one.
GAUGES = {
    "queue_responses": "sum",
    "pool_connections": "sum",
    "pool_idle_connections": "sum",
    "memory_bytes": "sum",
    "cpu_seconds": "sum",
    "log_lines_dropped": "sum",
    "can_store": "min",
    "write_check_timestamp_seconds": "min",
    "last_write_timestamp_seconds": "max",
    "disk_free_bytes": "min",
}
HELP = {
    "can_store": "Whether responses can be stored, tried each minute by every web process.",
    "write_check_timestamp_seconds": "When it was last possible to store a response, tried by every web process.",
    "last_write_timestamp_seconds": "When the last response was stored and acknowledged; 0 is none since the start.",
    "disk_free_bytes": "Free disk of the embedded database; 0 where another is used.",
    "log_lines_dropped": "Log lines that LOG_SINK_URL did not take, over all web processes.",
}
disable_created_metrics()  # type: ignore[no-untyped-call]


def share_between_processes(slot: int) -> None:
    """Keep the metrics made from now on in PROMETHEUS_MULTIPROC_DIR, in the files of `slot`, from 0.

    The library names files after process ids by default. With slots, a process that replaces another
    continues with its files: counters go on, gauges are overwritten, and restarts leave no files to clean up.
    """
    values.ValueClass = values.MultiProcessValue(lambda: slot)  # type: ignore[no-untyped-call]


class Metrics:
    """Requests by route, batches and gauges. A route that is not in `routes` counts as "other", which bounds labels."""

    def __init__(self, routes: Iterable[str]) -> None:
        self._routes = frozenset(routes)
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "feelback_requests", "Requests answered, by route and class of status.", ("route", "status"),
            registry=self._registry,
        )  # fmt: skip
        self._durations = Histogram(
            "feelback_request_seconds", "How long requests took, by route.", ("route",),
            buckets=SECONDS, registry=self._registry,
        )  # fmt: skip
        self._batches = Histogram(
            "feelback_batch_responses", "Responses handed to the database together.",
            buckets=SIZES, registry=self._registry,
        )  # fmt: skip
        self._flushes = Histogram(
            "feelback_flush_seconds", "How long the database took to store responses handed to it together.",
            buckets=SECONDS, registry=self._registry,
        )  # fmt: skip
        self._refusals = Counter(
            "feelback_refusals", "Responses refused, by reason.", ("reason",), registry=self._registry
        )
        self._gauges = {
            name: Gauge(
                f"feelback_{name}", HELP.get(name, f"{name.replace('_', ' ').capitalize()}, over all web processes."),
                multiprocess_mode=mode, registry=self._registry,  # type: ignore[arg-type]  # one of its words
            )
            for name, mode in GAUGES.items()
        }  # fmt: skip
        # A cache, since labels() takes as long as the counting itself.
        self._children: dict[tuple[str, str], tuple[Counter, Histogram]] = {}

    def count_request(self, route: str, status: int, seconds: float) -> None:
        """Count a request; `status` is 0 if the client disconnected."""
        key = (route if route in self._routes else OTHER, STATUSES[status // 100 - 1 if status else -1])
        children = self._children.get(key)
        if children is None:
            children = self._children[key] = (self._requests.labels(*key), self._durations.labels(key[0]))
        children[0].inc()
        children[1].observe(seconds)

    def count_batch(self, responses: int, seconds: float) -> None:
        """Count responses that were handed to the database together, and how long it took."""
        self._batches.observe(responses)
        self._flushes.observe(seconds)

    def count_refusal(self, reason: str) -> None:
        """Count a response that was refused."""
        self._refusals.labels(reason).inc()

    def set_gauge(self, name: str, value: float) -> None:
        """Set one of GAUGES for this process."""
        self._gauges[name].set(value)

    def text(self, families: Iterable[Metric]) -> bytes:
        """The metrics of all web processes, and `families`, in Prometheus' text format 0.0.4.

        Reads files, which takes up to a tenth of a second: call it in a thread.
        """
        folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
        shared = MultiProcessCollector(None, folder) if folder else self._registry  # type: ignore[no-untyped-call]
        return generate_latest(_Families((*shared.collect(), *families)))


class _Families(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families
