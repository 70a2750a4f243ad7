"""`feelback jobs run` and `feelback reconcile`: scheduled work by hand."""

from contextlib import closing
from datetime import UTC, datetime

import psycopg

from app.database.scheduler import LEADER
from app.errors import FeelbackError

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
        row = connection.execute("select command from fn.job where name = %s", [name]).fetchone()
        if row is None:
            names = [name for (name,) in connection.execute("select name from fn.job order by name")]
            raise FeelbackError(404, f"There is no job {name}. Jobs are: {', '.join(names)}.")
        lock = connection.execute("select pg_try_advisory_lock(%s, hashtext(%s))", [LEADER, name]).fetchone()
        if lock != (True,):
            raise FeelbackError(409, f"The job {name} is running. Try again when it has ended.")
        started = datetime.now(UTC)
        try:
            connection.execute(row[0].encode())
        except psycopg.Error as error:
            connection.execute(RECORD_RUN, [name, started, started, str(error).splitlines()[0][:500]])
            raise
        connection.execute(RECORD_RUN, [name, started, started, None])
    return (datetime.now(UTC) - started).total_seconds()


def reconcile(dsn: str) -> list[tuple[str, int, int]]:
    """Compare all tallies with the responses now; returns per kind how many were compared and how many differed."""
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        # Changes that are not rolled up yet are no differences.
        connection.execute("call fn.refresh_stats()")
        rows = connection.execute("select what, looked_at, differed from fn.reconcile()").fetchall()
        connection.execute("call fn.refresh_stats()")
    return [(row[0], row[1], row[2]) for row in rows]
