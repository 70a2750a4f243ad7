"""Puts together what is told of a web worker's requests, where METRICS_TOKEN or LOG_REQUESTS asks for it."""

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

GAUGE_SECONDS = 2.0


def is_wanted(settings: Settings) -> bool:
    """Whether anything is to be told; otherwise nothing stands between server and application."""
    return bool(settings.metrics_token) or settings.log_requests


class Observer:
    """One web worker's. `dsn` is the database as its owner has it: roles see little of how jobs do."""

    def __init__(self, settings: Settings, dsn: str, rules: Iterable[str]) -> None:
        self._settings, self._dsn = settings, dsn
        routes = (*gate.ROUTES, "/v1/responses/…", "/v1/widgets/…", "/metrics", "/errors", *rules)
        self._metrics = _metrics(routes) if settings.metrics_token else None
        self._pools: dict[str, db.Pool] = {}

    def around(self, gate: gate.Gate, inner: Any) -> Any:
        """The application that is observed: `inner`, with the gate in it."""
        gate.is_observed = True
        if self._metrics is not None:
            from app.telemetry.scrape import Scrape

            inner = Scrape(inner, self._metrics, self._settings.metrics_token, self._pools)
        return Observed(inner, is_logged=self._settings.log_requests, metrics=self._metrics)

    async def watch(self, pool: db.Pool, ingest: Ingest) -> None:
        """Keeps this worker's numbers until cancelled."""
        if self._metrics is None:
            return
        from app.telemetry.scrape import measure

        ingest.queues.writes.observe = self._metrics.batches.observe
        self._pools["pool"] = await db.connect(self._dsn, min_size=0, max_size=1)
        try:
            while True:
                measure(self._metrics, pool, len(ingest.queues.writes))
                await asyncio.sleep(GAUGE_SECONDS)
        finally:
            self._pools["pool"].terminate()


def _metrics(routes: Iterable[str]) -> "Metrics":
    # prometheus_client takes a fifth of a second and some memory to load: only where it is used.
    from app.telemetry.metrics import Metrics

    return Metrics(routes)
