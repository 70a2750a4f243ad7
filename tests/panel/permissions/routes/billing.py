"""Billing. Stripe is unavailable here, so those who may use it get 503."""

from tests.panel.permissions.cases import Route

PLANS = """
    with b as (update billing set is_on = true returning 1), p as (
        insert into plan_price (price_id, plan, unit, is_offered)
        select v.*, true from b, (values ('price_1', 'starter', 'month')) as v (price_id, plan, unit)
        on conflict do nothing
    )
    insert into subscription (account_id, customer_id, subscription_id, item_id, plan, unit, status, tax_ids)
    values ($1, 'cus_1', 'sub_1', 'si_1', 'starter', 'month', {status}, '[{{"id": "txi_1"}}]')
    on conflict (account_id) do update set status = excluded.status
    returning 'txi_1' as id
"""
LIVE, OVER = PLANS.format(status="'active'"), PLANS.format(status="null")
DOUBLE = """
    insert into customer_subscription (account_id, id, customer_id, status, plan, created_at)
    values ($1, 'sub_1', 'cus_1', 'active', 'starter', now())
    on conflict (account_id, id) do update set status = 'active' returning id
"""
INVOICE = """
    insert into invoice (account_id, id, number, status, total, currency, created_at)
    values ($1, 'in_1', 'A-1', 'paid', 900, 'usd', now()) on conflict do nothing returning id
"""
CHOICE = {"plan": "starter", "unit": "month", "once": "o" * 20}
ROUTES = [
    Route("GET", "/billing", "admin"),
    Route("GET", "/billing/return", "admin", 303),
    Route("GET", "/billing/plan", "owner", 422),
    Route("POST", "/billing/plan", "owner", 409, CHOICE, LIVE),
    Route("POST", "/billing/checkouts", "owner", 503, CHOICE, OVER),
    Route("POST", "/billing/cancel", "owner", 503, CHOICE, LIVE),
    Route("POST", "/billing/subscriptions/<id>/cancel", "owner", 503, CHOICE, DOUBLE),
    Route("POST", "/billing/resume", "owner", 503, CHOICE, LIVE),
    Route("POST", "/billing/portal", "owner", 503, CHOICE, LIVE),
    Route("POST", "/billing/tax-ids", "owner", 503, {**CHOICE, "type": "eu_vat", "value": "DE123456789"}, LIVE),
    Route("POST", "/billing/tax-ids/<id>/delete", "owner", 503, {}, LIVE),
    Route("GET", "/billing/invoices/<id>", "admin", 503, {}, INVOICE),
    Route("GET", "/billing/invoices/<id>/pay", "admin", 503, {}, INVOICE),
    Route("GET", "/billing/invoices/<id>/credit-note", "admin", 503, {}, INVOICE),
    Route("POST", "/billing/details", "owner", 503, {**CHOICE, "email": "bills@example.com"}, LIVE),
    Route("POST", "/billing/events", status=400, is_public=True),
]
