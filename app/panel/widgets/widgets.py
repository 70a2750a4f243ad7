"""The content sets of a project; and one, what it was told, content by content."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.panel.shared import auth, read
from app.queries import discards, projects, widget_settings, widgets
from app.queries.widgets import ContentSet, SetContent

blueprint = Blueprint("sets", __name__, url_prefix="/projects/<slug:slug>/sets")
auth.require_actor(blueprint)
PAGE = 25
MOST_PAGES = 4000


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a set's contents, and where the pages beside it are."""

    content_set: ContentSet
    contents: list[SetContent]
    search: str
    page: int

    @property
    def found(self) -> int:
        """How many contents the search found."""
        return self.contents[0].found if self.contents else 0

    @property
    def pages(self) -> int:
        """How many pages they fill."""
        return max(1, -(-self.found // PAGE))

    @property
    def clear_url(self) -> str:
        """The address of the set's page, without a search."""
        return f"/projects/{self.content_set.project_slug}/sets/{self.content_set.id}"

    def url(self, page: int, *, fragment: bool = False) -> str:
        """The address of another page of the same search, or of its fragment."""
        query = urlencode([("q", self.search)] * bool(self.search) + [("page", page)] * (page > 1))
        return self.clear_url + "/contents" * fragment + (f"?{query}" if query else "")


@blueprint.get("")
async def get_sets(slug: str) -> str:
    """The list of sets."""
    project = await projects.project(auth.acting(), auth.actor().account_id, slug)
    found = await widget_settings.set_settings(auth.acting(), auth.actor().account_id, project.id)
    going = await discards.deletions(auth.acting(), auth.actor().account_id, project.id)
    return await render_template(
        "widgets/list.html", section="Sets", project=project, sets=found, going={each.id: each for each in going}
    )


@blueprint.get("/<uuid:id>")
async def get_set(slug: str, id: UUID) -> str:
    """A set's page."""
    project = await projects.project(auth.acting(), auth.actor().account_id, slug)
    return await render_template("widgets/page.html", section="Sets", project=project, listing=await _listing(slug, id))


@blueprint.get("/<uuid:id>/contents")
async def get_contents(slug: str, id: UUID) -> Response:
    """The list of a set's contents by itself; the browser shows the address of the whole page."""
    listing = await _listing(slug, id)
    headers = {"HX-Replace-Url": listing.url(listing.page)}
    return Response(await render_template("widgets/_contents.html", listing=listing), 200, headers)


async def _listing(slug: str, id: UUID) -> Listing:
    content_set = await widgets.content_set(auth.acting(), auth.actor().account_id, slug, id)
    search, page = read.text(request.args, "q", 200), read.number(request.args, "page", 1, 1, MOST_PAGES)
    offset = (page - 1) * PAGE
    contents = await widgets.set_contents(auth.acting(), auth.actor().account_id, id, search, PAGE, offset)
    return Listing(content_set, contents, search, page)
