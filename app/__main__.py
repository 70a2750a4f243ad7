"""The command line: parses, calls, prints."""

import asyncio
import contextlib
import json
import os
import secrets
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from hashlib import sha256
from typing import TypeVar

import click

from app import __version__, cluster, config, creation, db, logs, migrate, roles, upkeep
from app.commands import backups
from app.config import Settings
from app.errors import ConfigError, FeelbackError
from app.queries import jobs as queries_jobs
from app.queries import sign_in

T = TypeVar("T")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="feelback")
@click.pass_context
def cli(context: click.Context) -> None:
    """Feelback: likes, votes, ratings, reactions, messages and forms for any page, counted in Postgres.

    Settings come from the environment or from `.env`; `.env.example` explains each. Without DATABASE_URL every command
    uses the Postgres that Feelback runs for itself: one that runs already, or one of its own for as long as it takes.
    """
    if context.invoked_subcommand and "--help" not in sys.argv and "-h" not in sys.argv:
        context.obj = config.load()
        logs.set_up(context.obj.log_level)


@cli.command()
@click.pass_obj
def run(settings: Settings) -> None:
    """Bring everything up: database, schema, demo, web, scheduler, mail worker.

    For a first look and for development; `make run` calls it. The last line it prints is `ready <address>`. Ctrl-C
    stops everything, the database too.
    """
    from app import demo, supervisor

    with supervisor.listen(settings) as listener, cluster.use(settings) as dsn:
        migrate.apply(dsn, secret=settings.secret_key)
        shown = asyncio.run(_with_pool(dsn, demo.load))
        url = settings.base_url

        def on_ready() -> None:
            click.echo(
                f"\nFeelback is running; Ctrl-C stops it.\n\n"
                f"  Panel      {url}/  (sign in as {shown.email} with {shown.password})\n"
                f"  Demo page  {url}/demo\n"
                f"  API        {url}/v1/  (described in {url}/v1/openapi.json)\n\n"
                f"ready {url}"
            )

        supervisor.serve(settings, dsn, listener, on_ready)


@cli.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Answer requests: web workers, the scheduler unless SCHEDULER=off, a mail worker unless WORKER=off.

    The schema must be this version's: with a database of your own run `feelback migrate` first. The embedded one is
    migrated here.
    """
    from app import supervisor

    with supervisor.listen(settings) as listener, _database(settings) as dsn:
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
    click.echo(f"{applied.migrations} migrations applied, functions {'restated' if applied.restated else 'unchanged'}")


@cli.command()
@click.pass_obj
def scheduler(settings: Settings) -> None:
    """Run the scheduled jobs, where pg_cron does not.

    Several may run, on several machines: one works, the others wait to take over. `serve` runs one already unless
    SCHEDULER=off. In a database with pg_cron it stays idle.
    """
    from app import scheduler as stand_in

    with _database(settings) as dsn:
        stand_in.run(roles.url(dsn, roles.JOBS, settings.secret_key))


@cli.command()
@click.option("--once", is_flag=True, help="Stop when nothing is due, and say what became of the mails.")
@click.pass_obj
def work(settings: Settings, once: bool) -> None:
    """Send the mails that wait, until stopped.

    Several may run, on several machines: each mail is sent by one. `serve` runs one already unless WORKER=off. Without
    MAIL_URL mails are kept in the database and nothing is sent.
    """
    from app import outbox

    with _database(settings) as dsn:
        told = outbox.run(settings, roles.url(dsn, roles.JOBS, settings.secret_key), once=once)
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
    """Load the demo, once: an account to sign in with, and a project with a content set of every type.

    Called again it changes nothing and prints the same.
    """
    from app import demo as demo_module

    shown = in_database(settings, demo_module.load)
    if as_json:
        click.echo(json.dumps(asdict(shown), default=str))
        return
    click.echo(f"Sign in at {settings.base_url}/ as {shown.email} with {shown.password}")
    for kind, content_set in shown.sets.items():
        click.echo(f"  {kind:<10} {content_set}")


@cli.group(invoke_without_command=True)
@click.pass_context
def jobs(context: click.Context) -> None:
    """Show how each scheduled job does: when it ran, for how long, and whether it is overdue. Times are UTC."""
    if context.invoked_subcommand is None:
        upkeep.show_jobs(in_database(context.obj, queries_jobs.job_health))


@jobs.command("run")
@click.argument("name")
@click.pass_obj
def jobs_run(settings: Settings, name: str) -> None:
    """Run one job now, whatever its schedule; the run is noted with the others."""
    with _database(settings) as dsn:
        click.echo(f"{name}: done in {upkeep.run_job(dsn, name):.2f} s")


@cli.command()
@click.pass_obj
def reconcile(settings: Settings) -> None:
    """Hold every count against the rows it stands for, now; what differs is put right, recorded and told.

    Exits with 1 where something differed.
    """
    with _database(settings) as dsn:
        found = upkeep.reconcile(dsn)
    for what, looked_at, differed in found:
        click.echo(f"{what:<14} {looked_at:>12,} looked at  {differed:>8,} differed")
    if any(differed for _, _, differed in found):
        sys.exit(1)


@cli.command()
@click.argument("email")
@click.option("--create", is_flag=True, help="Sign them up first, whatever SIGNUP says.")
@click.option(
    "--forget-totp", is_flag=True, help="Ask them for no codes any more: their app and recovery codes are lost."
)
@click.pass_obj
def link(settings: Settings, email: str, create: bool, forget_totp: bool) -> None:
    """Print a link that signs in whoever has that address: no mail server is needed. It works once."""
    token = secrets.token_urlsafe(32)
    digest = sha256(token.encode()).digest()
    until = in_database(settings, lambda pool: sign_in.issue_magic_link(pool, email, digest, create, forget_totp))
    click.echo(f"{settings.base_url}/links/{token}")
    click.echo(f"It works once, until {until:%H:%M} UTC.", err=True)


@cli.group()
def project() -> None:
    """Projects: a website or app, and who may send to it."""


@project.command("create")
@click.argument("name", required=False)
@click.option("--name", "named", help="The same as NAME.")
@click.option("--slug", help="Its name in addresses: a-z, 0-9 and -. By default made of the name.")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    help="A site that may send: https://example.com, https://*.example.com, or * for every site. May be given again.",
)
@click.option("--time-zone", default="UTC", show_default=True, help="Decides its days: Europe/Rome, America/New_York.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.pass_obj
def project_create(
    settings: Settings,
    name: str | None,
    named: str | None,
    slug: str | None,
    origins: tuple[str, ...],
    time_zone: str,
    as_json: bool,
) -> None:
    """Make a project in the installation's first account.

    Without --origin no page may send yet; a server may, with an API key.
    """
    if not (name or named):
        raise click.UsageError("Say how the project is called: feelback project create 'My blog'")
    called = name or named or ""
    creation.show(
        in_database(settings, lambda pool: creation.create_project(pool, called, slug, list(origins), time_zone)),
        as_json,
    )


@cli.group("set")
def content_set() -> None:
    """Content sets: the contents of one kind, with their type and options."""


@content_set.command("create")
@click.option("--project", "slug", required=True, help="The project's slug.")
@click.option("--name", required=True, help="What the set is called in the panel.")
@click.option("--type", "kind", required=True, type=click.Choice(creation.TYPES), help="What a visitor sends.")
@click.option(
    "--options",
    help="A preset (github, feeling, facebook, evaluation, stars, like-dislike, pulse-heart, feedback, …), "
    "a range (1..10), values with weights (good=1,meh=0,bad=-1), or JSON [{value, label, icon, weight}].",
)
@click.option(
    "--policy",
    default="visitor",
    show_default=True,
    type=click.Choice(["visitor", "address", "open"]),
    help="Who counts once: a visitor (by token, else address and browser), an address, or nobody: each signal counts.",
)
@click.option(
    "--window",
    default="1h",
    show_default=True,
    type=creation.Window(),
    help="How long a signal may be edited or removed: never, forever, 30m, 1h, 7d.",
)
@click.option(
    "--fields", help='A form\'s fields as JSON: [{"name", "kind", "label", "required", "min", "max", "choices"}].'
)
@click.option("--open-form", is_flag=True, help="Let the form take fields that it does not declare.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.pass_obj
def set_create(
    settings: Settings,
    slug: str,
    name: str,
    kind: str,
    options: str | None,
    policy: str,
    window: timedelta | None,
    fields: str | None,
    open_form: bool,
    as_json: bool,
) -> None:
    """Make a content set in a project; its id is what a page's widget names."""
    made = in_database(
        settings,
        lambda pool: creation.create_set(pool, slug, name, kind, options, policy, window, fields, open_form),
    )
    creation.show(made, as_json)


@cli.group()
def key() -> None:
    """API keys: for calls from a server instead of a page."""


@key.command("create")
@click.option("--project", "slug", required=True, help="The project's slug.")
@click.option("--kind", required=True, type=click.Choice(["read", "write"]), help="What it may do.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.pass_obj
def key_create(settings: Settings, slug: str, kind: str, as_json: bool) -> None:
    """Make an API key of a project. It is shown once: keep it where your server keeps its secrets."""
    creation.show(in_database(settings, lambda pool: creation.create_key(pool, slug, kind)), as_json)


@cli.command("_web", hidden=True)
@click.option("--fd", type=int, required=True)
@click.pass_obj
def web_worker(settings: Settings, fd: int) -> None:
    """One web worker, for the supervisor."""
    from app import supervisor, worker

    supervisor.watch_parent()
    worker.run_web(settings, fd)


@cli.command("_scheduler", hidden=True)
@click.pass_obj
def scheduler_worker(settings: Settings) -> None:
    """The scheduler, for the supervisor."""
    from app import scheduler as stand_in
    from app import supervisor

    supervisor.watch_parent()
    stand_in.run(roles.url(os.environ[supervisor.DSN], roles.JOBS, settings.secret_key))


@cli.command("_work", hidden=True)
@click.pass_obj
def mail_worker(settings: Settings) -> None:
    """The mail worker, for the supervisor."""
    from app import outbox, supervisor

    supervisor.watch_parent()
    outbox.run(settings, roles.url(os.environ[supervisor.DSN], roles.JOBS, settings.secret_key))


cli.add_command(backups.backup)
cli.add_command(backups.restore)


def in_database(settings: Settings, action: Callable[[db.Pool], Awaitable[T]]) -> T:
    """What `action` returns, given a pool on the database at this version's schema."""
    with _database(settings) as dsn:
        return asyncio.run(_with_pool(dsn, action))


@contextlib.contextmanager
def _database(settings: Settings) -> Iterator[str]:
    with cluster.use(settings) as dsn:
        if not settings.database_url:
            migrate.apply(dsn, secret=settings.secret_key)
        elif not migrate.is_current(dsn):
            raise ConfigError("DATABASE_URL: the database is not at this version's schema: run `feelback migrate`.")
        yield dsn


async def _with_pool(dsn: str, action: Callable[[db.Pool], Awaitable[T]]) -> T:
    pool = await db.connect(dsn)
    try:
        return await action(pool)
    finally:
        await pool.close()


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
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
