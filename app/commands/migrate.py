"""`feelback migrate`."""

import click

from app.config import Settings
from app.database import migrate as migrations
from app.database import roll_back
from app.database.embedded import cluster


@click.command()
@click.option("--secret-key-lost", "is_key_lost", is_flag=True, help="Go on without the SECRET_KEY of this database.")
@click.option("--to", metavar="NUMBER", help="Roll back the migrations after this one, such as 0080.")
@click.pass_obj
def migrate(settings: Settings, is_key_lost: bool, to: str | None) -> None:
    """Bring the database to this version's schema, and to a new SECRET_KEY, while the version before goes on serving.

    Does nothing if it has both already. Several machines may run it at once: one migrates, the others wait. Behind a
    connection pooler, DATABASE_URL must be the address of the database itself.

    With --to it removes this version's functions and the migrations after NUMBER, with the data in them. Stop this
    version's processes first. docs/rolling-back.md says when that is needed: mostly it is not.
    """
    with cluster.use(settings) as dsn:
        if to is not None:
            for name in roll_back.roll_back(dsn, to, prefix=settings.database_role_prefix):
                click.echo(f"{name} rolled back")
            return
        applied = migrations.of_settings(settings, dsn, is_key_lost=is_key_lost)
    click.echo(
        f"{applied.migrations} migrations applied, functions {'recreated' if applied.recreated else 'unchanged'}"
    )
    if applied.has_new_key:
        click.echo(
            "SECRET_KEY is a new one: passwords of roles set, secrets encrypted again. Restart every server now."
        )
