"""The command line: parses, calls, prints."""

import asyncio
import json
import os
import sys
from dataclasses import asdict
from typing import TypeVar

import click

from app import __version__, config
from app.commands import backups, billing, create, insights, jobs, link, recap, site
from app.commands import roles as roles_command
from app.commands.database import database, in_database, with_pool
from app.config import Settings
from app.database import migrate, roles
from app.database.embedded import cluster
from app.errors import ConfigError, FeelbackError
from app.server import logs

T = TypeVar("T")


class Commands(click.Group):
    """Commands that end quietly when they are interrupted, where click would print "Aborted!"."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was given."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            sys.exit(130)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="feelback")
@click.pass_context
def cli(context: click.Context) -> None:
    """Feelback: likes, votes, ratings, reactions, messages and forms for any page, counted in Postgres.

    Settings come from the environment or from `.env`; `.env.example` explains each. Without DATABASE_URL every command
    uses the Postgres that Feelback runs for itself: one that runs already, or one of its own for as long as it takes.

    \b
    In a checkout `.env` and the data folder, `.data`, are the checkout's. Installed with pip, `.env` is read from the
    current folder, and data are in FEELBACK_DATA or, by default, in ~/.local/share/feelback.
    """
    if context.invoked_subcommand and "--help" not in sys.argv and "-h" not in sys.argv:
        context.obj = config.load()
        logs.set_up(context.obj)


@cli.command()
@click.pass_obj
def run(settings: Settings) -> None:
    """Bring everything up: database, schema, demo, web, scheduler, mail worker.

    For a first look and for development; `make run` calls it. The last line it prints is `ready <address>`. Ctrl-C
    stops everything, the database too. With DATABASE_URL the demo is not loaded; `feelback demo` loads it.
    """
    from app.database.embedded import postgres
    from app.server import supervisor
    from app.site import demo_project

    is_embedded, url = not settings.database_url, settings.base_url
    is_new = is_embedded and not (settings.feelback_data / "postgres").exists()
    supervisor.interrupt_on_sigterm()
    with supervisor.listen(settings) as listener:
        if is_new:
            click.echo("Creating a database")
        with cluster.use(settings) as dsn:
            if not migrate.is_current(dsn):
                click.echo("Migrating the database to this version's schema")
            migrate.apply(dsn, secret=settings.secret_key)
            addresses = [f"  Panel      {url}/sign-in"]
            if is_embedded:
                if is_new:
                    click.echo("Loading the demo")
                shown = asyncio.run(with_pool(dsn, demo_project.load))
                addresses[0] += f"  (as {shown.email} with {shown.password})"
                addresses.append(f"  Demo page  {url}/demo")
            addresses.append(f"  API        {url}/v1/openapi.json")
            if is_embedded:
                addresses.append(f"  Database   {postgres.home(settings.feelback_data)}")
            text = "\n".join(["", "Feelback is running; Ctrl-C stops it.", "", *addresses, "", f"ready {url}"])
            supervisor.serve(settings, dsn, listener, lambda: click.echo(text))


@cli.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Answer requests: web workers, the scheduler unless SCHEDULER=off, a mail worker unless WORKER=off.

    The schema must be this version's: with a database of your own run `feelback migrate` first. The embedded one is
    migrated here.
    """
    from app.server import supervisor

    supervisor.interrupt_on_sigterm()
    with supervisor.listen(settings) as listener, database(settings) as dsn:
        supervisor.serve(settings, dsn, listener, lambda: click.echo(f"ready {settings.base_url}"))


@cli.command("migrate")
@click.pass_obj
def migrate_command(settings: Settings) -> None:
    """Bring the database to this version's schema.

    Does nothing where it is there already, and may be run by several machines at once: one does it, the others wait.
    Behind a connection pooler, give the database's own address in DATABASE_URL.
    """
    with cluster.use(settings) as dsn:
        applied = migrate.apply(dsn, secret=settings.secret_key)
    click.echo(
        f"{applied.migrations} migrations applied, functions {'recreated' if applied.recreated else 'unchanged'}"
    )


@cli.command()
@click.pass_obj
def scheduler(settings: Settings) -> None:
    """Run the scheduled jobs, where pg_cron does not.

    Several may run, on several machines: one works, the others wait to take over. `serve` runs one already unless
    SCHEDULER=off. In a database with pg_cron it stays idle.
    """
    from app.database import scheduler as stand_in

    with database(settings) as dsn:
        stand_in.run(roles.url(dsn, roles.JOBS, settings.secret_key))


@cli.command()
@click.option("--once", is_flag=True, help="Stop when nothing is due, and say what became of the mails.")
@click.pass_obj
def work(settings: Settings, once: bool) -> None:
    """Send the mails that wait, until stopped.

    Several may run, on several machines: each mail is sent by one. `serve` runs one already unless WORKER=off. Without
    MAIL_URL mails are kept in the database and nothing is sent.
    """
    from app.commands.progress import Progress
    from app.worker import process

    progress = Progress()
    with database(settings) as dsn:
        told = process.run(settings, roles.url(dsn, roles.JOBS, settings.secret_key), once=once, progress=progress)
    progress.end()
    if once:
        click.echo(f"{told['sent']} sent, {told['kept']} kept, {told['failed']} failed")
        if told["later"] or told["down"]:
            click.echo(f"{told['later'] + told['down']} to be tried again")
    if once and told["down"]:
        raise FeelbackError(503, "The mail server is away, or MAIL_URL is wrong.", hint="The log says more.")


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was loaded as JSON.")
@click.pass_obj
def demo(settings: Settings, as_json: bool) -> None:
    """Load the demo, once: an account to sign in with, and a project with a widget of every type.

    Called again it changes nothing and prints the same.
    """
    from app.site import demo_project as demo_module

    shown = in_database(settings, demo_module.load)
    if as_json:
        click.echo(json.dumps(asdict(shown), default=str))
        return
    click.echo(f"Sign in at {settings.base_url}/ as {shown.email} with {shown.password}")
    for kind, widget in shown.widgets.items():
        click.echo(f"  {kind:<10} {widget}")


@cli.command("_web", hidden=True)
@click.option("--fd", type=int, required=True)
@click.option("--slot", type=int, required=True, help="Its number among the web processes, from 0.")
@click.pass_obj
def web_worker(settings: Settings, fd: int, slot: int) -> None:
    """One web worker, for the supervisor."""
    from app.server import supervisor, web_process

    supervisor.watch_parent()
    web_process.run_web(settings, fd, slot)


@cli.command("_scheduler", hidden=True)
@click.pass_obj
def scheduler_worker(settings: Settings) -> None:
    """The scheduler, for the supervisor."""
    from app.database import scheduler as stand_in
    from app.server import supervisor

    supervisor.watch_parent()
    stand_in.run(roles.url(os.environ[supervisor.DSN], roles.JOBS, settings.secret_key))


@cli.command("_work", hidden=True)
@click.pass_obj
def mail_worker(settings: Settings) -> None:
    """The mail worker, for the supervisor."""
    from app.server import supervisor
    from app.worker import process

    supervisor.watch_parent()
    process.run(settings, roles.url(os.environ[supervisor.DSN], roles.JOBS, settings.secret_key))


@cli.command("_wake", hidden=True)
@click.pass_obj
def waker(settings: Settings) -> None:
    """Wakes the worker machine, for the supervisor."""
    from app.fly import waker as waking
    from app.server import supervisor

    supervisor.watch_parent()
    waking.run(settings, roles.url(os.environ[supervisor.DSN], roles.JOBS, settings.secret_key))


cli.add_command(backups.backup)
cli.add_command(backups.restore)
cli.add_command(insights.insights)
cli.add_command(billing.billing)
cli.add_command(recap.recap)
cli.add_command(site.site)


for command in (
    create.project, create.widget, create.key, link.link, roles_command.roles, jobs.jobs, jobs.reconcile,
):  # fmt: skip
    cli.add_command(command)


def main() -> None:
    """Run the command line; a fault that is the caller's to mend is told in one line each, without a traceback."""
    try:
        cli(prog_name="feelback")
    except ConfigError as error:
        for line in str(error).splitlines():
            click.echo(f"Error: {line}", err=True)
        sys.exit(2)
    except FeelbackError as error:
        click.echo(" ".join(["Error:", error.message, str(error.data.get("hint", ""))]).rstrip(), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
