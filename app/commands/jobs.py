"""`feelback jobs`, `jobs run` and `reconcile`."""

import sys
from datetime import UTC

import click

from app.commands.database import database, in_database
from app.config import Settings
from app.database import upkeep
from app.queries import jobs as queries


@click.group(invoke_without_command=True)
@click.pass_context
def jobs(context: click.Context) -> None:
    """List scheduled jobs: their last run, its duration, and whether they are overdue. Times are UTC."""
    if context.invoked_subcommand is None:
        _show(in_database(context.obj, queries.job_health))


@jobs.command("run")
@click.argument("name")
@click.pass_obj
def jobs_run(settings: Settings, name: str) -> None:
    """Run a job now and record the run."""
    with database(settings) as dsn:
        click.echo(f"{name}: done in {upkeep.run_job(dsn, name):.2f} s")


@click.command()
@click.pass_obj
def reconcile(settings: Settings) -> None:
    """Compare every count, window, period and score with the responses now. Differences are corrected and recorded.

    Exits with 1 if something differed.
    """
    with database(settings) as dsn:
        result = upkeep.reconcile(dsn)
    click.echo("\n".join(result.lines()))
    if result.differed or result.failed:
        sys.exit(1)


def _show(jobs: list[queries.JobHealth]) -> None:
    for job in jobs:
        last = f"{job.last_run.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if job.last_run else "never"
        duration = "" if job.seconds is None else f"{job.seconds:.2f} s"
        state = "OVERDUE" if job.is_overdue else "FAILED" if job.error else "ok" if job.last_run else "waiting"
        click.echo(f"{job.name:<28} {job.schedule:<16} {last:<20} {duration:>10}  {state}")
        if job.error:
            click.echo(f"    {job.error}")
