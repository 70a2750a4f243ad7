"""`feelback link`."""

import secrets
from hashlib import sha256

import click

from app.commands.database import in_database
from app.config import Settings
from app.queries import sign_in


@click.command()
@click.argument("email")
@click.option("--create", is_flag=True, help="Sign them up first, whatever SIGNUP says.")
@click.option(
    "--forget-totp", is_flag=True, help="Ask them for no codes any more: their app and recovery codes are lost."
)
@click.pass_obj
def link(settings: Settings, email: str, create: bool, delete_totp: bool) -> None:
    """Print a link that signs in whoever has that address: no mail server is needed. It works once."""
    token = secrets.token_urlsafe(32)
    digest = sha256(token.encode()).digest()
    until = in_database(settings, lambda pool: sign_in.issue_magic_link(pool, email, digest, create, delete_totp))
    click.echo(f"{settings.base_url}/links/{token}")
    click.echo(f"It works once, until {until:%H:%M} UTC.", err=True)
