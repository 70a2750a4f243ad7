"""`feelback billing`, as an operator calls it."""

import asyncio

from click.testing import CliRunner, Result

from app.__main__ import cli
from app.config import Settings
from tests.support.billing_world import World
from tests.support.fake_stripe.settings import ENVIRONMENT
from tests.support.settings import SECRET


async def called(settings: Settings, *arguments: str, **environ: str) -> Result:
    own = {"DATABASE_URL": settings.database_url, "SECRET_KEY": SECRET, "STRIPE_API_URL": settings.stripe_api_url}
    runner = CliRunner(env={**ENVIRONMENT, **own, **environ})
    return await asyncio.to_thread(runner.invoke, cli, arguments)


async def test_it_shows_how_billing_does(world: World) -> None:
    await world.subscribe()
    await world.business.webhooks.send()
    told = await called(world.settings, "billing")
    assert told.exit_code == 0, told.output
    lines = dict(line.rsplit(maxsplit=1) for line in told.output.splitlines()[:3])
    assert lines == {
        "subscriptions": "1",
        "payment missing": "0",
        "events that wait": str(len(world.business.webhooks.events)),
    }
    assert "never" in told.output


async def test_it_compares(world: World) -> None:
    found = await world.subscribe()
    world.business.change_price(found, "price_gm", world.business.now, "always_invoice")
    told = await called(world.settings, "billing", "compare")
    assert told.output == "1 compared, 1 put right\n"
    assert await world.plan() == "growth"


async def test_it_replays_and_fetches_what_was_lost(world: World) -> None:
    await world.subscribe()
    lost, *rest = world.business.webhooks.waiting
    await world.business.webhooks.send(*rest)
    await world.work()
    told = await called(world.settings, "billing", "replay", rest[0]["id"])
    assert told.output == "1 to be processed again, 0 that were lost\n"
    await world.work()
    told = await called(world.settings, "billing", "replay", "--days", "2", "--lost")
    assert told.output == f"{len(rest) + 1} to be processed again, 1 that were lost\n"
    assert await world.pool.fetchval("select count(*) from billing_event where id = $1", lost["id"]) == 1
    assert len(await world.work()) == len(rest) + 2


async def test_it_says_what_it_needs(world: World) -> None:
    told = await called(world.settings, "billing", "replay")
    assert "Give ids of events, or --days." in str(told.exception)
    told = await called(world.settings, "billing", STRIPE_SECRET_KEY="")
    assert "Billing is off." in str(told.exception)
