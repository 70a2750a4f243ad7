"""What is at Stripe and needs a decision, for the installation's operators."""

import json

from quart import Blueprint, Response, render_template, request

from app.http.context import pool
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.queries import billing, billing_events

blueprint = Blueprint("billing_issues", __name__, url_prefix="/installation/billing-issues")
auth.require_actor(blueprint, in_account=False)


@blueprint.get("")
async def get_billing_issues() -> str:
    issues = await billing_events.installation_billing_issues(pool(), auth.actor().person_id)
    plans = [plan for plan in await billing.offered_plans(pool()) if plan.name != "free"]
    rows = [(issue, json.loads(issue.details)) for issue in issues]
    return await render_template("installation/billing_issues.html", rows=rows, plans=plans)


@blueprint.post("/<id>/decide")
async def post_decision(id: str) -> Response:
    """Cancel the subscription, say which plan its price stands for, or dismiss the issue."""
    form = await request.form
    decision, plan = read.text(form, "decision", 20), read.text(form, "plan", 40)
    await billing_events.decide_billing_issue(pool(), auth.actor().person_id, id, decision, plan or None)
    return see_other("/installation/billing-issues")
