"""`feelback jobs run` and `feelback reconcile`: scheduled work by hand."""

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from app.database import functions, jobs
from app.database.scheduler import LEADER
from app.errors import FeelbackError


@dataclass(frozen=True)
class Reconciled:
    """Rows that were compared, how many of them differed, and how many projects could not be compared as a whole.

    `tables` has the number of differences recorded of each table, at most a thousand a table, project and month.
    """

    checked: int
    differed: int
    failed: int
    tables: dict[str, int]

    def lines(self) -> list[str]:
        """What to print."""
        first = f"{self.checked:,} rows compared with the responses, {self.differed:,} differed and were corrected."
        if self.failed:
            first += f" {self.failed:,} projects could not be compared as a whole: see reconcile_result.error."
        return [first, *(f"  {table:<20} {count:>12,} differed" for table, count in self.tables.items())]


RECORD_RUN = """
    insert into public.job_run (job, due_at, started_at, finished_at, error)
    values (%s, %s, %s, clock_timestamp(), %s) on conflict (job, due_at) do nothing
"""


def run_job(dsn: str, name: str) -> float:
    """Run one job now and record the run, as the scheduler would; returns its duration in seconds.

    Raises:
        FeelbackError: 404 where there is no such job, 409 while the scheduler runs it.
        psycopg.Error: the job failed; that is recorded too.
    """
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        commands = {job.name: job.command for job in jobs.read(connection)}
        if name not in commands:
            raise FeelbackError(404, f"There is no job {name}. Jobs are: {', '.join(commands)}.")
        lock = connection.execute("select pg_try_advisory_lock(%s, hashtext(%s))", [LEADER, name]).fetchone()
        if lock != (True,):
            raise FeelbackError(409, f"The job {name} is running. Try again when it has ended.")
        started = datetime.now(UTC)
        try:
            connection.execute(commands[name].encode())
        except psycopg.Error as error:
            connection.execute(RECORD_RUN, [name, started, started, str(error).splitlines()[0][:500]])
            raise
        connection.execute(RECORD_RUN, [name, started, started, None])
    return (datetime.now(UTC) - started).total_seconds()


def reconcile(dsn: str) -> Reconciled:
    """Compare every aggregate with the responses now, and correct what differs."""
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        # Changes that are not rolled up yet are no differences.
        functions.execute(connection, "call fn.refresh_stats()")
        now = datetime.now(UTC)
        row = functions.execute(connection, "call fn.reconcile(%s)", [now]).fetchone()
        tables = connection.execute(
            "select what, count(*) from public.reconciliation where detected_at = %s group by what order by what", [now]
        ).fetchall()
        functions.execute(connection, "call fn.refresh_stats()")
    differed, checked, failed = row or (0, 0, 0)
    return Reconciled(checked, differed, failed, dict(tables))
