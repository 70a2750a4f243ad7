"""Scheduler: runs the jobs of fn.job; where pg_cron does, those that it missed while the database was down.

One of several processes leads, by an advisory lock. The primary key of job_run prevents a second run for one due time,
and a lock per job prevents overlapping runs. After an outage a job runs once, for the latest of the times it missed. A
run that was cut off, with the process or the database, is tried once more.
"""

import logging
import signal
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg

from app.database import jobs
from app.database.jobs import Job
from app.processes import heartbeat
from app.processes.stop_request import StopRequest

log = logging.getLogger(__name__)
LEADER = 0x6A6F6273  # "jobs"
FINISH_SECONDS = 10
LONGEST_PAUSE = 10
PG_CRON_SECONDS = 20  # between looks at what it missed
GRACE = timedelta(minutes=2)  # what pg_cron has not started by then it has missed
AHEAD = timedelta(minutes=5)  # a run that was due later than that from now was due by a wrong clock

CLAIM = """
    insert into public.job_run (job, due_at) values (%s, %s)
    on conflict (job, due_at) do update set started_at = now(), error = 'cut off; tried again'
        where job_run.finished_at is null and job_run.error is null
    returning true
"""
CLOSE = """
    update public.job_run set finished_at = clock_timestamp(), error = 'cut off'
    where job = %s and due_at < %s and finished_at is null
"""
FINISH = """
    update public.job_run set finished_at = clock_timestamp(), error = %s
    where job = %s and due_at = %s and finished_at is null
"""


def run(dsn: str) -> None:
    """Run due jobs until SIGTERM or SIGINT; returns when what was running has finished or was cut off."""
    heartbeat.beat_in_thread()
    stop = StopRequest()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.make())
    Scheduler(dsn, stop).run()


class Scheduler:
    """Waits to become the leader, then runs due jobs until `stop` is made, each in a thread with its own connection."""

    def __init__(self, dsn: str, stop: StopRequest) -> None:
        self._dsn, self._stop = dsn, stop
        self._running: dict[str, tuple[threading.Thread, psycopg.Connection]] = {}
        self._done: dict[str, datetime] = {}

    def run(self) -> None:
        """Work until `stop` is made, reconnecting to an unavailable database."""
        pause = 0.25
        while not self._stop.is_made():
            started = time.monotonic()
            try:
                with closing(self._connect()) as connection:
                    self._work(connection)
            except psycopg.Error as error:
                pause = 0.25 if time.monotonic() - started > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
                log.warning("The scheduler lost the database (%s); next try in %.1f s", type(error).__name__, pause)
                self._stop.wait(pause)
        self._finish()

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            self._dsn, autocommit=True, connect_timeout=10, application_name="feelback scheduler",
            options="-c client_connection_check_interval=5s",
            keepalives_idle=10, keepalives_interval=5, keepalives_count=3,
        )  # fmt: skip

    def _work(self, connection: psycopg.Connection) -> None:
        # So that the lock of a lost machine is released within a minute.
        for name, value in (("idle", "10"), ("interval", "5"), ("count", "3")):
            connection.execute("select set_config(%s, %s, false)", [f"tcp_keepalives_{name}", value])
        leads = waits = False
        while not self._stop.is_made():
            if leads:
                helps = jobs.has_pg_cron(connection)
                self._tick(connection, helps)
                self._stop.wait(PG_CRON_SECONDS if helps else 1.01 - time.time() % 1)
            elif connection.execute("select pg_try_advisory_lock(%s)", [LEADER]).fetchone() == (True,):
                leads = True
                rows = connection.execute(
                    "select job, max(due_at) from public.job_run where finished_at is not null group by job"
                )
                self._done = dict(rows.fetchall())
                if waits:
                    log.info("The scheduler of this process leads, since the one before has ended")
            else:
                waits = True
                self._stop.wait(1)

    def _tick(self, connection: psycopg.Connection, helps: bool) -> None:
        """Start every job that is due, or that pg_cron has missed where the scheduler only `helps`."""
        row = connection.execute("select now()").fetchone()
        now: datetime = row[0].astimezone(UTC) if row else datetime.now(UTC)
        self._forget_future(connection, now)
        listed = jobs.read(connection)
        starts = jobs.starts(connection) if helps and listed else {}
        for job in listed:
            if job.name in self._running:
                continue
            try:
                due = jobs.latest_due(job.schedule, now - GRACE if helps else now)
            except ValueError as error:
                log.error("Job %s: %s", job.name, error)
                continue
            if helps:
                started = starts.get(job.name)
                is_due = started is not None and started < due
            else:
                is_due = job.name not in self._done or self._done[job.name] < due
            if is_due:
                own = self._connect()
                thread = threading.Thread(target=self._run_job, args=(own, job, due), name=job.name, daemon=True)
                self._running[job.name] = (thread, own)
                thread.start()

    def _forget_future(self, connection: psycopg.Connection, now: datetime) -> None:
        # The clock has gone back: without this no job would run until it is there again.
        if any(due > now + AHEAD for due in self._done.values()):
            connection.execute("delete from public.job_run where due_at > %s", [now])
            self._done = {job: due for job, due in self._done.items() if due <= now}
            log.warning("The database's clock has gone back; the runs of later times are forgotten")

    def _run_job(self, connection: psycopg.Connection, job: Job, due: datetime) -> None:
        try:
            with closing(connection):
                locked = connection.execute(
                    "select pg_try_advisory_lock(%s, hashtext(%s))", [LEADER, job.name]
                ).fetchone()
                if locked != (True,):
                    return  # it still runs, in a process that led before
                connection.execute(CLOSE.encode(), [job.name, due])
                claimed = connection.execute(CLAIM.encode(), [job.name, due]).fetchone()
                error = self._command(connection, job) if claimed else "cut off twice"
                connection.execute(FINISH.encode(), [error, job.name, due])
                self._done[job.name] = due
        except psycopg.Error as error:  # the database went away, or we are to stop: the run stays unfinished
            log.warning("Job %s was cut off (%s)", job.name, type(error).__name__)
        finally:
            self._running.pop(job.name, None)

    def _command(self, connection: psycopg.Connection, job: Job) -> str | None:
        try:
            connection.execute(job.command.encode())
        except psycopg.Error as error:
            if connection.closed or self._stop.is_made():
                raise
            log.error("Job %s failed (%s); job_run says why", job.name, error.sqlstate)
            return error.diag.message_primary or type(error).__name__
        return None

    def _finish(self) -> None:
        running = list(self._running.values())
        deadline = time.monotonic() + FINISH_SECONDS
        for thread, _ in running:
            thread.join(max(0, deadline - time.monotonic()))
        for thread, connection in running:
            if thread.is_alive():
                connection.cancel()
                thread.join(2)
