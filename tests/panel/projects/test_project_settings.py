"""Settings of a project: update, refuse, archive, unarchive."""

import json

import asyncpg
import pytest

from app.panel.projects import project_settings
from tests.support.browser import Browser

Pool = asyncpg.Pool
AT = "/projects/demo"


async def test_settings_are_changed_by_their_form(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get(f"{AT}/settings")
    form = {
        **owner.form(f"{AT}/settings"), "name": "Docs", "slug": "docs", "time_zone": "UTC", "origins": "https://docs.example/x",
        "keep": "days", "retention_days": "400", "aliases": "www.docs.example docs.example", "query": "some",
        "query_names": "page lang",
    }  # fmt: skip
    assert (await owner.post(f"{AT}/settings", form)).headers["Location"] == "/projects/docs/settings?saved=1"
    row = await pool.fetchrow(
        "select name, origins, retention_days, key_rules->'aliases' as aliases, key_rules->'query' as query"
        " from project where slug = 'docs'"
    )
    assert row
    assert (row["name"], row["origins"], row["retention_days"]) == ("Docs", ["https://docs.example"], 400)
    assert (row["aliases"], row["query"]) == ('{"www.docs.example": "docs.example"}', '["page", "lang"]')


@pytest.mark.parametrize("stored", ["{}", '{"www": true, "query": "keep", "aliases": {}}'])
async def test_the_audit_log_names_only_what_was_changed(
    owner: Browser, pool: "Pool[asyncpg.Record]", stored: str
) -> None:
    await pool.execute("update project set key_rules = $1::text::jsonb where slug = 'demo'", stored)
    count = await pool.fetchval("select count(*) from audit")
    await owner.get(f"{AT}/settings")
    zone = await pool.fetchval("select time_zone from project where slug = 'demo'")
    checked = dict.fromkeys(("trailing_slash", "index", "www"), "on")
    form = {**owner.form(f"{AT}/settings"), "time_zone": zone, "query": "keep", **checked}
    assert (await owner.post(f"{AT}/settings", form)).status_code == 303
    assert await pool.fetchval("select count(*) from audit") == count
    del form["www"]
    assert (await owner.post(f"{AT}/settings", form)).status_code == 303
    details = await pool.fetchval("select details::text from audit order by at desc limit 1")
    assert json.loads(details) == {"key_rules": {"from": json.loads(stored) or {}, "to": {"www": False}}}


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"name": ""}, 422), ({"slug": "Not a slug"}, 422), ({"aliases": "one"}, 422), ({"time_zone": "Mars"}, 422)],
)
async def test_refused_settings_are_shown_again(
    owner: Browser, pool: "Pool[asyncpg.Record]", changes: dict[str, str], status: int
) -> None:
    before = await pool.fetchrow("select * from project where slug = 'demo'")
    await owner.get(f"{AT}/settings")
    form = {**owner.form(f"{AT}/settings"), "time_zone": "UTC", **changes}
    assert (await owner.post(f"{AT}/settings", form)).status_code == status
    assert await pool.fetchrow("select * from project where slug = 'demo'") == before


async def test_settings_of_which_one_is_refused_are_not_changed_by_half(
    owner: Browser, pool: "Pool[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await pool.fetchrow("select * from project where slug = 'demo'")
    await owner.get(f"{AT}/settings")
    form = {**owner.form(f"{AT}/settings"), "time_zone": "UTC", "slug": "docs", "network_pages": "2000000"}
    monkeypatch.setattr(project_settings, "MOST_A_DAY", 3_000_000)  # so that the database refuses it
    assert (await owner.post(f"{AT}/settings", form)).status_code == 422
    assert await pool.fetchrow("select * from project where slug = 'demo'") == before


async def test_daily_limits_and_page_keys_are_shown_and_changed(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get(f"{AT}/settings")
    form = owner.form(f"{AT}/settings")
    assert (form["network_pages"], form["network_messages"], "free_keys" in form) == ("500", "300", False)
    form = {**form, "time_zone": "UTC", "network_pages": "40", "network_messages": "0", "free_keys": "on"}
    assert (await owner.post(f"{AT}/settings", form)).status_code == 303
    row = await pool.fetchrow("select network_pages, network_messages, free_keys from project where slug = 'demo'")
    assert tuple(row or ()) == (40, 0, True)
    await owner.get(f"{AT}/settings")
    assert owner.form(f"{AT}/settings").items() >= {"network_pages": "40", "free_keys": ""}.items()  # it is checked
    entries = await pool.fetch("select what, details from audit where details ? 'network_pages'")
    assert [entry["what"] for entry in entries] == ["project.updated"]
    for wrong in ("", "-1", "1000001", "1e3", "many", "٣", "99999999999"):
        response = await owner.post(f"{AT}/settings", {**form, "network_pages": wrong})
        assert response.status_code == 422
        assert "New pages a day from one network must be a number from 0 to 1,000,000." in owner.text


async def test_a_project_is_archived_and_unarchived(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    is_archived = "select archived_at is not null from project where slug = 'demo'"
    await owner.get(f"{AT}/settings")
    assert (await owner.post(f"{AT}/archive", {})).headers["Location"] == f"{AT}/settings"
    assert await pool.fetchval(is_archived) is True
    await owner.get(f"{AT}/settings")
    assert (await owner.post(f"{AT}/unarchive", {})).headers["Location"] == f"{AT}/settings"
    assert await pool.fetchval(is_archived) is False


async def test_a_viewer_reads_settings_and_changes_none(teammate: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("update member set role = 'viewer' where role <> 'owner'")
    await teammate.get(f"{AT}/settings")
    assert (await teammate.post(f"{AT}/archive", {})).status_code == 403


async def test_it_shows_when_counts_were_compared(
    owner: Browser, teammate: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    for each in (owner, teammate):
        await each.get("/projects/demo/settings")
        assert "Not compared with the responses yet" in each.text
    await pool.execute("call fn.reconcile()")
    for each in (owner, teammate):
        await each.get("/projects/demo/settings")
        assert "figures are right" in each.text
    await pool.execute("update tally set count = count + 1")
    await pool.execute("call fn.reconcile()")
    await owner.get("/projects/demo/settings")
    assert "figures differed and were corrected" in owner.text
    await pool.execute("update reconcile_result set error = 'no such thing'")
    await owner.get("/projects/demo/settings")
    assert "could not be completed" in owner.text
    assert "no such thing" not in owner.text
