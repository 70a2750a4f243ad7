"""The public site: home, pricing, documentation and search, changelog and privacy."""

import asyncio
from datetime import UTC, datetime, timedelta

from quart import Blueprint, Response, g, render_template, request

from app.billing import money
from app.errors import FeelbackError
from app.http.context import pool, settings
from app.http.headers import static_url
from app.http.redirects import see_other
from app.panel.projects import projects
from app.panel.shared import auth
from app.panel.widgets import gallery
from app.queries import billing, demo, presets, widgets
from app.site import code, pages, playground, search, snippet, themes
from app.site import demo_project as demo_data
from app.site.pages import Extras
from app.site.places import Place
from app.text import languages

blueprint = Blueprint("site", __name__)
blueprint.add_app_template_filter(money.money, "money")
blueprint.add_app_template_filter(code.block, "code_block")


@blueprint.get("/")
async def get_home() -> Response | str:
    """Redirect a signed-in person to their projects; show everybody else the home page."""
    g.actor = await auth.find_actor()
    if g.actor is not None:
        to = await projects.landing_url(g.actor) if g.actor.account_id else "/accounts/new"
        return see_other(to)
    return await _page("")


@blueprint.get("/pricing")
async def get_pricing() -> str:
    """Show the plans, where the installation sells them."""
    return await _page("pricing")


@blueprint.get("/privacy")
async def get_privacy() -> str:
    return await _page("privacy")


@blueprint.get("/playground")
async def get_playground() -> str:
    """Show a widget as its query string says, with the code for it."""
    template, context = _find_page("playground", await extras())
    goals = gallery.goals(await presets.presets(pool()))
    draft = playground.read_draft(request.args, goals)
    return await render_template(
        template, **context, draft=draft, goals=goals, snippet=snippet.Snippet(draft, settings().base_url),
        choices=playground, themes=themes, language_names=languages.NAMES,
    )  # fmt: skip


@blueprint.get("/changelog")
async def get_changelog() -> str:
    return await _page("changelog")


@blueprint.get("/docs")
async def get_docs() -> str:
    return await _page("docs")


@blueprint.get("/docs/search")
async def get_search() -> str:
    """Search the documentation."""
    query = request.args.get("q", "").strip()[:200]
    template, context = _find_page("docs/search", Extras())
    results = await asyncio.to_thread(search.search, query)
    return await render_template(template, **{**context, "query": query, "results": results})


@blueprint.get("/docs/<page>")
async def get_document(page: str) -> str:
    return await _page(f"docs/{page}")


@blueprint.get("/docs/api/<part>")
async def get_api(part: str) -> str:
    return await _page(f"docs/api/{part}")


@blueprint.get("/changelog.xml")
async def get_feed() -> Response:
    """Return the changelog as an Atom feed."""
    _, context = _find_page("changelog", Extras())
    text = await render_template("site/changelog.xml", **context)
    return Response(text, content_type="application/atom+xml; charset=utf-8")


@blueprint.get("/sitemap.xml")
async def get_sitemap() -> Response:
    plans = await billing.offered_plans(pool()) if settings().stripe_secret_key else []
    text = pages.sitemap(_place("sitemap.xml"), Extras(plans=plans))
    return Response(text, content_type="application/xml; charset=utf-8")


@blueprint.get("/robots.txt")
async def get_robots() -> Response:
    return Response(pages.robots(_place("robots.txt")), content_type="text/plain; charset=utf-8")


@blueprint.get("/.well-known/security.txt")
async def get_security_contact() -> Response:
    """Say where to report a vulnerability (RFC 9116), if SECURITY_CONTACT is set."""
    contact = settings().security_contact
    if not contact:
        raise FeelbackError(404, "This installation names no contact for security.")
    expires = f"{datetime.now(UTC) + timedelta(days=180):%Y-%m-%dT00:00:00Z}"
    own = f"{settings().base_url}/.well-known/security.txt"
    text = f"Contact: {contact}\nExpires: {expires}\nCanonical: {own}\n"
    return Response(text, content_type="text/plain; charset=utf-8")


async def extras() -> Extras:
    """Return what this installation adds to the site."""
    return await load_extras(docs_widget=settings().docs_widget, has_plans=bool(settings().stripe_secret_key))


async def load_extras(*, docs_widget: str, has_plans: bool) -> Extras:
    """Read what the site adds from the current application's database; `docs_widget` is a widget's id or empty."""
    live: list[widgets.DemoWidget] = []
    project = await demo.demo_project(pool())
    if project is not None:
        live = await widgets.demo_widgets(pool(), project.account_id, project.id, demo_data.KEY)
    helpful = docs_widget or next((str(each.id) for each in live if each.type == "yesno"), "")
    plans = await billing.offered_plans(pool()) if has_plans else []
    return Extras(helpful, live, plans)


def _place(path: str) -> Place:
    base_url = settings().base_url
    return Place(path, base_url, base_url, static_url, source_url=settings().source_url)


def _find_page(path: str, extras: Extras) -> tuple[str, pages.Context]:
    page = pages.page(_place(path), extras)
    if page is None:
        raise FeelbackError(404, "This page does not exist.", hint="Search the documentation at /docs/search.")
    return page


async def _page(path: str) -> str:
    template, context = _find_page(path, await extras())
    return await render_template(template, **context)
