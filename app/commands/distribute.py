"""`feelback distribute` and `feelback doctor`."""

import click

from app.config import Settings
from app.database import doctor as report
from app.database import migrate
from app.database.embedded import cluster
from app.errors import ConfigError


@click.command()
@click.option(
    "--experimental", "is_experimental", is_flag=True, help="Needed, because the server does not run on it yet."
)
@click.pass_obj
def distribute(settings: Settings, is_experimental: bool) -> None:
    """Distribute the accounts of this database over the nodes of its Citus cluster.

    It is for trying out: docs/scaling.md lists what does not run on Citus yet. DATABASE_URL is the coordinator's, as a
    superuser. Stop the servers first: the functions that they call are dropped and created again. Does nothing where
    everything is distributed, and goes on where it was cut off. The database is migrated, too.
    """
    if not is_experimental:
        raise ConfigError(
            "Parts of Feelback do not run on Citus yet: docs/scaling.md lists them. To try it in a database that nobody"
            " needs, add --experimental. It cannot be undone."
        )
    with cluster.use(settings) as dsn:
        applied = migrate.of_settings(settings, dsn, distribute=click.echo)
        click.echo("The accounts are distributed" if applied.recreated else "The accounts were distributed already")


@click.command()
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Show the nodes of a Citus cluster, what is on them, and the node of each account."""
    with cluster.use(settings) as dsn:
        for line in report.lines(dsn):
            click.echo(line)
