"""The pages of the site: paths, templates and contexts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app import __version__
from app.queries.billing import Plan
from app.queries.widgets import DemoWidget
from app.site import api, changelog, docs, markdown
from app.site.places import Place

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Extras:
    """What the installation adds: the id of the "Was this helpful?" widget, live demo widgets, plans."""

    helpful: str = ""
    widgets: list[DemoWidget] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)

    def widget(self, type: str) -> DemoWidget | None:
        """Return the live widget of a type, or None."""
        return next((each for each in self.widgets if each.type == type), None)


def paths(extras: Extras) -> Iterator[str]:
    """Yield the path of every page for people, for the sitemap and the static build."""
    yield from ("", "docs", "playground", "changelog", "privacy")
    if extras.plans:
        yield "pricing"
    yield from (f"docs/{name}" for name in docs.pages())
    yield from ("docs/api", "docs/api/objects", *(f"docs/api/{tag.name}" for tag in api.tags()))


def page(place: Place, extras: Extras) -> tuple[str, Context] | None:
    """Return a page's template and context, or None if the path has no page."""
    path = place.path
    common: Context = {"place": place, "extras": extras, "groups": docs.navigation(), "tags": api.tags()}
    if path in ("", "privacy", "playground", "docs", "docs/search") or (path == "pricing" and extras.plans):
        names = {"": "home", "docs": "docs", "docs/search": "search"}
        return f"site/{names.get(path, path)}.html", common | {"version": __version__, "query": "", "results": None}
    if path == "changelog":
        entries = [(each, markdown.html(each.text, place)) for each in changelog.entries()]
        return "site/changelog.html", common | {
            "entries": entries,
            "releases": [each for each in entries if each[0].day],
        }
    if path == "docs/api":
        return "site/api.html", common | {"description": api.description()}
    if path == "docs/api/objects":
        return "site/api_objects.html", common | {"objects": api.objects()}
    if path.startswith("docs/api/"):
        tag = next((each for each in api.tags() if each.name == path.removeprefix("docs/api/")), None)
        return ("site/api_tag.html", common | {"tag": tag}) if tag else None
    return _document(place, common)


def _document(place: Place, common: Context) -> tuple[str, Context] | None:
    document = docs.pages().get(place.path.removeprefix("docs/")) if place.path.startswith("docs/") else None
    if document is None:
        return None
    before, after = docs.around(document.name)
    headings = [each for each in markdown.sections(document.text) if each.level == 2]
    body = markdown.html(document.text, place)
    return "site/document.html", common | {
        "document": document, "body": body, "headings": headings, "before": before, "after": after,
    }  # fmt: skip


def sitemap(place: Place, extras: Extras) -> str:
    """sitemap.xml."""
    urls = "".join(f"<url><loc>{place.absolute(path)}</loc></url>\n" for path in paths(extras) if place.has(path))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    )


def robots(place: Place) -> str:
    """robots.txt: crawlers may read the site, not the panel or the API."""
    closed = ("account", "members", "me", "installation", "links", "invitations", "v0", "v1")
    rules = "".join(f"Disallow: /{path}\n" for path in closed) if not place.is_file else "Disallow:\n"
    return f"User-agent: *\n{rules}Sitemap: {place.absolute('sitemap.xml')}\n"
