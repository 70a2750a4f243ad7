"""`feelback insights`: how Metabase or any SQL tool connects to the views of schema insights."""

from urllib.parse import unquote, urlsplit

import click

from app.config import Settings
from app.database import roles
from app.database.embedded import cluster


@click.command()
@click.pass_obj
def insights(settings: Settings) -> None:
    """Print how a SQL tool connects to the views of schema insights; docs/insights.md says what they tell.

    The role may read those views and nothing else. Its password is made of SECRET_KEY.
    """
    with cluster.use(settings) as dsn:
        url = roles.url(dsn, roles.INSIGHTS, settings.secret_key)
    parts = urlsplit(url)
    click.echo(url)
    if settings.database_url:
        click.echo(f"  host      {parts.netloc.rpartition('@')[2]}")
        click.echo(f"  database  {parts.path.lstrip('/')}")
        click.echo(f"  user      {parts.username}")
        click.echo(f"  password  {unquote(parts.password or '')}")
        click.echo("  schema    insights")
