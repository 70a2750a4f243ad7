"""Open every page of the public site and build it, so that all its templates are rendered."""

import tempfile
from pathlib import Path

from quart import Quart

from app.site import build, pages
from app.site.routes import load_extras
from tests.support.browser import Browser


async def every_page(app: Quart) -> None:
    """Open all pages without signing in, then build the files."""
    async with app.app_context():
        extras = await load_extras(docs_widget="", has_plans=True)
    nobody = Browser(app)
    for path in (*pages.paths(extras), "docs/search?q=origin", "changelog.xml"):
        assert (await nobody.get(f"/{path}")).status_code == 200, path
    with tempfile.TemporaryDirectory() as folder:
        build.write(app.jinja_env, Path(folder), extras, "https://feelback.example", "https://docs.example")
