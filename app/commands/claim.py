"""`feelback claim` and `feelback operator`."""

import asyncio

import click

from app.commands.database import in_database, with_pool
from app.config import Settings, claim_link
from app.errors import FeelbackError
from app.queries import claim as queries


def lines(settings: Settings, dsn: str) -> list[str]:
    """The lines that say where to start, if nobody has claimed it. A token of the environment is not printed."""
    if not asyncio.run(with_pool(dsn, queries.is_fresh)):
        return []
    if settings.claim_token:
        return ["Start here, with CLAIM_TOKEN, to make this installation yours:", f"  {settings.base_url}/claim"]
    return ["Start here, to make this installation yours:", f"  {claim_link.url(settings)}"]


@click.command()
@click.pass_obj
def claim(settings: Settings) -> None:
    """Print the link that claims the installation, until somebody has claimed it.

    Whoever opens it signs up as the operator, who sees all accounts, jobs and stored mails.
    """
    if not in_database(settings, queries.is_fresh):
        raise FeelbackError(
            409,
            "This installation has been claimed already.",
            hint="`feelback link EMAIL` prints a link to sign in with.",
        )
    click.echo(claim_link.url(settings))
    click.echo("The link works once.", err=True)


@click.command()
@click.argument("email", required=False)
@click.option("--remove", is_flag=True, help="End it: the person no longer operates the installation.")
@click.pass_obj
def operator(settings: Settings, email: str | None, remove: bool) -> None:
    """Make the person with an email address an operator of the installation. Without one: list the operators.

    Operators see all accounts, jobs and stored mails. The person must have signed up.
    """
    if email:
        in_database(settings, lambda pool: queries.update_operator(pool, email, not remove))
    for each in in_database(settings, queries.operators):
        click.echo(each)
