"""The audit log of an account: who changed what, filtered, a page at a time."""

from datetime import UTC, datetime, timedelta

from quart import Blueprint, Response, render_template, request

from app.panel.shared import auth, read
from app.panel.shared.paging import Listing
from app.queries import audit
from app.queries.audit import Entry

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
auth.require_actor(blueprint)
PAGE = 50
FILTERS = ("noun", "q", "since", "until")


@blueprint.get("")
async def get_audit() -> str:
    """The log's page."""
    nouns = await audit.audit_nouns(auth.tenant())
    entries, listing = await _found()
    names = [(noun, _words(noun)) for noun in nouns]
    return await render_template(
        "audit/page.html", entries=entries, listing=listing, nouns=names, says=says, details=details
    )


@blueprint.get("/entries")
async def get_entries() -> Response:
    """The entries by themselves; the browser shows the address of the whole page."""
    entries, listing = await _found()
    text = await render_template("audit/_entries.html", entries=entries, listing=listing, says=says, details=details)
    return Response(text, 200, {"HX-Replace-Url": listing.url(listing.page)})


def details(entry: Entry) -> list[tuple[str, object]]:
    """What was said besides, under names in words: what was before, what is now, then the rest."""
    order = {"from": 0, "to": 1}
    found = sorted(entry.details.items(), key=lambda each: order.get(each[0], 2))
    return [(name.replace("_", " "), value) for name, value in found]


def says(what: str) -> str:
    """What was done, in words: member.role_changed is Member role changed."""
    return _words(what.replace(".", " "))


def _words(text: str) -> str:
    words = text.replace("_", " ")
    return words[:1].upper() + words[1:] if not words.startswith("api ") else f"API {words[4:]}"


async def _found() -> tuple[list[Entry], Listing]:
    query = {name: read.text(request.args, name, 200) for name in FILTERS}
    since, until = _day(query["since"]), _day(query["until"])
    query |= {"since": query["since"] if since else "", "until": query["until"] if until else ""}
    page = read.number(request.args, "page", 1, 1, 4000)
    entries = await audit.audit(
        auth.tenant(), query["noun"], query["q"],
        since, until + timedelta(days=1) if until else None, PAGE, (page - 1) * PAGE,
    )  # fmt: skip
    return entries, Listing("/audit", query, page, PAGE, entries[0].found if entries else 0)


def _day(text: str) -> datetime | None:
    # The last days that there are have none after them to end before.
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return day if 1970 <= day.year < 9999 else None
