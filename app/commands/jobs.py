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
    """Show how each scheduled job does: when it ran, for how long, and whether it is overdue. Times are UTC."""
    if context.invoked_subcommand is None:
        _show(in_database(context.obj, queries.job_health))


@jobs.command("run")
@click.argument("name")
@click.pass_obj
def jobs_run(settings: Settings, name: str) -> None:
    """Run one job now, whatever its schedule; the run is noted with the others."""
    with database(settings) as dsn:
        click.echo(f"{name}: done in {upkeep.run_job(dsn, name):.2f} s")


@click.command()
@click.pass_obj
def reconcile(settings: Settings) -> None:
    """Hold every count against the rows it stands for, now; what differs is put right, recorded and told.

    Exits with 1 where something differed.
    """
    with database(settings) as dsn:
        found = upkeep.reconcile(dsn)
    for what, looked_at, differed in found:
        click.echo(f"{what:<14} {looked_at:>12,} looked at  {differed:>8,} differed")
    if any(differed for _, _, differed in found):
        sys.exit(1)


def _show(jobs: list[queries.JobHealth]) -> None:
    for job in jobs:
        last = f"{job.last_run.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if job.last_run else "never"
        took = "" if job.seconds is None else f"{job.seconds:.2f} s"
        state = "OVERDUE" if job.is_overdue else "FAILED" if job.error else "ok" if job.last_run else "waiting"
        click.echo(f"{job.name:<28} {job.schedule:<16} {last:<20} {took:>10}  {state}")
        if job.error:
            click.echo(f"    {job.error}")
