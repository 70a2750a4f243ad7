"""The installation, for who owns it: what it holds, how its jobs do, whose accounts there are."""

from quart import Blueprint, render_template, request

from app import __version__
from app.http.context import pool, settings
from app.panel.shared import auth, read
from app.panel.shared.paging import Listing
from app.queries import installation

blueprint = Blueprint("installation", __name__, url_prefix="/installation")
auth.require_actor(blueprint, in_account=False)
PAGE = 50


@blueprint.get("")
async def get_installation() -> str:
    """What there is, and the jobs."""
    me = auth.actor().person_id
    held = await installation.installation(pool(), me)
    jobs = await installation.installation_jobs(pool(), me)
    return await render_template(
        "installation/page.html", held=held, jobs=jobs, version=__version__, sends=bool(settings().mail_url)
    )


@blueprint.get("/accounts")
async def get_accounts() -> str:
    """The accounts, the newest first."""
    search, page = read.text(request.args, "q", 200), read.number(request.args, "page", 1, 1, 4000)
    found = await installation.installation_accounts(pool(), auth.actor().person_id, search, PAGE, (page - 1) * PAGE)
    listing = Listing("/installation/accounts", {"q": search}, page, PAGE, found[0].found if found else 0)
    return await render_template("installation/accounts.html", accounts=found, listing=listing, search=search)
