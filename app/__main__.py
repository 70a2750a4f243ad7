"""The command line: parses, calls, prints."""

import importlib
import logging
import os
import sys
from collections.abc import Callable
from typing import Any

import click

from app import __version__, config
from app.commands.child import in_child, print_error
from app.config import Settings
from app.errors import ConfigError, FeelbackError
from app.server import logs

log = logging.getLogger("app")
# The module of each command that is not in this one, imported when the command is called: the processes of a server
# would otherwise import and keep in memory what only other commands use.
MODULES = {
    "backup": "backups", "restore": "backups", "insights": "insights", "billing": "billing", "recap": "recap",
    "site": "site", "project": "create", "widget": "create", "key": "create", "claim": "claim", "operator": "claim",
    "demo": "demo", "link": "link", "roles": "roles", "jobs": "jobs", "reconcile": "jobs", "migrate": "migrate",
    "distribute": "distribute", "doctor": "distribute",
}  # fmt: skip


class Commands(click.Group):
    """Commands that end quietly when interrupted, without click's "Aborted!"."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *MODULES])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULES:
            return super().get_command(ctx, cmd_name)
        module = importlib.import_module(f"app.commands.{MODULES[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> object:
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
    uses the Postgres that Feelback runs itself, and starts it for as long as the command takes.

    \b
    In a checkout, `.env` and the data folder, `.data`, are in the checkout. Installed with pip, `.env` is read from the
    current folder, and data are in FEELBACK_DATA, by default ~/.local/share/feelback.
    """
    if context.invoked_subcommand and "--help" not in sys.argv and "-h" not in sys.argv:
        context.obj = config.load()
        logs.set_up(context.obj)
        if not context.invoked_subcommand.startswith("_"):  # for its children the supervisor has warned already
            for warning in config.warnings():
                log.warning(warning)


@cli.command()
@click.pass_obj
def run(settings: Settings) -> None:
    """Start everything: database, schema, demo, web, scheduler and worker.

    For a first look and for development; `make run` calls it. When it is ready it prints `ready <URL>`, and before it
    the link that claims the installation. Ctrl-C stops everything, including the database.

    The demo is not loaded with DATABASE_URL, nor if HOST lets other machines connect, unless DEMO is on; `feelback
    demo` loads it anywhere.
    """
    from app.database.embedded import cluster
    from app.server import supervisor

    is_new = not settings.database_url and not (settings.feelback_data / "postgres").exists()
    supervisor.interrupt_on_sigterm()
    with supervisor.listen(settings) as listener:
        if is_new:
            click.echo("Creating the database")
        with cluster.use(settings) as dsn:
            supervisor.serve(settings, dsn, listener, _prepare("prepare_run", settings, dsn, is_new))


@cli.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Answer requests, and run the scheduler and the worker unless SCHEDULER=off or WORKER=off.

    The database must have this version's schema: run `feelback migrate` first. The embedded one is migrated here. A
    database that cannot be reached is waited for.
    Until the installation is claimed, the link that does so is printed.
    """
    from app.database.embedded import cluster
    from app.server import supervisor

    supervisor.interrupt_on_sigterm()
    with supervisor.listen(settings) as listener, cluster.use(settings) as dsn:
        supervisor.serve(settings, dsn, listener, _prepare("prepare_serve", settings, dsn))


def _prepare(name: str, *arguments: Any) -> Callable[[], None]:
    """Run a function of app/commands/start.py in a child; returns what prints its text."""
    from app.database import functions

    def prepare() -> str:
        from app.commands import start

        text = getattr(start, name)(*arguments)
        return f"{functions.schema()}\n{text}"

    schema, _, text = in_child(prepare).partition("\n")
    functions.use(schema)
    return lambda: click.echo(text)


@cli.command()
@click.pass_obj
def scheduler(settings: Settings) -> None:
    """Run the scheduled jobs, if pg_cron does not.

    Several may run, on several machines: one works, the others wait to replace it. `serve` runs one unless
    SCHEDULER=off. In a database with pg_cron it is idle.
    """
    from app.commands.database import database
    from app.database import roles
    from app.database import scheduler as scheduler_module

    with database(settings, waits=True) as dsn:
        scheduler_module.run(roles.role_url(settings, dsn, roles.JOBS))


@cli.command()
@click.option("--once", is_flag=True, help="Stop when nothing is due, and print the outcomes of mails.")
@click.pass_obj
def work(settings: Settings, once: bool) -> None:
    """Do background work until stopped: mails, recaps, exports, destinations, issues, merges, billing and drills.

    Several may run, on several machines. `serve` runs one unless WORKER=off. Without MAIL_URL mails are stored in the
    database and not sent.
    """
    from app.commands.database import database
    from app.commands.progress import Progress
    from app.database import roles
    from app.worker import process

    progress = Progress()
    with database(settings, waits=not once) as dsn:
        counts = process.run(settings, roles.role_url(settings, dsn, roles.JOBS), once=once, progress=progress)
    progress.end()
    if once:
        click.echo(f"{counts['sent']} sent, {counts['stored']} stored, {counts['failed']} failed")
        if again := counts["later"] + counts["down"]:
            click.echo(f"{again} to try again")
        if counts["unknown"]:
            click.echo(f"{counts['unknown']} may have arrived and will not be sent again")
    if once and counts["down"]:
        raise FeelbackError(503, "The mail server is unavailable, or MAIL_URL is wrong.", hint="See the log.")


@cli.command("_web", hidden=True)
@click.option("--fd", type=int, required=True)
@click.option("--slot", type=int, required=True, help="Its number among the web processes, from 0.")
@click.pass_obj
def web_process_command(settings: Settings, fd: int, slot: int) -> None:
    """A web process, for the supervisor."""
    from app.server import supervisor, web_process

    supervisor.watch_parent()
    web_process.run_web(settings, fd, slot)


@cli.command("_scheduler", hidden=True)
@click.pass_obj
def scheduler_process(settings: Settings) -> None:
    """The scheduler, for the supervisor."""
    from app.database import roles
    from app.database import scheduler as scheduler_module
    from app.server import supervisor

    supervisor.watch_parent()
    scheduler_module.run(roles.role_url(settings, os.environ[supervisor.DSN], roles.JOBS))


@cli.command("_work", hidden=True)
@click.pass_obj
def worker_process(settings: Settings) -> None:
    """The worker, for the supervisor."""
    from app.database import roles
    from app.server import supervisor
    from app.worker import process

    supervisor.watch_parent()
    process.run(settings, roles.role_url(settings, os.environ[supervisor.DSN], roles.JOBS))


@cli.command("_wake", hidden=True)
@click.pass_obj
def waker(settings: Settings) -> None:
    """The waker of the worker machine, for the supervisor."""
    from app.database import roles
    from app.fly import waker as waker_module
    from app.server import supervisor

    supervisor.watch_parent()
    waker_module.run(settings, roles.role_url(settings, os.environ[supervisor.DSN], roles.JOBS))


def main() -> None:
    """Run the command line. Errors that the user can fix are printed as one line each, without a traceback."""
    try:
        cli(prog_name="feelback")
    except (ConfigError, FeelbackError) as error:
        sys.exit(print_error(error))


if __name__ == "__main__":
    main()
