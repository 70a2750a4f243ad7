"""The audit log of an account, filtered and in pages."""

from datetime import UTC, datetime, timedelta

from quart import Blueprint, Response, render_template, request

from app.panel.accounts import audit_text
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
    nouns = await audit.audit_nouns(auth.tenant())
    entries, listing = await _entries()
    names = [(noun, _words(noun)) for noun in nouns]
    return await render_template(
        "audit/page.html",
        entries=entries,
        listing=listing,
        nouns=names,
        sentence=audit_text.sentence,
        changes=audit_text.changes,
    )


@blueprint.get("/entries")
async def get_entries() -> Response:
    """The fragment with the entries. The browser shows the URL of the whole page."""
    entries, listing = await _entries()
    text = await render_template(
        "audit/_entries.html",
        entries=entries,
        listing=listing,
        sentence=audit_text.sentence,
        changes=audit_text.changes,
    )
    return Response(text, 200, {"HX-Replace-Url": listing.url(listing.page)})


def _words(text: str) -> str:
    words = text.replace("_", " ")
    return words[:1].upper() + words[1:] if not words.startswith("api ") else f"API {words[4:]}"


async def _entries() -> tuple[list[Entry], Listing]:
    query = {name: read.text(request.args, name, 200) for name in FILTERS}
    since, until = _day(query["since"]), _day(query["until"])
    query |= {"since": query["since"] if since else "", "until": query["until"] if until else ""}
    page = read.number(request.args, "page", 1, 1, 4000)
    entries = await audit.audit(
        auth.tenant(), query["noun"], query["q"],
        since, until + timedelta(days=1) if until else None, PAGE, (page - 1) * PAGE,
    )  # fmt: skip
    return entries, Listing("/audit", query, page, PAGE, entries[0].row_count if entries else 0)


def _day(text: str) -> datetime | None:
    # Year 9999 is refused, because the filter needs the day after.
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return day if 1970 <= day.year < 9999 else None
