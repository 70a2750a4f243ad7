"""The jobs run by pg_cron, for real, on the system's Postgres."""

import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from app import config
from app.database import jobs, migrate
from app.database.embedded import cluster
from tests.support.recount import differences
from tests.support.scheduler import Database, scheduling
from tests.support.settings import SECRET
from tests.support.sql_world import World

LIBRARY = max(Path("/usr/lib/postgresql").glob("*/lib/pg_cron.so"), default=None)
OPTIONS = {"shared_preload_libraries": "pg_cron", "cron.database_name": "feelback", "cron.use_background_workers": "on"}
LISTED = "select jobname, schedule, command from cron.job where starts_with(jobname, 'feelback:') order by jobname"
RUNS = (
    "select d.status, d.return_message from cron.job_run_details as d join cron.job as j using (jobid)"
    " where j.jobname = 'feelback:' || %s and d.end_time is not null"
)
WITH_A_FAILING_JOB = """
    create or replace view fn.job (name, schedule, command, purpose, late_after) as
    values
        ('failing', '* * * * *', 'select 1 / 0', '', interval '1 day'),
        ('refresh stats', '* * * * *', 'call fn.refresh_stats()', '', interval '10 minutes'),
        ('delete old job runs', '43 1 * * *', 'select fn.delete_old_job_runs()', '', interval '2 days')
"""


@pytest.mark.skipif(LIBRARY is None, reason="the system has no Postgres with pg_cron")
def test_it_runs_the_jobs_by_pg_cron(data_folder: Path) -> None:
    assert LIBRARY is not None
    settings = config.load({"FEELBACK_DATA": str(data_folder), "PGBIN": str(LIBRARY.parents[1] / "bin")})
    with cluster.use(settings, OPTIONS) as dsn:
        db = Database(dsn)
        db.ask("create extension pg_cron")
        db.ask("select cron.schedule('theirs', '0 0 * * *', 'select 1')")
        migrate.apply(dsn, secret=SECRET)
        with closing(psycopg.connect(dsn, autocommit=True)) as connection:
            wanted = [(jobs.PREFIX + job.name, job.schedule, job.command) for job in jobs.read(connection)]
            assert len(wanted) > 10
            assert db.ask(LISTED) == wanted
            db.ask(WITH_A_FAILING_JOB)
            jobs.hand_over(connection)
        assert [name for name, _, _ in db.ask(LISTED)] == [
            "feelback:delete old job runs", "feelback:failing", "feelback:refresh stats",
        ]  # fmt: skip

        world = World(dsn)
        votes = world.widget(world.project("Europe/Rome"))
        for n in range(3):
            world.send(votes, 1 + n % 2, datetime.now(UTC), visitor=f"v{n}")
        with scheduling(db):  # ours sees that pg_cron is there, and does nothing
            deadline = time.monotonic() + 65  # each minute, on the minute
            while not (db.ask(RUNS, "refresh stats") and db.ask(RUNS, "failing")) and time.monotonic() < deadline:
                time.sleep(0.2)
        assert db.ask("select * from job_run") == []
        assert [status for status, _ in db.ask(RUNS, "refresh stats")] == ["succeeded"]  # though it commits
        assert differences(world) == {}
        assert world.value("select sum(count) from widget_day") == 3

        health = {row["name"]: row for row in world.dicts("select * from fn.job_health()")}
        assert abs(health["refresh stats"]["last_run"] - datetime.now(UTC)) < timedelta(seconds=65)
        assert health["refresh stats"]["last_success"] >= health["refresh stats"]["last_run"]
        assert 0 <= health["refresh stats"]["seconds"] < 30
        assert health["refresh stats"]["error"] is None
        assert "division by zero" in health["failing"]["error"]
        assert health["failing"]["last_success"] is None
        assert health["delete old job runs"]["last_run"] is None
        assert not any(row["is_overdue"] for row in health.values())
        late = world.dicts("select * from fn.job_health(now() + interval '11 minutes')")
        assert {row["name"] for row in late if row["is_overdue"]} == {"refresh stats"}
        late = world.dicts("select * from fn.job_health(now() + interval '3 days')")
        assert {row["name"] for row in late if row["is_overdue"]} == set(health)

        assert world.value("select count(*) from cron.job_run_details") >= 2
        world.ask("select fn.delete_old_job_runs(now() + interval '13 days')")
        assert world.value("select count(*) from cron.job_run_details") >= 2
        world.ask("select fn.delete_old_job_runs(now() + interval '15 days')")
        assert world.value("select count(*) from cron.job_run_details") == 0
        assert db.ask("select 1 from cron.job where jobname = 'theirs'")
        world.close_connection()
