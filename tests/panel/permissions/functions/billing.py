"""Plans and usage."""

from tests.panel.permissions.cases import Call

INVOICE = """
    insert into invoice (account_id, id, number, status, total, currency, created_at)
    values ($1, 'in_1', 'A-1', 'paid', 900, 'usd', now()) returning id as invoice
"""
USED = """
    with b as (update billing set is_on = true returning 1)
    insert into usage (account_id, month, responses)
    select $1, date_trunc('month', now() at time zone 'UTC'), 1000000 from b
    on conflict (account_id, month) do update set responses = 1000000
    returning 1 as one
"""
CALLS = [
    Call("select * from fn.account_billing({account})", "admin"),
    Call("select * from fn.account_invoice({account}, {invoice})", "admin", INVOICE),
    Call("select * from fn.account_invoices({account})", "admin"),
    Call("select * from fn.account_usage({account})", "admin"),
    Call("select fn.request_billing_sync({account}, 'cancelled', 'Starter')", "owner"),
    Call("select fn.request_billing({account})", "admin"),
    Call("select fn.update_customer({account}, 'cus_1')", "owner"),
    Call("select * from fn.usage_notice({account})", ids=USED),
]
