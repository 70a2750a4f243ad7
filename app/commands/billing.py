"""`feelback billing`, `billing replay` and `billing compare`."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import click

from app.commands.database import in_database
from app.config import Settings
from app.database import db
from app.errors import FeelbackError
from app.queries import billing_events as queries


@click.group(invoke_without_command=True)
@click.pass_context
def billing(context: click.Context) -> None:
    """Show the state of billing: subscriptions, overdue payments, waiting and failed events. Times are UTC."""
    if not context.obj.stripe_secret_key:
        raise FeelbackError(422, "Billing is off.", hint="docs/going-live.md explains how to turn it on.")
    if context.invoked_subcommand is None:
        state = in_database(context.obj, queries.billing_state)
        compared = f"{state.compared_at:%Y-%m-%d %H:%M}" if state.compared_at else "never"
        click.echo(f"subscriptions       {state.subscriptions:>8,}\npayments overdue    {state.past_due:>8,}")
        click.echo(f"events waiting      {state.waiting:>8,}\nevents failed       {state.failed:>8,}  in 7 days")
        click.echo(f"compared with Stripe  {compared}")
        if not state.is_on:
            click.echo("Not on yet: the worker (`feelback serve` or `feelback work`) turns it on when it starts.")


@billing.command()
@click.argument("ids", nargs=-1)
@click.option("--days", type=click.IntRange(1, 30), help="All events of the last so many days.")
@click.option("--lost", "with_lost", is_flag=True, help="Also fetch events that never arrived; needs --days.")
@click.pass_obj
def replay(settings: Settings, ids: tuple[str, ...], days: int | None, with_lost: bool) -> None:
    """Process Stripe's events again, by their ids (evt_…) or by the days when they came in.

    The worker then fetches the current state from Stripe, so that processing an event twice does no harm.
    """
    if days is None and (with_lost or not ids):
        raise FeelbackError(422, "Give event ids or --days.")
    since = datetime.now(UTC) - timedelta(days=days) if days else None

    async def work(pool: db.Pool) -> tuple[int, int]:
        new = await _fetch(pool, settings, since) if with_lost and since else 0
        return new, await queries.replay_billing_events(pool, list(ids), since) - new

    new, again = in_database(settings, work)
    click.echo(f"{max(again, 0)} events will be processed again, and {new} that had not arrived")


async def _fetch(pool: db.Pool, settings: Settings, since: datetime) -> int:
    from app.billing import stripe_client

    client, count = stripe_client.connect(settings), 0
    try:
        async for event in stripe_client.events(client, since):
            count += await queries.add_billing_event(pool, event.id, event.type, event.customer_id, event.created_at)
    finally:
        await client.close()
    return count


@billing.command()
@click.pass_obj
def compare(settings: Settings) -> None:
    """Compare every subscription with Stripe now, as every night, and correct what differs."""
    from app.billing import stripe_client
    from app.worker import billing as worker

    async def work(pool: db.Pool) -> Counter[str]:
        client = stripe_client.connect(settings)
        try:
            return await worker.compare(pool, client)
        finally:
            await client.close()

    outcomes = in_database(settings, work)
    issues = in_database(settings, queries.open_billing_issues)
    click.echo(f"{outcomes.total()} compared, {outcomes['changed']} corrected")
    if outcomes["unknown"]:
        click.echo(f"{outcomes['unknown']} without an account here or a customer at Stripe")
    for issue in issues:
        click.echo(f"needs a decision: {issue.kind.replace('_', ' ')}, {issue.subject} of {issue.customer_id}")
    if outcomes["later"]:
        click.echo(f"{outcomes['later']} not compared: Stripe was unavailable")
