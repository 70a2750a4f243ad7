"""`feelback roles`."""

import click

from app.config import Settings
from app.database import role_creation
from app.database.embedded import cluster


@click.command()
@click.pass_obj
def roles(settings: Settings) -> None:
    """Print the SQL that creates the database's roles, for an administrator to run if `migrate` may not.

    Passwords are in it only salted and hashed. They derive from SECRET_KEY: if that changes, run the SQL again.
    """
    with cluster.use(settings) as dsn:
        click.echo(role_creation.script(dsn, settings.secret_key, settings.database_role_prefix))
