"""The lists of the privacy page agree with the rules by which rows are deleted."""

import re

import asyncpg

from app.config import ROOT

# The table of a rule, and how its row on the page begins.
ROWS = {
    "session": "Sessions:", "token": "Emailed links", "known_device": "Devices on which",
    "attempt": "Attempts to sign in", "export": "Requested exports", "invitation": "Invitations:",
    "known_browser": "Browsers used", "mail": "Emails:", "recap_delivery": "Which recap",
    "recap_recipient": "Recap recipients", "person": "Email address,", "refusal": "Refusals:",
    "event": "Events for destinations", "delivery": "Events for destinations",
}  # fmt: skip
# Of mails; an hour of undoing; numbers; and what a merge moved, none of which is about anybody by itself.
OTHERS = {
    "mail_body", "message_action", "triage_action", "reconciliation", "page_merge",
    "merge_response", "merge_tally", "merge_reason_tally", "merge_visit",
}  # fmt: skip


async def test_it_says_when_rows_are_deleted(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    lists = "".join((ROOT / f"templates/site/_privacy_{name}.html").read_text() for name in ("people", "visitors"))
    rows = dict(re.findall(r"<tr><td>(.+?)</td><td>(.+?)</td></tr>", lists))
    rules = await pool.fetch("select table_name, extract(day from keep)::integer as days from fn.purge_rule")
    assert {rule["table_name"] for rule in rules} == ROWS.keys() | OTHERS
    for table, days in rules:
        if table in ROWS:
            (time,) = [time for what, time in rows.items() if what.startswith(ROWS[table])]
            assert days is None or f"{days} days" in time, table
