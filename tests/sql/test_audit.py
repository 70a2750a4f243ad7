"""Reading the audit log: filters, paging and retention."""

from pathlib import Path

import asyncpg

from tests.support.people import Team

Pool = asyncpg.Pool
MIGRATION = Path(__file__).parent.parent.parent / "migrations/0105.audit_verbs.sql"
AUDIT = "select * from fn.audit($1, $2, $3, now() + $4::text::interval, now() + $5::text::interval, $6, $7)"


async def find_entries(
    team: Team, noun: str = "", search: str = "", since: str | None = None, until: str | None = None,
    limit: int = 50, offset: int = 0,
) -> list[str]:  # fmt: skip
    rows = await team.pool.fetch(AUDIT, team.account_id, noun, search, since, until, limit, offset)
    return [row["about"] for row in rows]


async def add_entry(team: Team, what: str, about: str, ago: str) -> None:
    await team.pool.execute(
        "select fn.add_audit_entry($1, $2, $3, _person_id => $4, _now => now() - $5::text::interval)",
        team.account_id, what, about, team.people["admin"], ago,
    )  # fmt: skip


async def test_it_filters_and_pages(team: Team) -> None:
    await add_entry(team, "project.created", "Blog", "3 days")
    await add_entry(team, "member.deleted", "Ann@example.com", "2 days")
    await add_entry(team, "project_key.made", "100%", "1 day")
    assert await find_entries(team) == ["100%", "Ann@example.com", "Blog"]
    assert await find_entries(team, "project") == ["Blog"]
    assert await find_entries(team, search="ann@EXAMPLE") == ["Ann@example.com"]
    assert await find_entries(team, search="ADMIN@acme") == ["100%", "Ann@example.com", "Blog"]
    assert await find_entries(team, search="%") == ["100%"]
    assert await find_entries(team, since="-60 hours", until="-30 hours") == ["Ann@example.com"]
    assert await find_entries(team, limit=1, offset=1) == ["Ann@example.com"]
    nouns = [row[0] for row in await team.pool.fetch("select * from fn.audit_nouns($1)", team.account_id)]
    assert nouns == ["member", "project", "project_key"]


async def test_it_is_for_admins(team: Team) -> None:
    for call in ("audit($1)", "audit_nouns($1)"):
        assert [await team.refused(who, call) for who in team.people] == [0, 0, 0, 403, 403]


async def test_it_is_kept_as_long_as_the_account_says(team: Team) -> None:
    for ago in ("29 days", "31 days", "364 days", "366 days"):
        await add_entry(team, "project.created", ago, ago)
    assert await team.pool.fetchval("call fn.run_by_account('{delete old audit}')") == 1
    assert await team.refused("admin", "update_account($1, 'Acme', 29)") == 422
    assert await team.refused("admin", "update_account($1, 'Acme', 3651)") == 422
    assert await team.refused("editor", "update_account($1, 'Acme', 30)") == 403
    assert await team.refused("admin", "update_account($1, 'Acme', 30)") == 0
    assert await team.pool.fetchval("call fn.run_by_account('{delete old audit}')") == 2
    assert await find_entries(team, "project") == ["29 days"]
    assert [what for _, what, _ in await team.audit_entries()][-1] == "account.audit_days_updated"


async def test_the_verbs_of_older_versions_are_reworded_and_back(team: Team) -> None:
    """A rollback gives the previous version the verbs that it looks for when it deletes a person."""
    verbs = {
        "account.audit_days_changed": "account.audit_days_updated", "account.handed_over": "account.transferred",
        "account.deletion_withdrawn": "account.deletion_cancelled", "key.created": "api_key.created",
        "key.revoked": "api_key.revoked", "export.removed": "export.deleted", "member.removed": "member.deleted",
        "member.address_changed": "member.address_updated", "member.role_changed": "member.role_updated",
        "project.changed": "project.updated", "widget.options_changed": "widget.options_updated",
        "recap_recipient.removed": "recap_recipient.deleted", "subscription.changed": "subscription.updated",
        "widget.deleted": "widget.deleted", "page.renamed": "page.renamed",
    }  # fmt: skip

    async def stored() -> list[str]:
        rows = await team.pool.fetch("select what from audit where about = 'x' order by at desc")
        return [row["what"] for row in rows]

    for n, verb in enumerate(verbs):
        await add_entry(team, verb, "x", f"{n + 1} hours")
    await team.pool.execute(MIGRATION.read_text())
    assert await stored() == list(verbs.values())
    await team.pool.execute(MIGRATION.with_suffix(".rollback.sql").read_text())
    assert await stored() == list(verbs)
