"""`feelback insights`: the connection for Metabase or other SQL tools to the views of schema insights."""

from urllib.parse import unquote, urlsplit

import click

from app.config import Settings
from app.database import roles
from app.database.embedded import cluster


@click.command()
@click.pass_obj
def insights(settings: Settings) -> None:
    """Print the connection for SQL tools to the views of schema insights, which docs/insights.md describes.

    Its role may read only those views. Its password derives from SECRET_KEY.
    """
    with cluster.use(settings) as dsn:
        url = roles.role_url(settings, dsn, roles.INSIGHTS)
    parts = urlsplit(url)
    click.echo(url)
    if settings.database_url:
        click.echo(f"  host      {parts.netloc.rpartition('@')[2]}")
        click.echo(f"  database  {parts.path.lstrip('/')}")
        click.echo(f"  user      {parts.username}")
        click.echo(f"  password  {unquote(parts.password or '')}")
        click.echo("  schema    insights")
