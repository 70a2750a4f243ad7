"""The audit log's page."""

import re

import asyncpg
import pytest

from app.config import ROOT
from app.panel.accounts import audit_text
from tests.support.browser import Browser

Pool = asyncpg.Pool


async def fill(pool: "Pool[asyncpg.Record]", count: int = 120) -> None:
    await pool.execute("delete from audit")  # entries of loading the demo
    await pool.execute(
        """select fn.add_audit_entry(
            m.account_id, case when n % 2 = 0 then 'project.created' else 'api_key.revoked' end, 'No ' || n,
            jsonb_build_object('time_zone', 'UTC'), m.person_id, now() - n * interval '1 day'
        ) from generate_series(1, $1) as n, member as m where m.role = 'owner'""",
        count,
    )


async def test_it_is_filtered_and_paged(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("delete from audit")
    await owner.get("/audit")
    assert "No entries yet" in owner.text
    await fill(pool)
    await owner.get("/audit")
    assert "120 in total, page 1 of 3" in owner.text
    assert "Revoked the API key <strong" in owner.text
    assert re.search(r"Time zone: <b[^>]*>UTC</b>", owner.text)
    await owner.get("/audit?noun=project")
    assert "60 in total, page 1 of 2" in owner.text
    assert 'href="/audit?noun=project&page=2"' in owner.text
    response = await owner.get("/audit/entries?noun=project&q=No+118&since=&until=", **{"HX-Request": "true"})
    assert response.headers["HX-Replace-Url"] == "/audit?noun=project&q=No+118"
    assert "1 in total" in owner.text
    assert "<html" not in owner.text
    await owner.get("/audit?q=nothing")
    assert "No matching entries" in owner.text


async def test_days_are_whole_ones(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await fill(pool, 3)
    day = await pool.fetchval("select (at at time zone 'UTC')::date::text from audit where about = 'No 2'")
    await owner.get(f"/audit?since={day}&until={day}")
    assert "1 in total" in owner.text
    assert "No 2" in owner.text


async def test_it_accepts_every_query(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await fill(pool, 1)
    for query in (
        "since=9999-12-31&until=9999-12-31", "since=0001-01-01", "since=x&until=2026-13-40", "page=4000", "page=0",
        "noun=%25", "noun='&q=%00%27", "q=" + "a" * 5000,
    ):  # fmt: skip
        assert (await owner.get(f"/audit?{query}")).status_code == 200, query
        assert (await owner.get(f"/audit/entries?{query}")).status_code == 200, query


@pytest.mark.parametrize(
    ("action", "about", "details", "text"),
    [
        ("project.created", "Blog", {}, "Created the project Blog"),
        ("member.role_updated", "a@b.example", {"from": "viewer", "to": "admin"},
         "Changed the role of a@b.example from viewer to admin"),
        ("project.updated", "Blog", {"time_zone": {"from": "UTC", "to": "Asia/Tokyo"}},
         "Changed the settings of the project Blog; time zone: UTC → Asia/Tokyo"),
        ("project.updated", "Blog", {"origins": {"from": [], "to": ["https://a.example", "https://b.example"]}},
         "Changed the settings of the project Blog; allowed sites: none → https://a.example, https://b.example"),
        ("widget.options_updated", "Mood", {"from": [{"value": "a", "label": "A"}], "to": [
            {"value": "a", "label": "A", "retired": True}, {"value": "b", "label": "B", "icon": "🙂"}]},
         "Changed the options of the widget Mood; options: A → A (removed), 🙂 B"),
        ("subscription.paused", "Growth", {"months": 2}, "Subscription paused: Growth; months: 2"),
        ("export.downloaded", "Blog", {"kind": "responses", "format": "csv"},
         "Downloaded an export of Blog; kind: responses; format: csv"),
    ],
)  # fmt: skip
def test_an_entry_is_a_sentence(action: str, about: str, details: dict[str, object], text: str) -> None:
    words = "".join(words for words, _ in audit_text.sentence(action, about, details))
    parts = [
        f"{label}: " * bool(label) + (f"{before} → " if before is not None else "") + after
        for label, before, after in audit_text.changes(action, details)
    ]
    assert "; ".join([words, *parts]) == text


async def test_every_action_of_the_code_has_a_sentence() -> None:
    files = "".join(path.read_text() for path in (ROOT / "sql" / "functions").rglob("*.sql"))
    actions = set(re.findall(r"(?:entry|entries)\([^']*'([a-z_]+\.[a-z_]+)'", files))
    assert len(actions) > 40
    assert actions - set(audit_text.SENTENCES) == set()
