"""Sets up request logs and metrics of a web process, if METRICS_TOKEN or LOG_REQUESTS is set."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from app.config import Settings
from app.database import db
from app.ingest import gate
from app.ingest.responses import Ingest
from app.telemetry.requests import Observed

if TYPE_CHECKING:
    from app.telemetry.metrics import Metrics
    from app.telemetry.scrape import Health

GAUGE_SECONDS = 2.0


def is_wanted(settings: Settings) -> bool:
    """Whether requests are observed; if not, nothing wraps the application."""
    return bool(settings.metrics_token) or settings.log_requests


class Observer:
    """Observes the requests of one web process. `dsn` connects as the database's owner, who may read the job log."""

    def __init__(self, settings: Settings, dsn: str, rules: Iterable[str]) -> None:
        self._settings, self._dsn = settings, dsn
        routes = (*gate.ROUTES, "/v1/responses/…", "/v1/widgets/…", "/metrics", "/errors", *rules)
        self._metrics = _metrics(routes) if settings.metrics_token else None
        self._pools: dict[str, db.Pool] = {}

    def around(self, gate: gate.Gate, inner: Any) -> Any:
        """Wrap `inner`, which contains the gate."""
        gate.is_observed = True
        if self._metrics is not None:
            from app.telemetry.scrape import Scrape

            inner = Scrape(inner, self._metrics, self._settings.metrics_token, self._pools)
        return Observed(inner, is_logged=self._settings.log_requests, metrics=self._metrics)

    async def watch(self, pool: db.Pool, ingest: Ingest, readiness: "Health") -> None:
        """Set the gauges of this process until cancelled."""
        if self._metrics is None:
            return
        from app.telemetry.scrape import measure

        metrics = self._metrics
        ingest.queues.writes.observe = metrics.count_batch
        ingest.refusals.observe = metrics.count_refusal
        self._pools["pool"] = await db.connect(self._dsn, min_size=0, max_size=1)
        try:
            while True:
                measure(metrics, pool, ingest.queues.writes, readiness)
                await asyncio.sleep(GAUGE_SECONDS)
        finally:
            self._pools["pool"].terminate()


def _metrics(routes: Iterable[str]) -> "Metrics":
    # prometheus_client takes a fifth of a second and some memory to load.
    from app.telemetry.metrics import Metrics

    return Metrics(routes)
