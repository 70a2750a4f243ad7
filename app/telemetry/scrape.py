"""GET /metrics for Prometheus, protected by METRICS_TOKEN. Any web process answers for all of them."""

import asyncio
import hmac
import os
import time
from collections.abc import Iterable
from typing import Any

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, Metric
from prometheus_client.core import GaugeMetricFamily

from app import __version__
from app.database import db
from app.errors import FeelbackError
from app.http.scope import add_route
from app.queries import jobs, mail, reconciliation
from app.queries.jobs import JobHealth
from app.queries.mail import OutboxState
from app.queries.reconciliation import ReconcileState
from app.telemetry.metrics import Metrics

UNAVAILABLE: tuple[type[BaseException], ...] = (KeyError, FeelbackError, db.RowError, *db.UNAVAILABLE)
PAGE = os.sysconf("SC_PAGE_SIZE")


class Scrape:
    """An ASGI application that answers /metrics and passes everything else to `fallback`."""

    def __init__(self, fallback: Any, metrics: Metrics, token: str, pools: dict[str, db.Pool]) -> None:
        self._fallback, self._metrics, self._pools = fallback, metrics, pools
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != "/metrics":
            await self._fallback(scope, receive, send)
            return
        add_route(scope, "/metrics")
        headers = [(b"content-type", CONTENT_TYPE_PLAIN_0_0_4.encode()), (b"cache-control", b"no-store")]
        authorization = dict(scope["headers"]).get(b"authorization", b"")
        if not hmac.compare_digest(authorization, self._expected):
            status, body = 401, b"Send METRICS_TOKEN as a bearer token in the Authorization header.\n"
            headers.append((b"www-authenticate", b"Bearer"))
        elif scope["method"] not in ("GET", "HEAD"):
            status, body = 405, b"Use GET.\n"
            headers.append((b"allow", b"GET, HEAD"))
        else:
            status, body = 200, await asyncio.to_thread(self._metrics.text, await self._installation())
        headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _installation(self) -> list[Metric]:
        """The metrics of the whole installation, read from the database."""
        info = GaugeMetricFamily("feelback_info", "The version of Feelback.", labels=["version"])
        info.add_metric([__version__], 1)
        try:
            pool = self._pools["pool"]
            health, waiting = await jobs.job_health(pool), await mail.mail_waiting(pool)
            unknown = await mail.mails_unknown(pool)
            counts = await reconciliation.reconcile_state(pool)
        except UNAVAILABLE:
            return [info, _is_up(False)]
        return [info, _is_up(True), *_jobs(health), *_mail(waiting, unknown), *_counts(counts)]


def measure(metrics: Metrics, pool: db.Pool, waiting: int) -> None:
    """Set the gauges of this web process."""
    metrics.set_gauge("queue_responses", waiting)
    metrics.set_gauge("pool_connections", pool.get_size())
    metrics.set_gauge("pool_idle_connections", pool.get_idle_size())
    metrics.set_gauge("memory_bytes", _memory())
    metrics.set_gauge("cpu_seconds", time.process_time())


def _memory() -> int:
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * PAGE
    except OSError:
        return 0


def _is_up(is_up: bool) -> Metric:
    return GaugeMetricFamily("feelback_database_up", "Whether the database answers.", value=is_up)


def _jobs(health: list[JobHealth]) -> Iterable[Metric]:
    successes = GaugeMetricFamily(
        "feelback_job_success_timestamp_seconds", "When each job last succeeded; 0 is never.", labels=["job"]
    )
    durations = GaugeMetricFamily("feelback_job_seconds", "How long each job's last run took.", labels=["job"])
    overdue = GaugeMetricFamily("feelback_job_overdue", "Whether each job is overdue.", labels=["job"])
    for job in health:
        successes.add_metric([job.name], job.last_success.timestamp() if job.last_success else 0)
        if job.seconds is not None:
            durations.add_metric([job.name], job.seconds)
        overdue.add_metric([job.name], job.is_overdue)
    return successes, durations, overdue


def _mail(state: OutboxState | None, unknown: int) -> Iterable[Metric]:
    if state is None:
        return
    by_due = GaugeMetricFamily("feelback_mail_waiting", "Mails in the outbox, by whether they are due.", labels=["due"])
    by_due.add_metric(["yes"], state.due)
    by_due.add_metric(["no"], state.waiting - state.due)
    yield by_due
    yield GaugeMetricFamily(
        "feelback_mail_oldest_timestamp_seconds", "When the oldest waiting mail was enqueued; 0 is none.",
        value=state.oldest_at.timestamp() if state.oldest_at else 0,
    )  # fmt: skip
    yield GaugeMetricFamily("feelback_mail_failed", "Mails that failed for good in the last day.", value=state.failed)
    yield GaugeMetricFamily(
        "feelback_mail_unknown", "Mails of the last day that may have arrived: the server did not confirm them.",
        value=unknown,
    )  # fmt: skip


def _counts(state: ReconcileState) -> Iterable[Metric]:
    yield GaugeMetricFamily(
        "feelback_reconcile_oldest_timestamp_seconds",
        "When the project was compared with its responses that has waited longest; 0 is never.",
        value=state.oldest_at.timestamp() if state.oldest_at and state.compared == state.projects else 0,
    )  # fmt: skip
    yield GaugeMetricFamily(
        "feelback_reconcile_differed", "Figures that differed in the last comparison of each project.",
        value=state.differed,
    )  # fmt: skip
    yield GaugeMetricFamily(
        "feelback_reconcile_failed", "Projects whose last comparison could not be completed.", value=state.failed
    )
