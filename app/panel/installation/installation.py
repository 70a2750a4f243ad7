"""The installation's figures, jobs and accounts, for its operators."""

from datetime import UTC, datetime

from quart import Blueprint, render_template, request

from app import __version__
from app.http.context import pool, settings
from app.panel.shared import auth, read
from app.panel.shared.paging import Listing
from app.queries import backups, billing_events, installation, reconciliation

blueprint = Blueprint("installation", __name__, url_prefix="/installation")
auth.require_actor(blueprint, in_account=False)
PAGE = 50


@blueprint.get("")
async def get_installation() -> str:
    person_id = auth.actor().person_id
    figures = await installation.installation(pool(), person_id)
    jobs = await installation.installation_jobs(pool(), person_id)
    counts = await reconciliation.installation_reconciliation(pool(), person_id)
    known = await backups.installation_backups(pool(), person_id)
    return await render_template(
        "installation/page.html",
        figures=figures,
        backups=known,
        now=datetime.now(UTC),
        jobs=jobs,
        counts=counts,
        version=__version__,
        issues=await billing_events.installation_billing_issues(pool(), person_id),
        sends=bool(settings().mail_url),
    )


@blueprint.get("/accounts")
async def get_accounts() -> str:
    search, page = read.text(request.args, "q", 200), read.number(request.args, "page", 1, 1, 4000)
    rows = await installation.installation_accounts(pool(), auth.actor().person_id, search, PAGE, (page - 1) * PAGE)
    listing = Listing("/installation/accounts", {"q": search}, page, PAGE, rows[0].row_count if rows else 0)
    return await render_template("installation/accounts.html", accounts=rows, listing=listing, search=search)
