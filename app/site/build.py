"""The site as files for any static host: links between pages are relative, widgets call the server."""

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment

from app.config import ROOT
from app.http.stylesheets import static_file
from app.site import pages
from app.site.pages import Extras
from app.site.places import Place, file_name

FILES = ("logo.svg", "css/app.css", "css/site.css")


def write(env: Environment, out: Path, extras: Extras, base_url: str, home_url: str) -> int:
    """Write the site into the folder `out` and return the number of files.

    `env` needs the panel's filters. `base_url` is the server's address, `home_url` the site's.
    """
    texts: dict[str, str] = {}
    for path in [*pages.paths(extras), "docs/search"]:
        texts[file_name(path)] = _page(env, _place(path, base_url, home_url), extras)
    _, context = pages.page(_place("changelog", base_url, home_url), extras) or ("", {})
    texts["changelog.xml"] = env.get_template("site/changelog.xml").render(**_whole(context))
    texts["404.html"] = env.get_template("site/missing.html").render(
        **_whole({"place": _place("404", base_url, home_url), "extras": extras})
    )
    texts["sitemap.xml"] = pages.sitemap(_place("sitemap.xml", base_url, home_url), extras)
    texts["robots.txt"] = pages.robots(_place("robots.txt", base_url, home_url))
    texts["docs/search.json"] = pages.search_index(_place("docs/search.json", base_url, home_url))
    for name, text in texts.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text)
    return len(texts) + _copy(out)


def _place(path: str, base_url: str, home_url: str) -> Place:
    return Place(path, base_url, home_url, lambda name: f"static/{name}", is_file=True)


def _page(env: Environment, place: Place, extras: Extras) -> str:
    page = pages.page(place, extras)
    assert page is not None  # pages.paths() yields only pages that exist
    template, context = page
    return re.sub(r"\n\s*\n+", "\n", env.get_template(template).render(**_whole(context)))


def _whole(context: dict[str, Any]) -> dict[str, Any]:
    return {"actor": None, **context}


def _copy(out: Path) -> int:
    names = [*FILES, *(f"site/{path.name}" for path in (ROOT / "static/site").iterdir())]
    for name in names:
        (out / "static" / name).parent.mkdir(parents=True, exist_ok=True)
        (out / "static" / name).write_bytes(static_file(name))
    return len(names)
