"""`feelback roles`."""

from contextlib import closing

import click
import psycopg

from app import cluster
from app import roles as wall
from app.config import Settings


@click.command()
@click.pass_obj
def roles(settings: Settings) -> None:
    """Print the SQL that makes the database's roles, for an administrator where `migrate` may make none.

    Passwords are in it only salted and hashed. With a SECRET_KEY that has changed, run it again: it sets them anew.
    """
    with cluster.use(settings) as dsn, closing(psycopg.connect(dsn, autocommit=True)) as connection:
        for statement in wall.statements(connection, settings.secret_key):
            click.echo(statement.as_string(connection) + ";")
