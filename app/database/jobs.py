"""The scheduled jobs that view fn.job lists: read, checked, and handed to pg_cron where the database has it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import psycopg
from cronsim import CronSim, CronSimError

from app.database import functions
from app.errors import ConfigError

PREFIX = "feelback:"  # in pg_cron's list, what is ours


@dataclass(frozen=True)
class Job:
    """One line of fn.job: `command` is one SQL statement, due by `schedule` in UTC."""

    name: str
    schedule: str
    command: str


def latest_due(schedule: str, now: datetime) -> datetime:
    """The last time at or before `now` that `schedule` names: five cron fields, or "N seconds" with N from 1 to 59.

    Raises:
        ValueError: the schedule is neither, or names no time.
    """
    now = now.astimezone(UTC)
    if seconds := re.fullmatch(r"([1-9]|[1-5][0-9]) seconds?", schedule):
        return datetime.fromtimestamp(int(now.timestamp()) // int(seconds[1]) * int(seconds[1]), UTC)
    if len(schedule.split()) != 5:
        raise ValueError("a schedule is five cron fields, or a number of seconds from 1 to 59")
    return _latest_due(schedule, now.replace(second=0, microsecond=0))


@lru_cache(maxsize=256)  # the scheduler asks each second
def _latest_due(fields: str, minute: datetime) -> datetime:
    try:
        return next(CronSim(fields, minute + timedelta(minutes=1), reverse=True))
    except (CronSimError, StopIteration):
        raise ValueError("its cron fields name no time") from None


def read(connection: psycopg.Connection, schema: str = "") -> list[Job]:
    """Every job of `schema`, by default this process's, by name; none where it has no view of them."""
    schema = schema or functions.schema()
    if connection.execute("select to_regclass(%s)", [f"{schema}.job"]).fetchone() == (None,):
        return []
    rows = connection.execute(
        functions.within(schema, "select name, schedule, command from fn.job order by name").encode()
    )
    return [Job(*row) for row in rows]


def starts(connection: psycopg.Connection) -> dict[str, datetime | None]:
    """When each job was last started, by pg_cron or to make up for it; None before any ran."""
    return dict(functions.execute(connection, "select job, started_at from fn.job_starts()").fetchall())


def check(connection: psycopg.Connection, schema: str) -> None:
    """Refuse a list with a schedule that pg_cron and our scheduler would not read alike.

    Raises:
        ConfigError: naming each such job.
    """
    faults = []
    for job in read(connection, schema):
        try:
            latest_due(job.schedule, datetime.now(UTC))
        except ValueError as error:
            faults.append(f"sql/views/job.sql: job {job.name!r} has the schedule {job.schedule!r}: {error}.")
    if faults:
        raise ConfigError("\n".join(faults))


def has_pg_cron(connection: psycopg.Connection) -> bool:
    """Whether pg_cron runs jobs in this database."""
    row = connection.execute("select exists (select from pg_extension where extname = 'pg_cron')").fetchone()
    return row == (True,)


def hand_over(connection: psycopg.Connection, schema: str = functions.DEFAULT) -> None:
    """Make pg_cron's list of our jobs equal to that of `schema`, where the database has pg_cron."""
    if not has_pg_cron(connection):
        return
    with connection.transaction():
        version = connection.execute("select extversion from pg_extension where extname = 'pg_cron'").fetchone()
        knows_seconds = version is not None and tuple(map(int, re.findall(r"\d+", version[0])[:2])) >= (1, 5)
        # Before 1.5 it knows no seconds; every minute is the closest.
        current = {
            PREFIX + job.name: (
                job.schedule if knows_seconds or "second" not in job.schedule else "* * * * *",
                job.command,
            )
            for job in read(connection, schema)
        }
        rows = connection.execute(
            "select jobname, schedule, command from cron.job where starts_with(jobname, %s)"
            " and database = current_database() and username = current_user and active",
            [PREFIX],
        )
        existing = {name: (schedule, command) for name, schedule, command in rows}
        for name in existing.keys() - current.keys():
            connection.execute("select cron.unschedule(jobid) from cron.job where jobname = %s", [name])
        for name, (schedule, command) in current.items():
            if existing.get(name) != (schedule, command):
                connection.execute("select cron.schedule(%s, %s, %s)", [name, schedule, command])
