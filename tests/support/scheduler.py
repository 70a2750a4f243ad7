"""The scheduler in a process of its own, and the database that it works in."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

import psycopg

from app.database.scheduler import Scheduler
from app.processes.stop_request import StopRequest


class Database:
    """A database whose jobs a test schedules, and their runs."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn

    def ask(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        with closing(psycopg.connect(self.dsn, autocommit=True)) as connection:
            cursor = connection.execute(query.encode(), arguments or None)
            return cursor.fetchall() if cursor.description else []

    def set_jobs(self, *wanted: tuple[str, str, str]) -> None:
        self.ask("create table if not exists ran (job text, at timestamptz)")
        rows = ", ".join(
            f"('{name}', '{when}', $job${command}$job$, '', interval '1 day')" for name, when, command in wanted
        )
        self.ask(f"create or replace view fn.job (name, schedule, command, purpose, late_after) as values {rows}")

    def runs(self, job: str) -> list[tuple[datetime, datetime | None, str | None]]:
        return self.ask("select due_at, finished_at, error from job_run where job = %s order by due_at", job)  # type: ignore[return-value]

    def done(self, job: str) -> int:
        return int(self.ask("select count(*) from ran where job = %s", job)[0][0])


@contextmanager
def scheduling(db: Database) -> Iterator[None]:
    stop = StopRequest()
    thread = threading.Thread(target=Scheduler(db.dsn, stop).run)
    thread.start()
    try:
        yield
    finally:
        stop.make()
        thread.join(15)
    assert not thread.is_alive()
