"""The numbers that a web worker keeps, and how Prometheus reads them."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from app.telemetry.memory import Memory

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)
STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx", "gone")  # gone: the client broke off before it was answered
OTHER = "other"
Labels = dict[str, str]


class Histogram:
    """How often a value fell below each bound, and the sum of all values."""

    def __init__(self, memory: Memory, bounds: Sequence[float]) -> None:
        self._memory, self._bounds = memory, bounds
        self._at = memory.take(len(bounds) + 2)

    def add(self, value: float) -> None:
        """Notes one value."""
        own = self._memory.own
        own[self._at + bisect_left(self._bounds, value)] += 1
        own[self._at + len(self._bounds) + 1] += value

    def lines(self, name: str, labels: Labels) -> Iterable[str]:
        """The samples; none where nothing was noted."""
        counts = [self._memory.total(self._at + place) for place in range(len(self._bounds) + 1)]
        if not any(counts):
            return
        below = 0.0
        for bound, count in zip((*self._bounds, "+Inf"), counts, strict=True):
            below += count
            yield sample(f"{name}_bucket", {**labels, "le": str(bound)}, below)
        yield sample(f"{name}_sum", labels, self._memory.total(self._at + len(self._bounds) + 1))
        yield sample(f"{name}_count", labels, below)


class Metrics:
    """Requests by route, batches, and gauges; `routes` must be the same for all workers."""

    def __init__(self, memory: Memory, routes: Iterable[str]) -> None:
        self._memory = memory
        self._routes = {
            route: (memory.take(len(STATUSES)), Histogram(memory, SECONDS)) for route in (*sorted(set(routes)), OTHER)
        }
        self.batches = Histogram(memory, SIZES)
        self._gauges: dict[str, int] = {}

    def request(self, route: str, status: int, seconds: float) -> None:
        """Notes one request; a status of 0 is a client that broke off."""
        at, durations = self._routes.get(route) or self._routes[OTHER]
        self._memory.own[at + (status // 100 - 1 if status else len(STATUSES) - 1)] += 1
        durations.add(seconds)

    def gauge(self, name: str, value: float) -> None:
        """Notes what a number of this worker is now; called with the same names in the same order by all."""
        if name not in self._gauges:
            self._gauges[name] = self._memory.take(1)
        self._memory.own[self._gauges[name]] = value

    def lines(self) -> Iterable[str]:
        """Everything, as Prometheus reads it."""
        yield from head("feelback_requests_total", "counter", "Requests answered, by route and class of status.")
        for route, (at, _) in self._routes.items():
            for place, status in enumerate(STATUSES):
                if count := self._memory.total(at + place):
                    yield sample("feelback_requests_total", {"route": route, "status": status}, count)
        yield from head("feelback_request_seconds", "histogram", "How long requests took, by route.")
        for route, (_, durations) in self._routes.items():
            yield from durations.lines("feelback_request_seconds", {"route": route})
        yield from head("feelback_batch_signals", "histogram", "Signals handed to the database together.")
        yield from self.batches.lines("feelback_batch_signals", {})
        for name, at in self._gauges.items():
            yield from head(
                f"feelback_{name}", "gauge", f"{name.replace('_', ' ').capitalize()}, over all web workers."
            )
            yield sample(f"feelback_{name}", {}, self._memory.total(at))


def head(name: str, kind: str, purpose: str) -> Iterable[str]:
    """What precedes a metric's samples."""
    yield f"# HELP {name} {purpose}"
    yield f"# TYPE {name} {kind}"


def sample(name: str, labels: Labels, value: float) -> str:
    """One sample."""
    told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{told}}} {value:.15g}" if told else f"{name} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
