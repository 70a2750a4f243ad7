"""GET /metrics for Prometheus, protected by METRICS_TOKEN. Any web process answers for all of them."""

import asyncio
import hmac
import logging
import os
import time
from collections.abc import Iterable
from typing import Any, Protocol

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from app import __version__
from app.database import db
from app.database.bounded import Bounded
from app.errors import FeelbackError
from app.http.scope import add_route
from app.ingest.batch import Batcher
from app.queries import backups, health, jobs, mail, reconciliation
from app.queries.backups import BackupState
from app.queries.health import ServerState
from app.queries.jobs import JobHealth
from app.queries.mail import OutboxState
from app.queries.reconciliation import ReconcileState
from app.telemetry import starts
from app.telemetry.metrics import Metrics
from app.telemetry.sink import Sink

UNAVAILABLE: tuple[type[BaseException], ...] = (KeyError, FeelbackError, db.RowError, *db.UNAVAILABLE)
SECONDS = 1.5  # for what the database is asked: a scrape must be answered when it hangs
PAGE = os.sysconf("SC_PAGE_SIZE")


class Health(Protocol):
    """What a web process knows about whether it can do its work."""

    checked_at: float
    free_bytes: int

    @property
    def can_store(self) -> bool:
        """Whether responses can be stored, as far as is known."""


class Scrape:
    """An ASGI application that answers /metrics and passes everything else to `fallback`."""

    def __init__(self, fallback: Any, metrics: Metrics, token: str, pools: dict[str, db.Pool]) -> None:
        self._fallback, self._metrics, self._pools = fallback, metrics, pools
        self._expected = f"Bearer {token}".encode()
        self._bounded = Bounded(self._read, SECONDS)

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
            return [info, _is_up(True), _starts(), *await self._bounded.get()]
        except UNAVAILABLE:
            return [info, _is_up(False), _starts()]

    async def _read(self) -> list[Metric]:
        pool = self._pools["pool"]
        state, counts = _server(await health.server_state(pool)), _counts(await reconciliation.reconcile_state(pool))
        mails = _mail(await mail.mail_waiting(pool), await mail.mails_unknown(pool))
        known = _backups(await backups.backup_state(pool))
        return [*state, *_jobs(await jobs.job_health(pool)), *mails, *counts, *known]


def measure(metrics: Metrics, pool: db.Pool, writes: Batcher, readiness: Health) -> None:
    """Set the gauges of this web process."""
    sinks = [handler for handler in logging.getLogger().handlers if isinstance(handler, Sink)]
    metrics.set_gauge("log_lines_dropped", sum(sink.dropped for sink in sinks))
    metrics.set_gauge("can_store", readiness.can_store)
    metrics.set_gauge("write_check_timestamp_seconds", readiness.checked_at)
    metrics.set_gauge("last_write_timestamp_seconds", writes.flushed_at)
    metrics.set_gauge("disk_free_bytes", readiness.free_bytes)
    metrics.set_gauge("queue_responses", len(writes))
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


def _starts() -> Metric:
    family = CounterMetricFamily(
        "feelback_process_starts", "Starts of this machine's processes by the supervisor.", labels=["process"]
    )
    for process, count in starts.read().items():
        family.add_metric([process], count)
    return family


def _server(state: ServerState) -> Iterable[Metric]:
    yield GaugeMetricFamily("feelback_database_bytes", "The size of the database.", value=state.database_bytes)
    yield GaugeMetricFamily("feelback_standbys", "Standbys that are connected to the database.", value=state.standbys)
    yield GaugeMetricFamily(
        "feelback_standby_missing", "Whether commits wait for a standby and none is connected.",
        value=state.waits_for_standby and state.standbys == 0,
    )  # fmt: skip
    yield GaugeMetricFamily(
        "feelback_worker_start_timestamp_seconds", "When the worker machine was last started; 0 is never.",
        value=state.worker_started_at.timestamp() if state.worker_started_at else 0,
    )  # fmt: skip
    yield GaugeMetricFamily(
        "feelback_worker_start_failures", "How many starts of the worker machine failed in a row.",
        value=state.worker_failures,
    )  # fmt: skip


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


def _backups(state: BackupState) -> Iterable[Metric]:
    backup_at, drill_at = state.made_at, state.drill_ended_at
    yield GaugeMetricFamily(
        "feelback_backup_expected", "Whether backups are set up, and their absence is noticed.", value=state.is_expected
    )
    yield GaugeMetricFamily(
        "feelback_backup_timestamp_seconds", "The moment that the last good backup is of; 0 is none.",
        value=backup_at.timestamp() if backup_at else 0,
    )  # fmt: skip
    yield GaugeMetricFamily("feelback_backup_bytes", "The size of the last good backup.", value=state.bytes or 0)
    yield GaugeMetricFamily(
        "feelback_backup_late", "Whether backups are set up and the last good one is older than 36 hours.",
        value=state.is_late,
    )  # fmt: skip
    yield GaugeMetricFamily(
        "feelback_drill_timestamp_seconds", "When a restore drill last ended; 0 is never.",
        value=drill_at.timestamp() if drill_at else 0,
    )  # fmt: skip
    yield GaugeMetricFamily("feelback_drill_seconds", "How long the last drill took.", value=state.drill_seconds or 0)
    yield GaugeMetricFamily(
        "feelback_drill_failed", "Whether the last drill failed.", value=state.drill_error is not None
    )
