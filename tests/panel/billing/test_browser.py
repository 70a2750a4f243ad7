"""The whole way in a real browser, with a server and a worker of its own, against the fake Stripe and its webhooks."""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Page, expect

from app.site import demo_project
from tests.support.fake_stripe import Business, serving
from tests.support.fake_stripe.business import DAY
from tests.support.fake_stripe.settings import ENVIRONMENT
from tests.support.sdk_pages import CHROMIUM, MODULES, browsing
from tests.support.serving import Server
from tests.support.serving import serving as running
from tests.support.settings import DEMO_PASSWORD, SECRET

Pool = asyncpg.Pool
AXE = MODULES / "axe-core" / "axe.min.js"
pytestmark = pytest.mark.skipif(CHROMIUM is None or not AXE.exists(), reason="chromium is missing: run tests/install")
SHOTS = os.environ.get("BILLING_SHOTS", "")  # a folder for screenshots


@pytest.fixture
async def site(database: str, business: Business) -> AsyncIterator[Server]:
    """A server that takes money."""
    async with serving(business):
        environ = {**ENVIRONMENT, "STRIPE_API_URL": business.url, "DATABASE_URL": database, "SECRET_KEY": SECRET}
        server = running({**environ, "LIMITS": "off"})
        started = await asyncio.to_thread(server.__enter__)  # its worker talks to the fake in this loop
        business.webhooks.post = business.webhooks._by_http
        business.webhooks.url = f"{started.url}/billing/events"
        try:
            yield started
        finally:
            await asyncio.to_thread(server.__exit__, None, None, None)


@contextlib.asynccontextmanager
async def signed_in(site: Server, **context: object) -> AsyncIterator[Page]:
    url = f"http://localhost:{site.port}"
    async with browsing(base_url=url, **context) as page:
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        await page.goto("/sign-in")
        await page.get_by_label("Email").fill(demo_project.EMAIL)
        await page.get_by_label("Password").fill(DEMO_PASSWORD)
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await page.wait_for_url("**/projects/demo")
        yield page
        # An answer of 402 is written to the console, as are the icons that the fake has none of.
        assert [fault for fault in faults if "402" not in fault and "404" not in fault] == []


async def check(page: Page, name: str) -> None:
    """Check the page with axe; take a screenshot if BILLING_SHOTS is set."""
    await page.evaluate(AXE.read_text())
    violations = await page.evaluate(
        "async () => (await axe.run()).violations.map((v) => [v.id, ...v.nodes.map((n) => n.html)].join(' | '))"
    )
    assert violations == [], name
    width = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width == 0, name
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("desktop", {"viewport": {"width": 1280, "height": 900}}),
        ("phone", {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}),
        ("scriptless", {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": False}),
    ],
)
async def test_from_free_to_growth_and_back(
    site: Server, business: Business, pool: "Pool[asyncpg.Record]", name: str, context: dict[str, object]
) -> None:
    async def look(of: str) -> None:
        if name != "scriptless":
            await check(page, f"{name}-{of}")

    async with signed_in(site, **context) as page:
        await pool.execute("call fn.run_by_account('{count usage}')")
        await page.goto("/billing")
        await expect(page.get_by_role("heading", name="Billing")).to_be_visible()
        await look("1-free")
        await page.get_by_role("button", name="Choose Starter for $9 per month").click()
        await page.wait_for_url(f"{business.url}/pay/*")
        await page.get_by_label("Card number").fill("4000 0000 0000 0002")
        await page.get_by_role("button", name="Subscribe").click()
        await expect(page.get_by_role("alert")).to_have_text("Your card was declined.")
        await page.get_by_label("Card number").fill("4242 4242 4242 4242")
        await page.get_by_role("button", name="Subscribe").click()
        await page.wait_for_url("**/billing")
        await business.webhooks.send()
        await expect(page.get_by_text("Visa ending in 4242")).to_be_visible()
        await look("2-starter")

        await page.get_by_role("link", name="Change to Growth for $49 per month").click()
        await look("3-preview")
        await page.get_by_role("button", name="and change").click()
        await page.wait_for_url("**/billing")
        await business.webhooks.send()
        await expect(page.get_by_text("You pay $49 per month.")).to_be_visible()

        async with page.expect_request("**/invoices/*.pdf") as request:
            with contextlib.suppress(Exception):  # a download, for a browser without a PDF viewer
                await page.get_by_role("link", name="PDF of invoice").first.click()
        assert (await request.value).url.startswith(business.url)

        await page.goto("/billing")
        await page.get_by_label("Number").fill("DE123456789")
        await page.get_by_role("button", name="Add", exact=True).click()
        await expect(page.get_by_text("DE123456789").first).to_be_visible()

        await page.get_by_role("button", name="Cancel plan").click()
        await look("4-cancel")
        await page.locator("#cancel").get_by_role("button", name="Cancel plan").click()
        await expect(page.get_by_text("Your plan ends on")).to_be_visible()
        await look("5-cancelled")
        await page.get_by_role("button", name="Keep plan").click()
        await expect(page.get_by_text("The next payment is on")).to_be_visible()

        customer = business.all("customer")[0]["id"]
        business.card(customer, "4000000000000341")
        business.advance(31 * DAY)
        await business.webhooks.send()
        await page.goto("/billing/return")
        await expect(page.get_by_text("The last payment failed.")).to_be_visible()
        await look("6-past-due")
        await page.get_by_role("button", name="Update payment details").click()
        await page.get_by_label("Card number").fill("4242 4242 4242 4242")
        await page.get_by_role("button", name="Update").click()
        await page.get_by_role("link", name="Return").click()
        await page.wait_for_url("**/billing")
        await expect(page.get_by_text("The next payment is on")).to_be_visible()
        await expect(page.get_by_text("The last payment failed.")).not_to_be_visible()


async def test_a_full_plan_is_shown_on_every_page(
    site: Server, pool: "Pool[asyncpg.Record]", business: Business
) -> None:
    async with signed_in(site, viewport={"width": 1280, "height": 900}) as page:
        await pool.execute(
            """insert into project_usage
            select account_id, date_trunc('month', now() at time zone 'UTC'), id, 4500 from project"""
        )
        await pool.execute("call fn.run_by_account('{count usage}')")
        await page.goto("/projects/demo")
        await expect(page.get_by_text("your plan includes 2,000")).to_be_visible()
        await check(page, "desktop-7-full-overview")
        await page.get_by_role("link", name="View plans").click()
        await expect(page.get_by_text("The limit was reached on")).to_be_visible()
        await check(page, "desktop-8-full")


CUSTOMER = """
    insert into subscription (
        account_id, customer_id, subscription_id, item_id, status, plan, unit, period_ends_at, payment_method,
        billing_name, billing_email, billing_address
    )
    select id, 'cus_1', 'sub_1', 'si_1', 'active', 'growth', 'month', now() + interval '20 days', 'Visa ending in 4242',
        'Acorn Documentation GmbH', 'bills@acorn.example', '{"line1": "Weg 1", "city": "Berlin", "country": "DE"}'
    from account;
    insert into customer_subscription (
        account_id, id, customer_id, status, price_id, plan, unit, amount, currency, discount, created_at
    )
    select id, 'sub_1', 'cus_1', 'active', 'price_gm', 'growth', 'month', 3920, 'usd', '20% off', now() from account;
    insert into invoice (account_id, id, number, status, total, currency, created_at, attempts, credited)
    select a.id, 'in_' || n, 'ACORN-000' || n, 'paid', 3920, 'usd', now() - n * interval '30 days', 1,
        case n when 2 then 3920 else 0 end
    from account as a cross join generate_series(1, 3) as n
"""
PLAN = """
    insert into entitlement (account_id, id, plan, reason, subscription_id, starts_at, ends_at)
    select id, gen_random_uuid(), 'growth', '{}', 'sub_1', now() - interval '1 day', {} from account
"""
ACTIVE = PLAN.format("subscription", "null")
KEPT = PLAN.format("retention", "now() + interval '21 days'")
DUE = "update invoice set status = 'open' where id = 'in_1'"
STATES = {
    "active": (ACTIVE,),
    "trial": (ACTIVE, "update subscription set status = 'trialing', trial_ends_at = now() + interval '5 days'"),
    "cancelled": (ACTIVE, "update subscription set cancel_at = period_ends_at"),
    "past-due": (
        PLAN.format("grace", "now() + interval '9 days'"), KEPT, DUE, "update subscription set status = 'past_due'"),
    "unpaid": (KEPT, DUE, "update subscription set status = 'unpaid'"),
    "ended": (KEPT, "update subscription set status = null, subscription_id = null, plan = null",
              "delete from customer_subscription"),
    "double": (ACTIVE, """
        insert into customer_subscription (
            account_id, id, customer_id, status, price_id, plan, unit, amount, currency, created_at
        ) select id, 'sub_2', 'cus_1', 'active', 'price_sm', 'starter', 'month', 900, 'usd', now() from account"""),
    "leaving": (ACTIVE, "update subscription set cancel_at = period_ends_at",
                "update account set deletion_at = now() + interval '14 days'"),
    "over-not-hidden": ("""
        insert into project_usage
        select account_id, date_trunc('month', now() at time zone 'UTC'), id, 2600 from project;
        select fn.count_usage(id) from account""",),
}  # fmt: skip
MONTHLY = {"plan": "starter", "unit": "month", "amount": 900, "currency": "usd"}
ISSUES = [
    ("unknown_price", "sub_1", {**MONTHLY, "price_id": "price_1Q2w3E4r"}),
    ("double", "sub_2", MONTHLY),
    ("orphan", "sub_3", {**MONTHLY, "account_id": "0199c0de-0000-7000-8000-000000000001"}),
    ("late_payment", "in_4", {"number": "ACORN-0004", "amount": 3500, "currency": "kwd"}),
    ("missing_customer", "cus_5", {"plan": "growth", "status": "active"}),
]


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("desktop", {"viewport": {"width": 1280, "height": 900}}),
        ("phone", {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}),
    ],
)
async def test_every_state_is_accessible_and_fits(
    site: Server, pool: "Pool[asyncpg.Record]", name: str, context: dict[str, object]
) -> None:
    async with signed_in(site, **context) as page:
        for state, statements in STATES.items():
            await pool.execute("delete from subscription; delete from customer_subscription; delete from entitlement")
            await pool.execute("delete from invoice; delete from usage; delete from project_usage")
            await pool.execute("update account set deletion_at = null")
            for statement in (CUSTOMER, *statements):
                await pool.execute(statement)
            await page.goto("/billing")
            await check(page, f"{name}-state-{state}")
        await pool.execute("update person set is_operator = true")
        for kind, subject, details in ISSUES:
            sql = "select fn.open_billing_issue($1, 'cus_Q1w2E3r4T5y6', $2, $3::text::jsonb)"
            await pool.execute(sql, kind, subject, json.dumps(details))
        await page.goto("/installation/billing-issues")
        await expect(page.get_by_role("heading", name="5 open")).to_be_visible()
        await check(page, f"{name}-state-issues")
