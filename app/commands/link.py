"""`feelback link`."""

import secrets
from hashlib import sha256

import click

from app.commands.database import in_database
from app.config import Settings
from app.queries import sign_in


@click.command()
@click.argument("email")
@click.option("--create", is_flag=True, help="Sign the person up first, whatever SIGNUP says.")
@click.option(
    "--delete-totp", is_flag=True, help="Turn off two-factor authentication, for who has lost app and recovery codes."
)
@click.pass_obj
def link(settings: Settings, email: str, create: bool, delete_totp: bool) -> None:
    """Print a link that signs in the person with an email address. It works once, without a mail server."""
    token = secrets.token_urlsafe(32)
    digest = sha256(token.encode()).digest()
    until = in_database(settings, lambda pool: sign_in.issue_magic_link(pool, email, digest, create, delete_totp))
    click.echo(f"{settings.base_url}/links/{token}")
    click.echo(f"The link works once, until {until:%H:%M} UTC.", err=True)
