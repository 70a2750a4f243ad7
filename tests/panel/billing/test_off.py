"""Without STRIPE_SECRET_KEY there is no billing, and nothing has a limit."""

import asyncpg
import pytest
from quart import Quart

from app import config
from app.billing import stripe_client
from app.config import Settings
from app.database import migrate
from app.errors import ConfigError
from app.worker import billing
from tests.support.billing_world import World
from tests.support.browser import Browser
from tests.support.fake_stripe.settings import ENVIRONMENT
from tests.support.settings import SECRET

Pool = asyncpg.Pool
OWN = {"DATABASE_URL": "postgresql://x", "SECRET_KEY": SECRET}


class TestOff:
    @pytest.fixture
    def settings(self, database: str) -> Settings:
        return config.load({"DATABASE_URL": database, "SECRET_KEY": SECRET})

    async def test_there_is_no_screen(self, app: Quart, owner: Browser) -> None:
        await owner.get("/projects")
        assert "illing" not in owner.text
        for path in ("/billing", "/billing/plan", "/billing/return", "/billing/invoices/in_1"):
            assert (await owner.get(path)).status_code == 404
        for path in ("/billing/events", "/billing/checkouts", "/billing/portal"):
            assert (await owner.post(path, {})).status_code == 404
        # Operators still see what is open at Stripe, where subscriptions go on.
        rules = [rule.rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/installation")]
        assert not [rule for rule in rules if "billing" in rule]

    async def test_nothing_has_a_limit(self, pool: "Pool[asyncpg.Record]") -> None:
        account_id = await pool.fetchval("select id from account limit 1")
        plan = await pool.fetchrow("select * from fn.account_plan($1)", account_id)
        assert list(plan.values()) == [None, None, None, None, None, None, False]
        await pool.execute(
            "insert into usage (account_id, month, responses) values ($1, '2026-11-01', 9e12)", account_id
        )
        assert await pool.fetchval("call fn.run_by_account('{count usage}')") == 0
        assert await pool.fetchval("select fn.hidden_from($1) = 'infinity'", account_id)
        for n in range(5):
            await pool.execute("select fn.create_project($1, 'x', $2)", account_id, f"x{n}")


async def test_taking_the_keys_away_turns_it_off(world: World) -> None:
    await world.pool.execute("update usage set full_at = now(), stopped_at = now()")
    assert await world.plan() == "free"
    off = config.load({"DATABASE_URL": world.settings.database_url, "SECRET_KEY": SECRET})
    await billing.sync_plan_prices(world.jobs, world.client, off)
    assert await world.plan() is None
    await world.pool.execute("call fn.run_by_account('{count usage}')")
    assert await world.pool.fetchval("select count(*) from usage where full_at is not null") == 0


@pytest.mark.parametrize("missing", ["STRIPE_WEBHOOK_SECRET", "STRIPE_PRICES"])
def test_a_key_alone_is_not_enough(missing: str) -> None:
    with pytest.raises(ConfigError, match=f"{missing}: it is missing"):
        config.load({**OWN, **ENVIRONMENT, missing: ""})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("STRIPE_SECRET_KEY", "pk_test_x"),
        ("STRIPE_WEBHOOK_SECRET", "secret"),
        ("STRIPE_PRICES", "starter:price_1"),
        ("STRIPE_PRICES", "starter_monthly:prod_1"),
        ("STRIPE_PRICES", "starter_monthly:price_1,starter_yearly:price_1"),
        ("STRIPE_PRICES", "starter_monthly:price_1,starter_monthly:price_2"),
        ("STRIPE_PRICES", "starter_monthly:price_1,nonsense"),
    ],
)
def test_a_wrong_setting_is_reported_without_its_value(name: str, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load({**OWN, **ENVIRONMENT, name: text})
    assert str(caught.value).startswith(f"{name}: ")
    assert "sk_test_fake" not in str(caught.value)


async def test_a_plan_that_does_not_exist_is_reported_at_start(database: str) -> None:
    settings = config.load({**OWN, **ENVIRONMENT, "STRIPE_PRICES": "starter_monthly:price_1,pro_monthly:price_2"})
    with pytest.raises(ConfigError, match=r"^STRIPE_PRICES: there is no plan pro\. The plans are starter and growth:"):
        migrate.check(settings, database)


def test_prices_are_read() -> None:
    settings = config.load({**OWN, **ENVIRONMENT, "STRIPE_PRICES": "starter_monthly:price_1A, growth_yearly:price_2B"})
    assert settings.stripe_prices == (("starter", "month", "price_1A"), ("growth", "year", "price_2B"))
    assert "sk_test_fake" not in repr(settings)


async def test_the_client_is_the_unmodified_library(world: World) -> None:
    import stripe

    assert isinstance(world.client.http, stripe.HTTPXClient)
    assert stripe_client.TIMEOUT <= 10
