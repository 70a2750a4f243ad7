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
    """Show how billing does: subscriptions, missing payments, events that wait or failed. Times are UTC."""
    if not context.obj.stripe_secret_key:
        raise FeelbackError(422, "Billing is off.", hint="docs/going-live.md says how to turn it on.")
    if context.invoked_subcommand is None:
        state = in_database(context.obj, queries.billing_state)
        compared = f"{state.compared_at:%Y-%m-%d %H:%M}" if state.compared_at else "never"
        click.echo(f"subscriptions       {state.subscriptions:>8,}\npayment missing     {state.past_due:>8,}")
        click.echo(f"events that wait    {state.waiting:>8,}\nevents that failed  {state.failed:>8,}  in 7 days")
        click.echo(f"compared with Stripe  {compared}")
        if not state.is_on:
            click.echo("Not on yet: the worker (`feelback serve` or `feelback work`) turns it on when it starts.")


@billing.command()
@click.argument("ids", nargs=-1)
@click.option("--days", type=click.IntRange(1, 30), help="All that came within so many days.")
@click.option("--lost", is_flag=True, help="Also fetch from Stripe what never came; needs --days.")
@click.pass_obj
def replay(settings: Settings, ids: tuple[str, ...], days: int | None, lost: bool) -> None:
    """Process events of Stripe's once more, by their ids (evt_…) or by the days they came in.

    It does no harm: each asks Stripe what is true now. The worker does it.
    """
    if days is None and (lost or not ids):
        raise FeelbackError(422, "Give ids of events, or --days.")
    since = datetime.now(UTC) - timedelta(days=days) if days else None

    async def work(pool: db.Pool) -> tuple[int, int]:
        found = await _fetch(pool, settings, since) if lost and since else 0
        return found, await queries.replay_billing_events(pool, list(ids), since) - found

    found, again = in_database(settings, work)
    click.echo(f"{max(again, 0)} to be processed again, {found} that were lost")


async def _fetch(pool: db.Pool, settings: Settings, since: datetime) -> int:
    from app.billing import stripe_client

    client, found = stripe_client.connect(settings), 0
    try:
        async for event in stripe_client.events(client, since):
            found += await queries.add_billing_event(pool, event.id, event.type, event.customer_id, event.created_at)
    finally:
        await client.close()
    return found


@billing.command()
@click.pass_obj
def compare(settings: Settings) -> None:
    """Hold every subscription against Stripe now, as is done every night, and put right what differs."""
    from app.billing import stripe_client
    from app.worker import billing as worker

    async def work(pool: db.Pool) -> Counter[str]:
        client = stripe_client.connect(settings)
        try:
            return await worker.compare(pool, client)
        finally:
            await client.close()

    told = in_database(settings, work)
    click.echo(f"{told.total()} compared, {told['changed']} put right")
    for what, why in (("unknown", "of no account here, or not at Stripe"), ("later", "not compared: Stripe was away")):
        if told[what]:
            click.echo(f"{told[what]} {why}")
