"""Loads the demo, for `feelback run` and `feelback demo`."""

import json
import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from app.commands.database import in_database
from app.config import Settings, stored_secret
from app.database import db
from app.errors import ConfigError
from app.server.hosts import is_loopback

if TYPE_CHECKING:
    from app.site.demo_project import Demo

PASSWORD_FILE, PASSWORD_CHARS = "demo_password", 10


def is_wanted(settings: Settings) -> bool:
    """Whether `feelback run` loads the demo: on the embedded database, by default for this machine's users only."""
    if settings.database_url:
        return False
    return settings.demo == "on" or (settings.demo == "loopback" and is_loopback(settings.host))


async def load(pool: db.Pool, settings: Settings) -> "tuple[Demo, bool]":
    """Load the demo unless it is loaded; also returns whether its password is new.

    Raises:
        FeelbackError: it cannot be loaded.
    """
    from app.site import demo_project  # loads the panel, which the other commands do without

    is_new = not (settings.feelback_data / PASSWORD_FILE).exists()
    try:
        password = stored_secret(settings.feelback_data, PASSWORD_FILE, least_chars=PASSWORD_CHARS)
    except ConfigError:  # a container whose files are read-only: each call sets a new one
        password = secrets.token_urlsafe(PASSWORD_CHARS)
    loaded = await demo_project.load(pool, password)
    has_changed = await demo_project.restore_password(pool, password)
    return loaded, is_new or has_changed


def sign_in_text(settings: Settings, loaded: "Demo", is_new: bool) -> str:
    """How to sign in to the demo. The password is printed once; then where it is."""
    secret = loaded.password if is_new else f"the password in {settings.feelback_data / PASSWORD_FILE}"
    return f"as {loaded.email} with {secret}"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.pass_obj
def demo(settings: Settings, as_json: bool) -> None:
    """Load the demo: an account to sign in with, and a project with a widget of every type.

    Its password is printed once and kept in the data folder. If the demo is loaded already, nothing changes.
    """
    loaded, is_new = in_database(settings, lambda pool: load(pool, settings))
    if as_json:
        click.echo(json.dumps(asdict(loaded), default=str))
        return
    click.echo(f"Sign in at {settings.base_url}/sign-in {sign_in_text(settings, loaded, is_new)}")
    for kind, widget in loaded.widgets.items():
        click.echo(f"  {kind:<10} {widget}")
