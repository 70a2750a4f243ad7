"""The site as files for any static host: links between pages are relative, widgets call the server."""

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment

from app.config import ROOT
from app.http.stylesheets import static_file
from app.site import pages, search
from app.site.pages import Extras
from app.site.places import Place, file_name

FILES = ("logo.svg", "css/app.css", "css/site.css", "copy.js", "vendor/minisearch-7.2.0.min.js")


def write(env: Environment, out: Path, extras: Extras, base_url: str, home_url: str, source_url: str = "") -> int:
    """Write the site into the folder `out` and return the number of files.

    `env` needs the panel's filters. `base_url` is the server's address, `home_url` the site's, `source_url` that of the
    sources, or empty.
    """

    def place(path: str) -> Place:
        return Place(path, base_url, home_url, lambda name: f"static/{name}", True, source_url)

    texts: dict[str, str] = {}
    for path in filter(place("").has, [*pages.paths(extras), "docs/search"]):
        texts[file_name(path)] = _page(env, place(path), extras)
    _, context = pages.page(place("changelog"), extras) or ("", {})
    texts["changelog.xml"] = env.get_template("site/changelog.xml").render(**_whole(context))
    texts["404.html"] = env.get_template("site/missing.html").render(
        **_whole({"place": place("404"), "extras": extras})
    )
    texts["sitemap.xml"] = pages.sitemap(place("sitemap.xml"), extras)
    texts["robots.txt"] = pages.robots(place("robots.txt"))
    texts["docs/search.json"] = search.index_json(place("docs/search.json"))
    for name, text in texts.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text)
    return len(texts) + _copy(out)


def _page(env: Environment, place: Place, extras: Extras) -> str:
    page = pages.page(place, extras)
    assert page is not None  # pages.paths() yields only pages that exist
    template, context = page
    return re.sub(r"\n\s*\n+", "\n", env.get_template(template).render(**_whole(context)))


def _whole(context: dict[str, Any]) -> dict[str, Any]:
    return {"actor": None, **context}


def _copy(out: Path) -> int:
    own = [path for path in (ROOT / "static/site").rglob("*") if path.is_file()]
    names = [*FILES, *(str(path.relative_to(ROOT / "static")) for path in own)]
    for name in names:
        (out / "static" / name).parent.mkdir(parents=True, exist_ok=True)
        (out / "static" / name).write_bytes(static_file(name))
    return len(names)
