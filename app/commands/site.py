"""`feelback site`: the public site as files."""

from pathlib import Path

import click

from app.commands.database import in_database
from app.config import Settings
from app.database import db
from app.errors import FeelbackError


@click.group()
def site() -> None:
    """The public site: home, documentation, changelog."""


@site.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--url", default="", help="The URL of the files, such as https://docs.example.com. Default: BASE_URL.")
@click.pass_obj
def build(settings: Settings, out: Path, url: str) -> None:
    """Write the site as files into the folder OUT, for any static host.

    Links between pages are relative. Widgets and forms send to BASE_URL, where the project must allow the origin of
    the site. OUT must be empty, or hold an earlier build, which is overwritten.
    """
    from app.http.context import services
    from app.server.quart_app import create_app
    from app.site import build as files
    from app.site.pages import Extras
    from app.site.routes import load_extras

    if out.exists() and any(out.iterdir()) and not (out / "docs/search.json").is_file():
        raise FeelbackError(409, f"{out} is not empty, and not an earlier build.", hint="Use an empty or a new folder.")
    app = create_app(settings)

    async def public_pages(pool: db.Pool) -> Extras:
        services(app).pool = pool
        async with app.app_context():
            return await load_extras(docs_widget=settings.docs_widget, has_plans=bool(settings.stripe_secret_key))

    pages = in_database(settings, public_pages)
    home_url = (url or settings.base_url).rstrip("/")
    count = files.write(app.jinja_env, out, pages, settings.base_url, home_url, settings.source_url)
    click.echo(f"{count} files in {out}; serve them at {home_url}")
