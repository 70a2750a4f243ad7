"""Billing issues are for operators alone. What they do to them is tested in tests/panel/billing/test_repairs.py."""

import asyncpg

from tests.support.browser import Browser

Pool = asyncpg.Pool


async def test_it_is_for_operators_alone(
    operator: Browser, owner: Browser, stranger: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    await pool.execute(
        "select fn.open_billing_issue('orphan', 'cus_1', 'sub_1', '{\"amount\": 900, \"currency\": \"usd\"}')"
    )
    url = "/installation/billing-issues/orphan:sub_1/decide"
    for other in (owner, stranger):
        assert (await other.get("/installation/billing-issues")).status_code == 404
        assert (await other.post(url, {"decision": "dismiss"})).status_code == 404
    await operator.get("/installation/billing-issues")
    assert "A subscription without an account" in operator.text
    assert (await operator.post(url, {"decision": "plan"})).status_code == 422
    assert (await operator.post(url, {"decision": "dismiss"})).status_code == 303
    await operator.get("/installation/billing-issues")
    assert "Nothing needs a decision" in operator.text
    assert (await operator.post(url, {"decision": "dismiss"})).status_code == 404
