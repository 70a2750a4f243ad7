"""`feelback roles`."""

import click

from app.config import Settings
from app.database import roles as wall
from app.database.embedded import cluster


@click.command()
@click.pass_obj
def roles(settings: Settings) -> None:
    """Print the SQL that makes the database's roles, for an administrator where `migrate` may make none.

    Passwords are in it only salted and hashed. With a SECRET_KEY that has changed, run it again: it sets them anew.
    """
    with cluster.use(settings) as dsn:
        click.echo(wall.script(dsn, settings.secret_key))
