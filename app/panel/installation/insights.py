"""Monthly figures of the installation, for its operators; schema `insights` has more."""

from quart import Blueprint, render_template

from app.billing.money import money
from app.http.context import pool
from app.panel.shared import auth
from app.queries import installation

blueprint = Blueprint("insights", __name__, url_prefix="/installation/insights")
auth.require_actor(blueprint, in_account=False)
MONTHS = 12


@blueprint.get("")
async def get_insights() -> str:
    months = await installation.installation_insights(pool(), auth.actor().person_id, MONTHS)
    paid = [", ".join(money(sum_, unit) for unit, sum_ in zip(m.currencies, m.paid, strict=True)) for m in months]
    return await render_template(
        "installation/insights.html",
        rows=list(zip(months, paid, strict=True)),
        most=max((month.responses for month in months), default=0),
        takes_money=any(month.paying or month.paid for month in months),
    )
