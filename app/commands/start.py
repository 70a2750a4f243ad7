"""What `feelback run` and `feelback serve` do to the database before they start, and the text that they print then."""

import asyncio
import logging

import click

from app.commands import claim, demo
from app.commands.database import prepare, with_pool
from app.config import Settings
from app.database import migrate
from app.database.embedded import postgres
from app.errors import FeelbackError

log = logging.getLogger("app")


def prepare_run(settings: Settings, dsn: str, is_new: bool) -> str:
    """Migrate the database and load the demo; returns what is printed when all is ready."""
    url = settings.base_url
    if not migrate.is_current(dsn, prefix=settings.database_role_prefix):
        click.echo("Migrating the database to this version's schema")
    migrate.of_settings(settings, dsn)
    start = claim.lines(settings, dsn)
    addresses = [f"  Panel      {url}/sign-in"]
    if demo.is_wanted(settings):
        if is_new:
            click.echo("Loading the demo")
        try:
            sign_in = asyncio.run(with_pool(dsn, lambda pool: demo.load(pool, settings)))
        except FeelbackError as error:
            log.warning("The demo is not loaded: %s", error.message)
        else:
            addresses[-1] += f"  (demo: {demo.sign_in_text(settings, *sign_in)})"
            addresses.append(f"  Demo page  {url}/demo")
    addresses.append(f"  API        {url}/v1/openapi.json")
    if not settings.database_url:
        addresses.append(f"  Database   {postgres.home(settings.feelback_data)}")
    return "\n".join(["", "Feelback is running; Ctrl-C stops it.", *addresses, "", *start, f"ready {url}"])


def prepare_serve(settings: Settings, dsn: str) -> str:
    """Wait for the database and check its schema, or migrate the embedded one; returns what is printed then."""
    prepare(settings, dsn, waits=True)
    return "\n".join([*claim.lines(settings, dsn), f"ready {settings.base_url}"])
