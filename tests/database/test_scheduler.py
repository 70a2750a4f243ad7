import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app import config
from app.config import ROOT
from app.database import jobs, migrate, upkeep
from app.database.embedded import cluster
from app.database.jobs import Job, latest_due
from app.errors import FeelbackError
from tests.support.scheduler import Database, scheduling
from tests.support.settings import SECRET

NEVER = "0 0 1 1 *"  # due long ago, and not again while a test lasts


def note(job: str, before: str = "") -> str:
    return f"insert into ran select '{job}', clock_timestamp() {before}"


@pytest.fixture
def db(database: str) -> Database:
    return Database(database)


@contextmanager
def process(db: Database) -> Iterator["subprocess.Popen[bytes]"]:
    code = "import sys; from app.database import scheduler; scheduler.run(sys.argv[1])"
    with subprocess.Popen([sys.executable, "-c", code, db.dsn], cwd=ROOT) as each:
        try:
            yield each
        finally:
            each.terminate()


def soon(condition: Callable[[], Any], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(met)


@pytest.mark.parametrize(
    ("schedule", "due"),
    [
        ("* * * * *", "2026-03-01 12:34:00"),
        ("35 12 * * *", "2026-02-28 12:35:00"),
        ("*/5 * * * 1", "2026-02-23 23:55:00"),
        ("0 0 29 2 *", "2024-02-29 00:00:00"),
        ("10 seconds", "2026-03-01 12:34:50"),
        ("1 second", "2026-03-01 12:34:59"),
    ],
)
def test_it_knows_when_a_job_was_last_due(schedule: str, due: str) -> None:
    now = datetime(2026, 3, 1, 12, 34, 59, 999_999, UTC)
    assert latest_due(schedule, now) == datetime.fromisoformat(f"{due}+00:00")
    assert latest_due(schedule, latest_due(schedule, now)) == latest_due(schedule, now)


@pytest.mark.parametrize(
    "schedule", ["", "* * * * * *", "0 seconds", "60 seconds", "@daily", "61 * * * *", "0 0 30 2 *"]
)
def test_it_refuses_what_pg_cron_reads_otherwise(schedule: str) -> None:
    with pytest.raises(ValueError, match="cron fields"):
        latest_due(schedule, datetime.now(UTC))


def test_it_runs_each_time_once_though_leaders_are_killed(db: Database) -> None:
    db.set_jobs(("often", "1 second", note("often")), ("slower", "3 seconds", note("slower")))
    with process(db) as first:
        assert soon(lambda: db.done("often"))
        with process(db), process(db), process(db):
            assert soon(lambda: len(db.runs("slower")) >= 2)
            first.kill()
            assert soon(lambda: len(db.runs("slower")) >= 4, 15)
    slower = db.runs("slower")
    gaps = {later[0] - earlier[0] for earlier, later in pairwise(slower)}
    # A machine so busy that the next leader takes longer than that is caught up with once.
    assert timedelta(seconds=3) in gaps
    assert all(gap % timedelta(seconds=3) == timedelta(0) for gap in gaps)
    for job in ("often", "slower"):
        runs = db.runs(job)
        assert db.done(job) == len(runs)
        assert all(finished and not error for _, finished, error in runs)


def test_it_keeps_a_failing_and_a_slow_job_from_the_others(db: Database) -> None:
    db.set_jobs(
        ("good", "1 second", note("good")),
        ("bad", "1 second", "select 1 / 0"),
        ("slow", "1 second", note("slow", "from pg_sleep(1.5)")),
    )
    with scheduling(db):
        assert soon(lambda: db.done("slow") >= 2)
    assert db.done("good") >= 3
    assert {error for _, _, error in db.runs("bad")} == {"division by zero"}
    starts = db.ask("select started_at, finished_at from job_run where job = 'slow' order by 1")
    assert all(later[0] >= earlier[1] for earlier, later in pairwise(starts))


def test_it_catches_up_once(db: Database) -> None:
    db.set_jobs(("late", "0 0 * * *", note("late")), ("on time", "0 0 * * *", note("on time")))
    due = latest_due("0 0 * * *", datetime.now(UTC))
    had = "insert into job_run (job, due_at, finished_at) values (%s, %s, now())"
    db.ask(had, "late", due - timedelta(days=9))
    db.ask(had, "on time", due)
    with scheduling(db):
        assert soon(lambda: db.done("late"))
        time.sleep(1.2)
    assert [when for when, _, _ in db.runs("late")] == [due - timedelta(days=9), due]
    assert (db.done("late"), db.done("on time")) == (1, 0)


def test_it_tries_a_run_that_was_cut_off_once_more(db: Database) -> None:
    db.set_jobs(("long", NEVER, "select pg_sleep(60)"))
    cut = "select pg_terminate_backend(pid) from pg_stat_activity where query = 'select pg_sleep(60)'"
    with scheduling(db):
        assert soon(lambda: db.ask(cut))
        assert soon(lambda: db.runs("long")[0][2])
        assert soon(lambda: db.ask(cut))
        assert soon(lambda: db.runs("long")[0][1])
    assert [error for _, _, error in db.runs("long")] == ["cut off twice"]


def test_it_closes_runs_that_were_cut_off(db: Database) -> None:
    db.set_jobs(("often", "1 second", note("often")), ("other", NEVER, note("other")))
    cut = "insert into job_run (job, due_at, started_at, error) values (%s, now() - %s * interval '1 hour', now(), %s)"
    db.ask(cut, "often", 3, None)
    db.ask(cut, "often", 2, "cut off; tried again")
    with scheduling(db):
        assert soon(lambda: db.done("often") >= 2)
    runs = db.runs("often")
    assert [error for _, _, error in runs[:2]] == ["cut off"] * 2
    assert all(finished for _, finished, _ in runs)
    assert {error for _, _, error in runs[2:]} == {None}


def test_it_goes_on_when_the_clock_goes_back(db: Database) -> None:
    db.set_jobs(("often", "1 second", note("often")), ("rare", NEVER, note("rare")))
    # What an hour, or a year, of a clock that was ahead has left.
    ahead = "insert into job_run (job, due_at, finished_at) values (%s, now() + %s::interval, now() + %s::interval)"
    for job, span in (("often", "1 hour"), ("often", "59 minutes"), ("rare", "400 days")):
        db.ask(ahead, job, span, span)
    with scheduling(db):
        assert soon(lambda: db.done("often") >= 2 and db.done("rare"))
    assert db.ask("select count(*) from job_run where due_at > now() + interval '1 minute'") == [(0,)]
    assert len(db.runs("often")) == db.done("often")


def test_it_does_not_run_twice_what_ran_before_a_small_step_back(db: Database) -> None:
    db.set_jobs(("often", "1 second", note("often")))
    db.ask("insert into job_run (job, due_at, finished_at) values ('often', now() + interval '2 seconds', now())")
    with scheduling(db):
        assert soon(lambda: db.done("often") >= 2)
    assert db.done("often") == len(db.runs("often")) - 1


def test_it_goes_on_when_the_database_comes_back(db: Database) -> None:
    db.set_jobs(("often", "1 second", note("often")))
    with scheduling(db):
        assert soon(lambda: db.done("often"))
        db.ask("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'feelback scheduler'")
        had = db.done("often")
        assert soon(lambda: db.done("often") > had + 1)


def test_it_stops_at_once_and_lets_a_run_finish(db: Database) -> None:
    db.set_jobs(("slow", NEVER, note("slow", "from pg_sleep(1)")))
    with process(db) as each:
        assert soon(lambda: db.ask("select 1 from job_run"))
        started = time.monotonic()
        each.send_signal(signal.SIGTERM)
        assert each.wait(10) == 0
        assert time.monotonic() - started < 3
    assert db.done("slow") == 1


def test_it_does_not_run_a_job_by_hand_that_runs(db: Database) -> None:
    db.set_jobs(("slow", NEVER, note("slow", "from pg_sleep(1)")))
    with scheduling(db):
        assert soon(lambda: db.ask("select 1 from job_run"))
        with pytest.raises(FeelbackError, match="is running"):
            upkeep.run_job(db.dsn, "slow")
        assert soon(lambda: db.done("slow") == 1)
    assert upkeep.run_job(db.dsn, "slow") >= 1
    assert db.done("slow") == 2


def test_it_waits_for_a_schema(empty_database: str) -> None:
    db = Database(empty_database)
    with scheduling(db):
        time.sleep(0.3)
        migrate.apply(empty_database, secret=SECRET)
        assert soon(lambda: db.ask("select 1 from job_run where finished_at is not null"))


def test_it_hands_the_jobs_to_pg_cron_where_there_is_one(data_folder: Path) -> None:
    library = max(Path("/usr/lib/postgresql").glob("*/lib/pg_cron.so"), default=None)
    if library is None:
        pytest.skip("the system has no Postgres with pg_cron")
    settings = config.load({"FEELBACK_DATA": str(data_folder), "PGBIN": str(library.parents[1] / "bin")})
    options = {
        "shared_preload_libraries": "pg_cron",
        "cron.database_name": "feelback",
        "cron.use_background_workers": "on",
    }
    with cluster.use(settings, options) as dsn:
        db = Database(dsn)
        db.ask("create extension pg_cron")
        db.ask("select cron.schedule('theirs', '0 0 * * *', 'select 1')")
        migrate.apply(dsn, secret=SECRET)
        listed = "select jobname, schedule, command from cron.job where jobname <> 'theirs' order by 1"
        with closing(psycopg.connect(dsn, autocommit=True)) as connection:
            wanted = [(jobs.PREFIX + job.name, job.schedule, job.command) for job in jobs.read(connection)]
            assert db.ask(listed) == wanted
            ids = db.ask("select jobid from cron.job order by 1")
            jobs.hand_over(connection)
            assert db.ask("select jobid from cron.job order by 1") == ids
            db.set_jobs(("one", "1 1 * * *", "select 1"), ("often", "5 seconds", "select 2"))
            jobs.hand_over(connection)
            assert [Job(*row).name for row in db.ask(listed)] == ["feelback:often", "feelback:one"]
            assert db.ask("select 1 from cron.job where jobname = 'theirs'")
        assert db.ask("select * from job_run") == []


def test_it_makes_up_for_what_pg_cron_missed(data_folder: Path) -> None:
    library = max(Path("/usr/lib/postgresql").glob("*/lib/pg_cron.so"), default=None)
    if library is None:
        pytest.skip("the system has no Postgres with pg_cron")
    settings = config.load({"FEELBACK_DATA": str(data_folder), "PGBIN": str(library.parents[1] / "bin")})
    options = {
        "shared_preload_libraries": "pg_cron",
        "cron.database_name": "feelback",
        "cron.use_background_workers": "on",
    }
    with cluster.use(settings, options) as dsn:
        db = Database(dsn)
        db.ask("create extension pg_cron")
        migrate.apply(dsn, secret=SECRET)
        # At an hour that is neither now nor within the next minutes.
        hour = (datetime.now(UTC) - timedelta(hours=6)).hour
        names = ("missed", "on time", "failed", "restarted", "running")
        db.set_jobs(*((name, f"0 {hour} * * *", note(name)) for name in names))
        with closing(psycopg.connect(dsn, autocommit=True)) as connection:
            jobs.hand_over(connection)
        db.ask("delete from cron.job_run_details")
        with scheduling(db):
            time.sleep(1.5)
        assert db.ask("select * from job_run") == []  # nothing has run yet, and nothing is late
        due, day = latest_due(f"0 {hour} * * *", datetime.now(UTC)), timedelta(days=1)
        run = (
            "insert into cron.job_run_details"
            " (jobid, runid, database, username, command, status, return_message, start_time, end_time)"
            " select jobid, nextval('cron.runid_seq'), database, username, command, %s, %s, %s, %s from cron.job"
            " where jobname = 'feelback:' || %s"
        )
        for name, status, error, at in (
            *((name, "succeeded", None, due - day) for name in names),
            ("on time", "succeeded", None, due),
            ("failed", "failed", "connection failed", None),  # of which pg_cron records no time
            ("restarted", "failed", "server restarted", due),
        ):
            db.ask(run, status, error, at, at, name)
        db.ask(run, "running", None, due - timedelta(minutes=1), None, "running")
        health = {row[0]: row[1:] for row in db.ask("select name, last_run, error, last_success from fn.job_health()")}
        assert health["failed"] == (due, "connection failed", due - day)
        assert health["restarted"] == (due, "server restarted", due - day)
        assert health["on time"] == (due, None, due)
        assert health["missed"] == (due - day, None, due - day)
        with scheduling(db):
            assert soon(lambda: db.done("missed") and db.done("failed"))
            time.sleep(1)
        assert {name: db.done(name) for name in names} == {
            "missed": 1, "failed": 1, "on time": 0, "restarted": 0, "running": 0,
        }  # fmt: skip
        assert [(at, error) for at, _, error in db.runs("missed")] == [(due, None)]
        with scheduling(db):
            time.sleep(1.5)
        assert (db.done("missed"), db.done("failed")) == (1, 1)
        assert db.ask("select last_run > %s, error from fn.job_health() where name = 'failed'", due) == [(True, None)]
