"""Switch project or search: a page, and the palette that shows its list on every screen."""

from typing import Any

from quart import Blueprint, render_template, request

from app.panel.shared import auth, navigation, read
from app.panel.shared.navigation import Place
from app.queries import places

blueprint = Blueprint("find", __name__, url_prefix="/find")
auth.require_actor(blueprint)


@blueprint.get("")
async def get_find() -> str:
    return await render_template("find/page.html", **await _context())


@blueprint.get("/list")
async def get_list() -> str:
    """The list's fragment."""
    return await render_template("find/_list.html", **await _context())


async def _context() -> dict[str, Any]:
    slug, text = read.text(request.args, "project", 100), read.text(request.args, "q", 200)
    rows = await places.find_places(auth.tenant(), slug, text)
    if slug not in [row.project_slug for row in rows] and not await _has(slug):
        slug = ""
    screens = [*(_screens(slug) if slug else []), *navigation.account_places()]
    return {
        "slug": slug,
        "text": text,
        "places": rows,
        "screens": [screen for screen in screens if text.lower() in screen.label.lower()],
    }


async def _has(slug: str) -> bool:
    return slug in [row.project_slug for row in await places.find_places(auth.tenant(), slug, "") if slug]


def _screens(slug: str) -> list[Place]:
    return [*navigation.project_places(slug, ""), *navigation.settings_places(slug, "Settings")[1:]]
