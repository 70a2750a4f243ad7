"""`feelback billing` and its subcommands."""

import asyncio

from click.testing import CliRunner, Result

from app.__main__ import cli
from app.config import Settings
from tests.support.billing_world import World
from tests.support.fake_stripe.settings import ENVIRONMENT
from tests.support.settings import SECRET


async def run(settings: Settings, *arguments: str, **environ: str) -> Result:
    own = {"DATABASE_URL": settings.database_url, "SECRET_KEY": SECRET, "STRIPE_API_URL": settings.stripe_api_url}
    runner = CliRunner(env={**ENVIRONMENT, **own, **environ})
    return await asyncio.to_thread(runner.invoke, cli, arguments)


async def test_the_state_of_billing_is_shown(world: World) -> None:
    await world.subscribe()
    await world.business.webhooks.send()
    result = await run(world.settings, "billing")
    assert result.exit_code == 0, result.output
    lines = dict(line.rsplit(maxsplit=1) for line in result.output.splitlines()[:3])
    assert lines == {
        "subscriptions": "1",
        "payments overdue": "0",
        "events waiting": str(len(world.business.webhooks.events)),
    }
    assert "never" in result.output


async def test_comparing_corrects_differences(world: World) -> None:
    subscription = await world.subscribe()
    world.business.change_price(subscription, "price_gm", world.business.now, "always_invoice")
    result = await run(world.settings, "billing", "compare")
    assert result.output == "1 compared, 1 corrected\n"
    assert await world.plan() == "growth"


async def test_replaying_fetches_missing_events(world: World) -> None:
    await world.subscribe()
    missing, *rest = world.business.webhooks.waiting
    await world.business.webhooks.send(*rest)
    await world.work()
    result = await run(world.settings, "billing", "replay", rest[0]["id"])
    assert result.output == "1 events will be processed again, and 0 that had not arrived\n"
    await world.work()
    result = await run(world.settings, "billing", "replay", "--days", "2", "--lost")
    assert result.output == f"{len(rest) + 1} events will be processed again, and 1 that had not arrived\n"
    assert await world.pool.fetchval("select count(*) from billing_event where id = $1", missing["id"]) == 1
    assert len(await world.work()) == len(rest) + 2


async def test_errors_say_what_is_needed(world: World) -> None:
    result = await run(world.settings, "billing", "replay")
    assert "Give event ids or --days." in str(result.exception)
    result = await run(world.settings, "billing", STRIPE_SECRET_KEY="")
    assert "Billing is off." in str(result.exception)
