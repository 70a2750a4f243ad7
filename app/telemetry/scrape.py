"""GET /metrics, for Prometheus: behind METRICS_TOKEN, answered by whichever web worker is asked for all of them."""

import hmac
import os
import time
from collections.abc import Iterable
from typing import Any

from app import __version__
from app.database import db
from app.errors import FeelbackError
from app.queries import jobs, mail
from app.queries.jobs import JobHealth
from app.queries.mail import Waiting
from app.telemetry.metrics import Metrics, head, sample

AWAY: tuple[type[BaseException], ...] = (KeyError, FeelbackError, db.RowError, *db.UNAVAILABLE)
PAGE = os.sysconf("SC_PAGE_SIZE")


class Scrape:
    """An ASGI application: /metrics is answered here, everything else by `fallback`."""

    def __init__(self, fallback: Any, metrics: Metrics, token: str, pools: dict[str, db.Pool]) -> None:
        self._fallback, self._metrics, self._pools = fallback, metrics, pools
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers one request."""
        if scope["type"] != "http" or scope["path"] != "/metrics":
            await self._fallback(scope, receive, send)
            return
        scope["feelback.seen"] = ("/metrics", None)
        headers = [(b"content-type", b"text/plain; version=0.0.4; charset=utf-8"), (b"cache-control", b"no-store")]
        given = dict(scope["headers"]).get(b"authorization", b"")
        if not hmac.compare_digest(given, self._expected):
            status, body = 401, b"Send METRICS_TOKEN in an Authorization header, as a bearer token.\n"
            headers.append((b"www-authenticate", b"Bearer"))
        elif scope["method"] not in ("GET", "HEAD"):
            status, body = 405, b"Use GET.\n"
            headers.append((b"allow", b"GET, HEAD"))
        else:
            status, body = 200, "\n".join([*self._metrics.lines(), *await self._told(), ""]).encode()
        headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _told(self) -> list[str]:
        lines = [*head("feelback_info", "gauge", "The version."), sample("feelback_info", {"version": __version__}, 1)]
        lines += head("feelback_database_up", "gauge", "Whether the database answers.")
        try:
            pool = self._pools["pool"]
            health, waiting = await jobs.job_health(pool), await mail.mail_waiting(pool)
        except AWAY:
            return [*lines, sample("feelback_database_up", {}, 0)]
        return [*lines, sample("feelback_database_up", {}, 1), *_jobs(health), *_mail(waiting)]


def measure(metrics: Metrics, pool: db.Pool, waiting: int) -> None:
    """Notes what this worker's gauges are now."""
    metrics.gauge("queue_signals", waiting)
    metrics.gauge("pool_connections", pool.get_size())
    metrics.gauge("pool_idle_connections", pool.get_idle_size())
    metrics.gauge("memory_bytes", _memory())
    metrics.gauge("cpu_seconds", time.process_time())


def _memory() -> int:
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * PAGE
    except OSError:
        return 0


def _jobs(health: list[JobHealth]) -> Iterable[str]:
    yield from head("feelback_job_success_timestamp_seconds", "gauge", "When each job last succeeded; 0 is never.")
    for job in health:
        at = job.last_success.timestamp() if job.last_success else 0
        yield sample("feelback_job_success_timestamp_seconds", {"job": job.name}, at)
    yield from head("feelback_job_seconds", "gauge", "How long each job's last run took.")
    for job in health:
        if job.seconds is not None:
            yield sample("feelback_job_seconds", {"job": job.name}, job.seconds)
    yield from head("feelback_job_overdue", "gauge", "Whether each job should have run and did not.")
    for job in health:
        yield sample("feelback_job_overdue", {"job": job.name}, job.is_overdue)


def _mail(waiting: Waiting | None) -> Iterable[str]:
    if waiting is None:
        return
    yield from head("feelback_mail_waiting", "gauge", "Mails in the outbox, by whether they are due.")
    yield sample("feelback_mail_waiting", {"due": "yes"}, waiting.due)
    yield sample("feelback_mail_waiting", {"due": "no"}, waiting.waiting - waiting.due)
    yield from head("feelback_mail_oldest_timestamp_seconds", "gauge", "Since when the oldest mail waits; 0 is none.")
    oldest = waiting.oldest_at.timestamp() if waiting.oldest_at else 0
    yield sample("feelback_mail_oldest_timestamp_seconds", {}, oldest)
    yield from head("feelback_mail_failed", "gauge", "Mails that failed for good in the last day.")
    yield sample("feelback_mail_failed", {}, waiting.failed)
